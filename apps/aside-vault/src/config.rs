//! The vault's configuration file.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use aside_base::{Origin, SiteId};
use aside_operate::{LEAST_RESERVE_MB, Log, Shipping, TlsFiles};
use serde::Deserialize;

use crate::keys::Keys;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) listen: Listen,
    pub(crate) data: Data,
    pub(crate) tls: TlsFiles,
    pub(crate) desks: Vec<Desk>,
    /// What seals the sites' keys.
    #[serde(default)]
    pub(crate) keys: Keys,
    #[serde(default)]
    pub(crate) limits: Limits,
    /// Where the audit chain's checkpoints go.
    #[serde(default)]
    pub(crate) audit: Shipping,
    #[serde(default)]
    pub(crate) log: Log,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listen {
    /// Where browsers come in.
    pub(crate) public: SocketAddr,
    /// Where desks come in.
    pub(crate) zone: SocketAddr,
    /// The origin by which browsers know the vault.
    pub(crate) origin: Origin,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    /// Where the database lies.
    pub(crate) folder: PathBuf,
    /// Where the key file lies; never within a backup of the database.
    pub(crate) key_folder: PathBuf,
    /// How many megabytes are kept for authenticated acts: 256 at least.
    #[serde(default = "least_reserve")]
    pub(crate) reserve_mb: u64,
    /// How many days the audit log is kept: 365 at least.
    #[serde(default = "audit_days")]
    pub(crate) audit_days: u32,
}

const fn least_reserve() -> u64 {
    LEAST_RESERVE_MB
}

const fn audit_days() -> u32 {
    400
}

/// A desk that may call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Desk {
    /// The DNS name in its certificate.
    pub(crate) name: String,
    /// The sites that are its own.
    pub(crate) sites: Vec<SiteId>,
    /// Where its agents work.
    pub(crate) desk_origin: Origin,
    /// Where its visitors chat.
    pub(crate) chat_origin: Origin,
    /// Whether stored answers may be read and taken along after the close (V6, V8).
    #[serde(default)]
    pub(crate) history: bool,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// POSTs a minute from one network.
    pub(crate) public_posts_per_minute: NonZeroU32,
    /// How long off-the-record answers live, 1 to 60 minutes (V3).
    pub(crate) off_the_record_minutes: u32,
    /// How many off-the-record answers there is room for at once, each of up to 64 bytes; a longer one counts as several.
    pub(crate) off_the_record_answers: usize,
    /// How long a `view` key lives, 1 to 60 seconds (S4).
    pub(crate) view_key_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            public_posts_per_minute: const { NonZeroU32::new(120).unwrap() },
            off_the_record_minutes: 10,
            off_the_record_answers: 65_536,
            view_key_seconds: 10,
        }
    }
}

impl Limits {
    /// What is out of range, in one line.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        if !(1..=60).contains(&self.off_the_record_minutes) {
            Some("limits.off_the_record_minutes must be 1 to 60")
        } else if !(1..=60).contains(&self.view_key_seconds) {
            Some("limits.view_key_seconds must be 1 to 60")
        } else {
            None
        }
    }
}
