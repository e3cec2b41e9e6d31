//! What the desk owes the vault: revocations and changes that were promised in the transaction that decided them, and are
//! repeated until the vault has taken them. Errands about one subject keep their order.

use std::time::Duration;

use aside_base::{AgentId, ConversationId, InvitationId, SessionId, SiteId, Timestamp};
use aside_wire::{AgentRights, CancelReason};

/// One thing to tell the vault. Telling it twice does no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// The session's rights are gone for good.
    EndSession(SessionId),
    /// The conversation's rights are gone for good.
    CloseConversation(ConversationId),
    /// An invitation must not go on.
    CancelInvitation(InvitationId, CancelReason),
    /// The session's console is locked: its views close, and nothing is granted until it is unlocked.
    LockSession(SessionId),
    /// The session's console is unlocked.
    UnlockSession(SessionId),
    /// What an agent may do from now on.
    SetRights(AgentId, AgentRights),
    /// The agent's factors at the vault are gone.
    ResetFactors(AgentId),
    /// The site's secure forms are on, or stopped (A10).
    SwitchForms(bool),
    /// The site's face and settings changed.
    PublishSite,
    /// The right to view an invitation's answers is lost for good; unsubmitted it must not go on (S8).
    RevokeInvitation(InvitationId, CancelReason),
    /// What is kept of a conversation must be erased (V8). Done only once the vault has said so.
    EraseConversation(ConversationId),
}

/// An errand's number in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrandId(pub i64);

/// An errand that the vault has not taken yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingErrand {
    /// Its number.
    pub id: ErrandId,
    /// The site it is about.
    pub site: SiteId,
    /// What to tell.
    pub errand: Errand,
    /// How often it was tried.
    pub attempts: u32,
    /// When to try next.
    pub due_at: Timestamp,
}

/// How long to wait after the `attempts`th try failed: from a quarter of a second, doubling, to ten seconds. Short, because
/// a revocation that waits is a right that lives on; the lease bounds it at 30 s either way.
#[must_use]
pub const fn backoff(attempts: u32) -> Duration {
    let doublings = if attempts > 6 { 6 } else { attempts };
    let millis = 250_u64 << doublings;
    Duration::from_millis(if millis > 10_000 { 10_000 } else { millis })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_ten_seconds() {
        assert_eq!(backoff(0), Duration::from_millis(250));
        assert_eq!(backoff(1), Duration::from_millis(500));
        assert_eq!(backoff(5), Duration::from_secs(8));
        assert_eq!(backoff(6), Duration::from_secs(10));
        assert_eq!(backoff(u32::MAX), Duration::from_secs(10));
    }
}
