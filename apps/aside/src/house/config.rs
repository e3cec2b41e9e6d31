//! The configuration files of the two programs, written anew at each start from what the house is asked to be.

use std::io;
use std::path::PathBuf;

use aside_base::SiteId;
use serde::Serialize;

use super::authority::{Certificates, DESK_NAME};
use super::folders::{Folders, write_private};
use super::ports::{Ports, local};

/// Limits that the house may set apart from the programs' defaults.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Public POSTs that one address prefix may make at the vault in a minute.
    pub public_posts_per_minute: u32,
    /// Logins that one address prefix may try at the desk in a minute.
    pub logins_per_minute: u32,
    /// Messages that one visitor or agent may send in a minute.
    pub messages_per_minute: u32,
    /// Seconds that a `view` OTK lives.
    pub view_key_seconds: u32,
    /// Minutes that an off-the-record answer lives.
    pub off_the_record_minutes: u32,
}

impl Default for Limits {
    /// The programs' own defaults.
    fn default() -> Self {
        Self {
            public_posts_per_minute: 120,
            logins_per_minute: 20,
            messages_per_minute: 120,
            view_key_seconds: 10,
            off_the_record_minutes: 10,
        }
    }
}

/// The web origins of one house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins {
    /// The agents' workspace.
    pub desk: String,
    /// The visitors' widget.
    pub chat: String,
    /// Form page and viewer.
    pub vault: String,
}

impl Origins {
    /// Four sites to a browser: `*.localhost` names resolve to this machine, and share no cookie.
    #[must_use]
    pub fn of(ports: &Ports) -> Self {
        Self {
            desk: format!("http://desk.localhost:{}", ports.desk),
            chat: format!("http://chat.localhost:{}", ports.desk),
            vault: format!("http://vault.localhost:{}", ports.vault),
        }
    }

    /// Where the sample site of `site` stands.
    #[must_use]
    pub fn of_brand(ports: &Ports, site: &SiteId) -> String {
        format!("http://{site}.localhost:{}", ports.brand)
    }
}

/// The two written files.
#[derive(Debug, Clone)]
pub(super) struct ConfigFiles {
    /// For `aside-desk --config`.
    pub desk: PathBuf,
    /// For `aside-vault --config`.
    pub vault: PathBuf,
}

/// Writes both files.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn write(
    folders: &Folders,
    certificates: &Certificates,
    ports: &Ports,
    sites: &[SiteId],
    limits: &Limits,
) -> io::Result<ConfigFiles> {
    let origins = Origins::of(ports);
    let desk = DeskFile {
        listen: DeskListen {
            public: local(ports.desk).to_string(),
            desk_origin: &origins.desk,
            chat_origin: &origins.chat,
        },
        data: DeskData { folder: folders.desk(), key_folder: folders.desk_key() },
        vault: VaultLink { address: local(ports.zone).to_string(), public_origin: &origins.vault },
        tls: Tls {
            ca: certificates.authority.clone(),
            certificate: certificates.desk.certificate.clone(),
            key: certificates.desk.key.clone(),
        },
        audit: Shipping { checkpoint_file: folders.checkpoints().join("desk.jsonl") },
        limits: DeskLimits {
            logins_per_minute: limits.logins_per_minute,
            messages_per_minute: limits.messages_per_minute,
        },
    };
    let vault = VaultFile {
        listen: VaultListen {
            public: local(ports.vault).to_string(),
            zone: local(ports.zone).to_string(),
            origin: &origins.vault,
        },
        data: VaultData { folder: folders.vault(), key_folder: folders.vault_key() },
        tls: Tls {
            ca: certificates.authority.clone(),
            certificate: certificates.vault.certificate.clone(),
            key: certificates.vault.key.clone(),
        },
        audit: Shipping { checkpoint_file: folders.checkpoints().join("vault.jsonl") },
        limits: VaultLimits {
            public_posts_per_minute: limits.public_posts_per_minute,
            off_the_record_minutes: limits.off_the_record_minutes,
            view_key_seconds: limits.view_key_seconds,
        },
        desks: vec![KnownDesk {
            name: DESK_NAME,
            sites,
            desk_origin: &origins.desk,
            chat_origin: &origins.chat,
            history: true,
        }],
    };
    let files = ConfigFiles { desk: folders.file("desk.toml"), vault: folders.file("vault.toml") };
    write_private(&files.desk, &to_toml(&desk)?)?;
    write_private(&files.vault, &to_toml(&vault)?)?;
    Ok(files)
}

fn to_toml(file: &impl Serialize) -> io::Result<String> {
    // A path that is not UTF-8 is the one thing that a TOML file cannot say.
    toml::to_string(file).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
}

#[derive(Serialize)]
struct DeskFile<'a> {
    listen: DeskListen<'a>,
    data: DeskData,
    vault: VaultLink<'a>,
    tls: Tls,
    audit: Shipping,
    limits: DeskLimits,
}

#[derive(Serialize)]
struct DeskListen<'a> {
    public: String,
    desk_origin: &'a str,
    chat_origin: &'a str,
}

#[derive(Serialize)]
struct DeskData {
    folder: PathBuf,
    key_folder: PathBuf,
}

#[derive(Serialize)]
struct VaultLink<'a> {
    address: String,
    public_origin: &'a str,
}

#[derive(Serialize)]
struct Tls {
    ca: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

#[derive(Serialize)]
struct Shipping {
    checkpoint_file: PathBuf,
}

#[derive(Serialize)]
struct DeskLimits {
    logins_per_minute: u32,
    messages_per_minute: u32,
}

#[derive(Serialize)]
struct VaultFile<'a> {
    listen: VaultListen<'a>,
    data: VaultData,
    tls: Tls,
    audit: Shipping,
    limits: VaultLimits,
    desks: Vec<KnownDesk<'a>>,
}

#[derive(Serialize)]
struct VaultListen<'a> {
    public: String,
    zone: String,
    origin: &'a str,
}

#[derive(Serialize)]
struct VaultData {
    folder: PathBuf,
    key_folder: PathBuf,
}

#[derive(Serialize)]
struct VaultLimits {
    public_posts_per_minute: u32,
    off_the_record_minutes: u32,
    view_key_seconds: u32,
}

#[derive(Serialize)]
struct KnownDesk<'a> {
    name: &'a str,
    sites: &'a [SiteId],
    desk_origin: &'a str,
    chat_origin: &'a str,
    history: bool,
}
