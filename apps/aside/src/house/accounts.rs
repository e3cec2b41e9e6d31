//! The sites and people of one house: made by the desk's own commands, with random first passwords.

use std::path::Path;

use aside_base::{Rng, SiteId};

use super::account::{Account, Book, Role, Secrets};
use super::folders::Folders;
use super::program::run_once;
use super::{HouseError, PEOPLE};

/// A site as the house makes it.
#[derive(Debug, Clone)]
pub struct SitePlan {
    /// Its short name.
    pub site: SiteId,
    /// Its brand, for people.
    pub brand: &'static str,
    /// Who works there: role, account name and the name that visitors see.
    pub people: &'static [(Role, &'static str, &'static str)],
    /// S5's clocks, where they are not the defaults.
    pub clocks: Option<aside_wire::Clocks>,
}

/// Makes what is missing of `sites` and their people in the desk's database, before it serves.
///
/// A password is written down before its account is made, so that no account ever has a password nobody knows.
///
/// # Errors
/// When the file of accounts cannot be read or written, or the desk's command refuses.
pub(super) async fn accounts(
    folders: &Folders,
    desk: &Path,
    config: &Path,
    sites: &[SitePlan],
    origin_of: impl Fn(&SiteId) -> String,
    rng: &dyn Rng,
) -> Result<Vec<Account>, HouseError> {
    let file = folders.file(PEOPLE);
    let files = |error| HouseError::files(&file, error);
    let book = Book::open(&file).map_err(files)?;
    // Without its database the desk knows nobody, whatever the file says.
    let database = folders.desk().join("desk.sqlite").exists();
    let mut accounts = Vec::new();
    for plan in sites {
        let mut site_is_made = false;
        for (role, name, display_name) in plan.people {
            let fresh = || password(rng, &[name, plan.site.as_str()]);
            let account = book.account(&plan.site, *role, name, display_name, fresh).map_err(files)?;
            let mut secrets = account.secrets().await;
            if secrets.settled && database {
                // Signed in before: the account is there. Nothing is to be asked of the desk, nothing hashed.
                drop(secrets);
                accounts.push(account);
                continue;
            }
            if !database {
                *secrets = Secrets::first(secrets.password.clone());
                account.keep(&secrets).map_err(files)?;
            }
            if !site_is_made {
                create_site(desk, config, plan, &origin_of(&plan.site)).await?;
                site_is_made = true;
            }
            create_person(desk, config, &account, &secrets.password).await?;
            drop(secrets);
            accounts.push(account);
        }
    }
    Ok(accounts)
}

async fn create_site(desk: &Path, config: &Path, plan: &SitePlan, origin: &str) -> Result<(), HouseError> {
    let (privacy, contact) = (format!("{origin}/#privacy"), format!("{origin}/#contact"));
    let mut arguments = vec!["site", "create", plan.site.as_str(), "--brand", plan.brand, "--origin", origin];
    arguments.extend(["--privacy-url", &privacy, "--contact-url", &contact]);
    let clocks = plan.clocks.map(|clocks| {
        [clocks.invitation_life, clocks.open_limit, clocks.submit_limit].map(|seconds| seconds.to_string())
    });
    if let Some([life, open, submit]) = &clocks {
        arguments.extend(["--invitation-life", life, "--open-limit", open, "--submit-limit", submit]);
    }
    Ok(run_once("aside-desk site create", desk, &arguments, config, "").await?)
}

async fn create_person(desk: &Path, config: &Path, account: &Account, password: &str) -> Result<(), HouseError> {
    let site = account.site.as_str();
    let arguments = [
        account.role.as_str(),
        "create",
        "--site",
        site,
        "--name",
        &account.name,
        "--display-name",
        &account.display_name,
    ];
    let command = match account.role {
        Role::Agent => "aside-desk agent create",
        Role::Manager => "aside-desk manager create",
        Role::Admin => "aside-desk admin create",
    };
    Ok(run_once(command, desk, &arguments, config, &format!("{password}\n")).await?)
}

/// Four groups of four: 80 bits, easy to type from another window, with letters and digits as the password policy asks
/// (A2), and without the names that it may not hold. No 0, 1, l or o, which look alike.
pub(crate) fn password(rng: &dyn Rng, names: &[&str]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    loop {
        let picked: Vec<char> =
            rng.bytes::<16>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        let bare: String = picked.iter().collect();
        let has_both = picked.iter().any(char::is_ascii_digit) && picked.iter().any(char::is_ascii_lowercase);
        if has_both && !names.iter().any(|name| bare.contains(name)) {
            return picked.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-");
        }
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn a_password_is_four_groups_with_letters_and_digits_and_no_name() {
        let rng = SeededRng::new(1);
        let passwords: Vec<String> = (0..200).map(|_| password(&rng, &["a"])).collect();
        for text in &passwords {
            assert_eq!(text.len(), 19, "{text}");
            assert!(
                text.chars().any(|c| c.is_ascii_digit()) && text.chars().any(|c| c.is_ascii_alphabetic()),
                "{text}"
            );
            assert!(!text.contains(['0', '1', 'l', 'o', 'a']), "{text}");
        }
        let mut unique = passwords.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), passwords.len());
    }
}
