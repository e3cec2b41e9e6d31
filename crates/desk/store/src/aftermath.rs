//! What open consoles must hear of a change, beside what its verb answers.

use aside_base::{AgentId, SessionId, SiteId};
use aside_desk_domain::{EndReason, Entry};

/// A session that was ended just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedSession {
    /// Its site.
    pub site: SiteId,
    /// Its id.
    pub session: SessionId,
    /// Why.
    pub reason: EndReason,
}

/// A session that was locked just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedSession {
    /// Its site.
    pub site: SiteId,
    /// Its id.
    pub session: SessionId,
}

/// What followed from a change, in its transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// Sessions that ended.
    pub ended: Vec<EndedSession>,
    /// Sessions that were locked.
    pub locked: Vec<LockedSession>,
    /// People whose permissions or login stage changed.
    pub rights: Vec<AgentId>,
    /// Entries that were written.
    pub entries: Vec<Entry>,
    /// What the site's secure forms became, where they changed.
    pub forms_on: Option<bool>,
}
