//! Logins. A session is found by its token's hash; the token itself is never kept.

use aside_base::{KeyHash, SessionId, SiteId, Timestamp};
use aside_desk_domain::{EndReason, LiveSession, Session, Where};
use async_trait::async_trait;

use crate::StoreError;

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

/// Sessions.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Starts a session that `token` opens; audits the login.
    async fn start_session(&self, session: Session, token: KeyHash, from: Where) -> Result<(), StoreError>;

    /// The live session that `token` opens, with its agent. One that ended, or is too old at `now`, is not found.
    async fn session_by_token(&self, token: KeyHash, now: Timestamp) -> Result<Option<LiveSession>, StoreError>;

    /// All sessions that are live at `now`, with their agents: what the lease at the vault is renewed for (V4), and what a
    /// session that the vault missed is started there with.
    async fn live_sessions(&self, now: Timestamp) -> Result<Vec<LiveSession>, StoreError>;

    /// Ends a session for good: its rights, its unconfirmed invitations, with the errand to the vault and the audit row
    /// in the same transaction. False when it had ended before or never was.
    async fn end_session(
        &self,
        site: &SiteId,
        session: SessionId,
        reason: EndReason,
        from: Where,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Ends every session that is too old at `now`, each as [`Sessions::end_session`] does.
    async fn end_old_sessions(&self, now: Timestamp) -> Result<Vec<EndedSession>, StoreError>;
}
