//! The record of a one-time key: what it was made for, and whether it was used (S4).

use aside_base::{InvitationId, KeyHash, Purpose, SessionId, SiteId, Timestamp};

/// A one-time key as a store keeps it. The key itself is never kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Otk {
    /// Its hash, and its name.
    pub hash: KeyHash,
    /// What it is for.
    pub purpose: Purpose,
    /// The site it belongs to.
    pub site: SiteId,
    /// The invitation it belongs to; none for `enrol`.
    pub invitation: Option<InvitationId>,
    /// The session it belongs to; for `view` and `enrol`.
    pub session: Option<SessionId>,
    /// From when on it does nothing.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}
