//! The people of one house: who they are, and what they have to sign in with. Kept in one 0600 file, so that somebody can
//! play them: this is a house for one machine.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use aside_base::SiteId;
use serde::{Deserialize, Serialize};
use tokio::sync::MutexGuard;

use super::code_app::CodeApp;
use super::folders::write_private;

/// What somebody is at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers visitors.
    Agent,
    /// Leads agents.
    Manager,
    /// Decides who may do what.
    Admin,
}

impl Role {
    /// The role's name, and that of the desk's command that makes one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }
}

/// What somebody signs in with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// The password.
    pub password: String,
    /// A password on its way to the desk: kept before it is sent, so that none is ever in force that nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_password: Option<String>,
    /// The code app for signing in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk_code: Option<CodeApp>,
    /// The code app for confirming at the vault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault_code: Option<CodeApp>,
    /// Whether all that the site's policy asks for is set up.
    #[serde(default)]
    pub settled: bool,
}

impl Secrets {
    /// Those of an account that is to be made.
    #[must_use]
    pub const fn first(password: String) -> Self {
        Self { password, next_password: None, desk_code: None, vault_code: None, settled: false }
    }
}

/// One person. Clones share what the person signs in with.
#[derive(Debug, Clone)]
pub struct Account {
    /// The site.
    pub site: SiteId,
    /// What the person is.
    pub role: Role,
    /// The account name.
    pub name: String,
    /// The name that people see.
    pub display_name: String,
    secrets: Arc<tokio::sync::Mutex<Secrets>>,
    book: Option<Arc<Book>>,
}

impl Account {
    /// What the person signs in with, held: one sign-in of a person at a time.
    pub async fn secrets(&self) -> MutexGuard<'_, Secrets> {
        self.secrets.lock().await
    }

    /// Keeps `secrets`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(&self, secrets: &Secrets) -> io::Result<()> {
        let Some(book) = &self.book else { return Ok(()) };
        book.write(Entry {
            site: self.site.clone(),
            role: self.role,
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            secrets: secrets.clone(),
        })
    }

    /// Somebody who tries this name with another password. What such a one learns is not kept.
    #[must_use]
    pub fn with_password(&self, password: &str) -> Self {
        let secrets = Arc::new(tokio::sync::Mutex::new(Secrets::first(password.to_owned())));
        Self { secrets, book: None, ..self.clone() }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    site: SiteId,
    role: Role,
    name: String,
    display_name: String,
    #[serde(flatten)]
    secrets: Secrets,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Page {
    #[serde(default)]
    people: Vec<Entry>,
}

/// The file of all accounts of a house.
#[derive(Debug)]
pub(super) struct Book {
    file: PathBuf,
    entries: Mutex<BTreeMap<(SiteId, String), Entry>>,
}

impl Book {
    /// Reads the file, or begins an empty one.
    pub(super) fn open(file: &Path) -> io::Result<Arc<Self>> {
        let page: Page = match fs::read_to_string(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Page::default(),
            other => toml::from_str(&other?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?,
        };
        let entries = page.people.into_iter().map(|entry| ((entry.site.clone(), entry.name.clone()), entry)).collect();
        Ok(Arc::new(Self { file: file.to_owned(), entries: Mutex::new(entries) }))
    }

    /// The account of this name, or a new one, whose first password is `password`.
    pub(super) fn account(
        self: &Arc<Self>,
        site: &SiteId,
        role: Role,
        name: &str,
        display_name: &str,
        password: impl FnOnce() -> String,
    ) -> io::Result<Account> {
        let known = {
            let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.get(&(site.clone(), name.to_owned())).map(|entry| entry.secrets.clone())
        };
        let secrets = known.unwrap_or_else(|| Secrets::first(password()));
        let account = Account {
            site: site.clone(),
            role,
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            secrets: Arc::new(tokio::sync::Mutex::new(secrets.clone())),
            book: Some(Arc::clone(self)),
        };
        account.keep(&secrets)?;
        Ok(account)
    }

    fn write(&self, entry: Entry) -> io::Result<()> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert((entry.site.clone(), entry.name.clone()), entry);
        let text = toml::to_string(&Page { people: entries.values().cloned().collect() }).map_err(io::Error::other)?;
        write_private(&self.file, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_somebody_signs_in_with_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.toml");
        let site: SiteId = "northwind".parse().unwrap();
        let open = || {
            let book = Book::open(&file).unwrap();
            book.account(&site, Role::Admin, "robin", "Robin", || "first".to_owned()).unwrap()
        };
        let robin = open();
        let mut secrets = robin.secrets().await;
        assert!(!secrets.settled);
        secrets.password = "second".to_owned();
        secrets.desk_code = CodeApp::try_from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned()).ok();
        secrets.settled = true;
        robin.keep(&secrets).unwrap();

        let again = open();
        let again = again.secrets().await;
        assert_eq!((again.password.as_str(), again.settled), ("second", true));
        assert_eq!(again.desk_code.as_ref().map(CodeApp::text), secrets.desk_code.as_ref().map(CodeApp::text));
    }

    #[tokio::test]
    async fn what_a_stranger_tries_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.toml");
        let site: SiteId = "northwind".parse().unwrap();
        let book = Book::open(&file).unwrap();
        let dana = book.account(&site, Role::Agent, "dana", "Dana", || "first".to_owned()).unwrap();
        let stranger = dana.with_password("guess");
        stranger.keep(&*stranger.secrets().await).unwrap();
        assert!(!fs::read_to_string(&file).unwrap().contains("guess"));
        assert_eq!(dana.secrets().await.password, "first");
    }
}
