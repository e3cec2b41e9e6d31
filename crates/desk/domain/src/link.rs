//! Links by which a person sets a password: at an invitation and when it was forgotten. Known by the hash of their key, good
//! once and for a day; a new one voids the former.

use std::time::Duration;

use aside_base::{AgentId, KeyHash, Timestamp};

/// How long a link is good.
pub const LINK_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// A link that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// For whom.
    pub agent: AgentId,
    /// Its key's hash.
    pub key: KeyHash,
    /// Until when.
    pub ends_at: Timestamp,
}

/// Why a link sets no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// It was used, voided, is too old or never was.
    #[error("the link is not good any more")]
    Gone,
}
