//! The desk's configuration file, and what is opened by it.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use aside_base::Origin;
use aside_desk_store_sqlite::SqliteStore;
use aside_operate::{Loaded, StartError, TlsFiles, load};
use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) listen: Listen,
    pub(crate) data: Data,
    pub(crate) vault: Vault,
    pub(crate) tls: Tls,
    #[serde(default)]
    pub(crate) limits: Limits,
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
}

/// Where the vault is: for the desk, and for browsers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vault {
    pub(crate) address: String,
    pub(crate) public_origin: Origin,
}

/// The zone link's certificates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    ca: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
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

/// What is logged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Log {
    pub(crate) level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned() }
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

impl Tls {
    pub(crate) fn files(loaded: &Loaded<Config>) -> TlsFiles {
        let tls = &loaded.config.tls;
        TlsFiles { ca: loaded.path(&tls.ca), certificate: loaded.path(&tls.certificate), key: loaded.path(&tls.key) }
    }
}

/// Opens the database in the configured folder, which is made where it is missing.
pub(crate) fn open_store(loaded: &Loaded<Config>) -> Result<SqliteStore, StartError> {
    let folder = loaded.path(&loaded.config.data.folder);
    std::fs::create_dir_all(&folder)
        .map_err(|error| StartError(format!("data.folder {} cannot be made: {error}", folder.display())))?;
    SqliteStore::open(&folder.join("desk.sqlite")).map_err(StartError::new)
}
