//! The vault's audit chain as the desk mirrors it (A8). Entries of other desks' sites cross as hashes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    /// Its number.
    pub sequence: i64,
    /// Its hash, in hex.
    pub hash: String,
    /// What it says, byte for byte as it was hashed; none where it is another desk's to see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The hash of what it says, in hex, where that is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

/// Some entries, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditPage {
    /// Which chain.
    pub chain: String,
    /// The entries.
    pub entries: Vec<AuditEntry>,
}

/// How far the chain has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditState {
    /// Which chain.
    pub chain: String,
    /// The place before the first entry that is kept.
    pub after_sequence: i64,
    /// Its hash, in hex.
    pub after_hash: String,
    /// The last entry.
    pub last_sequence: i64,
    /// Its hash, in hex.
    pub last_hash: String,
    /// The newest checkpoint, as one line of JSON; none before the first.
    #[serde(default)]
    pub checkpoint: Option<String>,
    /// The vault found its own chain whole when it last looked.
    pub whole: bool,
    /// The space reserved for authenticated acts is touched.
    pub low_space: bool,
}

/// Which entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// After this number.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}
