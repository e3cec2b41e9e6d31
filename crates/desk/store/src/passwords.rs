//! Passwords and the links that set them.

use aside_base::{AgentId, KeyHash, SessionId, SiteId, Timestamp};
use aside_desk_domain::{
    Agent, By, Link, LinkRefusal, LiveSession, PasswordHash, PasswordRefusal, PeopleRefusal, Where,
};
use async_trait::async_trait;

use crate::{Aftermath, StoreError, VerbError};

/// A change of one's own password.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    /// The session's site.
    pub site: SiteId,
    /// The session: ready, or at the stage `new_password`.
    pub session: SessionId,
    /// The hash that the present password fitted.
    pub current: PasswordHash,
    /// The new one.
    pub new: PasswordHash,
    /// The token that opens the session from now on.
    pub token: KeyHash,
    /// From where.
    pub from: Where,
    /// When.
    pub now: Timestamp,
}

/// What a password change brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordChanged {
    /// The session, at its next stage.
    pub live: LiveSession,
    /// The person's other sessions, which ended.
    pub aftermath: Aftermath,
}

/// Who a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkHolder {
    /// The account.
    pub agent: Agent,
    /// The link.
    pub link: Link,
}

/// Passwords.
#[async_trait]
pub trait Passwords: Send + Sync {
    /// The hashes of the present password and the former ones that the policy's history forbids, newest first.
    async fn former_passwords(&self, site: &SiteId, agent: AgentId) -> Result<Vec<PasswordHash>, StoreError>;

    /// Changes one's own password: the person's other sessions end. A forced change never counts as one too many.
    async fn change_password(&self, change: ChangePassword) -> Result<PasswordChanged, VerbError<PasswordRefusal>>;

    /// Makes the link by which a person sets a password; voids the former one. Not for a deactivated account.
    async fn issue_link(&self, site: &SiteId, link: Link, by: By) -> Result<(), VerbError<PeopleRefusal>>;

    /// Whose link `key` is, while it is good.
    async fn link_holder(&self, key: KeyHash, now: Timestamp) -> Result<Option<LinkHolder>, StoreError>;

    /// Uses a link up: sets the password, ends all sessions of the account, takes locks away; an invited or idle account
    /// becomes active.
    async fn use_link(
        &self,
        key: KeyHash,
        password: PasswordHash,
        from: Where,
        now: Timestamp,
    ) -> Result<Aftermath, VerbError<LinkRefusal>>;
}
