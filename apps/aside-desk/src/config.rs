//! The desk's configuration file, and what is opened by it.

use std::fs::{DirBuilder, File};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use aside_base::Origin;
use aside_desk_store_sqlite::SqliteStore;
use aside_operate::{LEAST_RESERVE_MB, Loaded, Log, Shipping, StartError, TlsFiles, load};
use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) listen: Listen,
    pub(crate) data: Data,
    pub(crate) vault: Vault,
    pub(crate) tls: TlsFiles,
    #[serde(default)]
    pub(crate) limits: Limits,
    /// Where the audit chain's checkpoints go.
    #[serde(default)]
    pub(crate) audit: Shipping,
    #[serde(default)]
    pub(crate) log: Log,
}

/// Where the desk listens, and what browsers call it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listen {
    pub(crate) public: SocketAddr,
    pub(crate) desk_origin: Origin,
    pub(crate) chat_origin: Origin,
}

/// Where the desk keeps its database.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    pub(crate) folder: PathBuf,
    /// Where the local key lies; never within a backup of the database.
    pub(crate) key_folder: PathBuf,
    /// How many megabytes are kept for authenticated acts: 256 at least.
    #[serde(default = "least_reserve")]
    pub(crate) reserve_mb: u64,
}

const fn least_reserve() -> u64 {
    LEAST_RESERVE_MB
}

/// Where the vault is: for the desk, and for browsers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vault {
    pub(crate) address: String,
    pub(crate) public_origin: Origin,
}

/// Rate limits, for one network each.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    pub(crate) logins_per_minute: NonZeroU32,
    pub(crate) messages_per_minute: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        const LOGINS: NonZeroU32 = NonZeroU32::new(20).unwrap();
        const MESSAGES: NonZeroU32 = NonZeroU32::new(120).unwrap();
        Self { logins_per_minute: LOGINS, messages_per_minute: MESSAGES }
    }
}

/// Reads the file and holds its parts against each other.
pub(crate) fn read(file: &Path) -> Result<Loaded<Config>, StartError> {
    let loaded: Loaded<Config> = load(file)?;
    let (listen, vault) = (&loaded.config.listen, &loaded.config.vault);
    let hosts = [
        ("listen.desk_origin", &listen.desk_origin),
        ("listen.chat_origin", &listen.chat_origin),
        ("vault.public_origin", &vault.public_origin),
    ];
    for (place, (name, origin)) in hosts.iter().enumerate() {
        for (other_name, other) in &hosts[..place] {
            if host_of(origin) == host_of(other) {
                // Cookies do not know ports: two zones on one host name would share them.
                return Err(StartError(format!("{name} and {other_name} must be on different host names")));
            }
        }
    }
    Ok(loaded)
}

fn host_of(origin: &Origin) -> &str {
    let authority = origin.authority();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Takes the data folder for a desk that serves, until what this answers is dropped: two desks on one database would each
/// tell only their own feeds, and run every errand twice.
pub(crate) fn take_folder(loaded: &Loaded<Config>) -> Result<File, StartError> {
    aside_operate::take_folder(&folder(loaded)?, "aside-desk")
}

/// Opens the database in the configured folder, which is made where it is missing.
pub(crate) fn open_store(loaded: &Loaded<Config>) -> Result<SqliteStore, StartError> {
    SqliteStore::open(&folder(loaded)?.join("desk.sqlite")).map_err(StartError::new)
}

fn folder(loaded: &Loaded<Config>) -> Result<PathBuf, StartError> {
    let folder = loaded.path(&loaded.config.data.folder);
    // Transcripts are nobody else's business.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(|error| StartError(format!("data.folder {} cannot be made: {error}", folder.display())))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [listen]
        public = "127.0.0.1:0"
        desk_origin = "http://desk.localhost:8080"
        chat_origin = "http://chat.localhost:8080"
        [data]
        folder = "desk"
        key_folder = "desk-key"
        [vault]
        address = "127.0.0.1:8083"
        public_origin = "http://vault.localhost:8081"
        [tls]
        ca = "ca.pem"
        certificate = "desk.pem"
        key = "desk-key.pem"
    "#;

    fn written(text: &str) -> (tempfile::TempDir, Result<Loaded<Config>, StartError>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("desk.toml");
        std::fs::write(&file, text).unwrap();
        let loaded = read(&file);
        (folder, loaded)
    }

    #[test]
    fn limits_and_log_have_defaults_and_paths_start_at_the_files_folder() {
        let (folder, loaded) = written(GOOD);
        let loaded = loaded.unwrap();
        assert_eq!((loaded.config.limits.logins_per_minute.get(), loaded.config.log.level.as_str()), (20, "info"));
        assert_eq!(loaded.config.tls.beside(&loaded).ca, folder.path().join("ca.pem"));
    }

    #[test]
    fn zones_that_would_share_cookies_are_refused() {
        let (_folder, loaded) = written(&GOOD.replace("chat.localhost:8080", "desk.localhost:9090"));
        let error = loaded.map(|_| ()).unwrap_err().to_string();
        assert_eq!(error, "listen.chat_origin and listen.desk_origin must be on different host names");
        let (_folder, loaded) = written(&GOOD.replace("vault.localhost:8081", "desk.localhost:8081"));
        assert!(loaded.is_err());
    }

    #[test]
    fn a_limit_of_zero_and_an_unknown_key_are_refused() {
        let (_folder, loaded) = written(&format!("{GOOD}\n[limits]\nlogins_per_minute = 0"));
        assert!(loaded.map(|_| ()).unwrap_err().to_string().contains("limits.logins_per_minute"));
        let (_folder, loaded) = written(&format!("{GOOD}\n[limits]\nlogins = 5"));
        assert!(loaded.map(|_| ()).unwrap_err().to_string().contains("unknown field"));
    }

    #[test]
    fn the_data_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, loaded) = written(GOOD);
        let loaded = loaded.unwrap();
        let _store = open_store(&loaded).unwrap();
        let data = loaded.path(&loaded.config.data.folder);
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&data), mode(&data.join("desk.sqlite"))), (0o700, 0o600));
    }

    #[test]
    fn a_second_desk_on_the_same_data_is_refused() {
        let (_folder, loaded) = written(GOOD);
        let loaded = loaded.unwrap();
        let first = take_folder(&loaded).unwrap();
        let error = take_folder(&loaded).map(|_| ()).unwrap_err().to_string();
        assert!(error.ends_with("another aside-desk serves it; stop that one first"), "{error}");
        drop(first);
        assert!(take_folder(&loaded).is_ok());
    }
}
