//! The sites and agents of one house: made by the desk's own commands, with random passwords kept in one 0600 file.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use aside_base::{Rng, SiteId};
use serde::{Deserialize, Serialize};

use super::HouseError;
use super::folders::write_private;
use super::program::run_once;

/// A site as the house makes it.
#[derive(Debug, Clone)]
pub struct SitePlan {
    /// Its short name.
    pub site: SiteId,
    /// Its brand, for people.
    pub brand: &'static str,
    /// Who answers there: account name and the name that visitors see.
    pub agents: &'static [(&'static str, &'static str)],
    /// S5's clocks, where they are not the defaults.
    pub clocks: Option<aside_wire::Clocks>,
}

/// An agent's account with the password that only this house knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// The site.
    pub site: SiteId,
    /// The account name.
    pub name: String,
    /// The name that visitors see.
    pub display_name: String,
    /// The password, in clear: this is a house for one machine, and somebody has to be able to log in.
    pub password: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct AccountsFile {
    #[serde(default)]
    agents: Vec<Account>,
}

/// Makes what is missing of `sites` and their agents in the desk's database, before it serves.
///
/// A password is written to `file` before its account is made, so that no account ever has a password nobody knows.
///
/// # Errors
/// When the file cannot be read or written, or the desk's command refuses.
pub(super) async fn accounts(
    file: &Path,
    desk: &Path,
    config: &Path,
    sites: &[SitePlan],
    origin_of: impl Fn(&SiteId) -> String,
    rng: &dyn Rng,
) -> Result<Vec<Account>, HouseError> {
    let mut kept = read(file)?;
    let mut accounts = Vec::new();
    for plan in sites {
        for (name, display_name) in plan.agents {
            let known = kept.entry((plan.site.clone(), (*name).to_owned())).or_insert_with(|| Account {
                site: plan.site.clone(),
                name: (*name).to_owned(),
                display_name: (*display_name).to_owned(),
                password: password(rng),
            });
            accounts.push(known.clone());
        }
    }
    let text = toml::to_string(&AccountsFile { agents: kept.into_values().collect() })
        .map_err(|error| HouseError::files(file, io::Error::other(error)))?;
    write_private(file, &text).map_err(|error| HouseError::files(file, error))?;

    for plan in sites {
        let origin = origin_of(&plan.site);
        let (privacy, contact) = (format!("{origin}/#privacy"), format!("{origin}/#contact"));
        let mut arguments = vec!["site", "create", plan.site.as_str(), "--brand", plan.brand, "--origin", &origin];
        arguments.extend(["--privacy-url", &privacy, "--contact-url", &contact]);
        let clocks = plan.clocks.map(|clocks| {
            [clocks.invitation_life, clocks.open_limit, clocks.submit_limit].map(|seconds| seconds.to_string())
        });
        if let Some([life, open, submit]) = &clocks {
            arguments.extend(["--invitation-life", life, "--open-limit", open, "--submit-limit", submit]);
        }
        run_once("aside-desk site create", desk, &arguments, config, "").await?;
    }
    for account in &accounts {
        let arguments = [
            "agent",
            "create",
            "--site",
            account.site.as_str(),
            "--name",
            &account.name,
            "--display-name",
            &account.display_name,
        ];
        run_once("aside-desk agent create", desk, &arguments, config, &format!("{}\n", account.password)).await?;
    }
    Ok(accounts)
}

fn read(file: &Path) -> Result<BTreeMap<(SiteId, String), Account>, HouseError> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        other => other.map_err(|error| HouseError::files(file, error))?,
    };
    let kept: AccountsFile = toml::from_str(&text)
        .map_err(|error| HouseError::files(file, io::Error::new(io::ErrorKind::InvalidData, error)))?;
    Ok(kept.agents.into_iter().map(|account| ((account.site.clone(), account.name.clone()), account)).collect())
}

/// Four groups of four: 80 bits, easy to type from another window, with letters and digits as the password policy asks
/// (A2). No 0, 1, l or o, which look alike.
fn password(rng: &dyn Rng) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    loop {
        let picked: Vec<char> =
            rng.bytes::<16>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        let has_both = picked.iter().any(char::is_ascii_digit) && picked.iter().any(char::is_ascii_lowercase);
        if has_both {
            return picked.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-");
        }
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn a_password_is_four_groups_with_letters_and_digits() {
        let rng = SeededRng::new(1);
        let passwords: Vec<String> = (0..200).map(|_| password(&rng)).collect();
        for text in &passwords {
            assert_eq!(text.len(), 19, "{text}");
            assert!(
                text.chars().any(|c| c.is_ascii_digit()) && text.chars().any(|c| c.is_ascii_alphabetic()),
                "{text}"
            );
            assert!(!text.contains(['0', '1', 'l', 'o']), "{text}");
        }
        let mut unique = passwords.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), passwords.len());
    }
}
