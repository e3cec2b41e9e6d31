//! Logins: their stages, lock and end. A session is found by its token's hash; the token itself is never kept.

use aside_base::{AgentId, KeyHash, SessionId, SiteId, Timestamp};
use aside_desk_domain::{
    By, EndReason, FactorProof, LiveSession, PasswordHash, Session, SignInRefusal, StepRefusal, Where,
};
use async_trait::async_trait;

use crate::{Aftermath, Charge, StoreError, VerbError};

/// A login whose password was right.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The session's id.
    pub session: SessionId,
    /// Whose.
    pub agent: AgentId,
    /// The account's site.
    pub site: SiteId,
    /// The hash that the password fitted: a sign-in ends when it is another one by now.
    pub password: PasswordHash,
    /// The hash to keep from now on, where its cost changed.
    pub rehashed: Option<PasswordHash>,
    /// The token that opens it.
    pub token: KeyHash,
    /// The try to refund.
    pub charge: Charge,
    /// A new device cookie, for a browser that has none of this account.
    pub device: Option<KeyHash>,
    /// From where.
    pub from: Where,
    /// When.
    pub now: Timestamp,
}

/// A second factor shown at sign-in.
#[derive(Debug, Clone)]
pub struct PassFactor {
    /// The session's site.
    pub site: SiteId,
    /// The session, in the stage `second_factor`.
    pub session: SessionId,
    /// What was shown.
    pub proof: FactorProof,
    /// The token that opens it from now on.
    pub token: KeyHash,
    /// From where.
    pub from: Where,
    /// When.
    pub now: Timestamp,
}

/// What takes a lock away: the password that was checked, with a code where the person chose so, or a passkey.
#[derive(Debug, Clone)]
pub struct Unlock {
    /// The session's site.
    pub site: SiteId,
    /// The locked session.
    pub session: SessionId,
    /// The try to refund, where the password was shown.
    pub charge: Option<Charge>,
    /// The factor that was shown. Without a password it must be a passkey; a code or recovery code is none by itself.
    pub proof: Option<FactorProof>,
    /// The token that opens it from now on.
    pub token: KeyHash,
    /// From where.
    pub from: Where,
    /// When.
    pub now: Timestamp,
}

/// Sessions.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Signs an account in: the session in the stage its account needs, the try refunded, a device remembered, the account
    /// seen; audited as a login. Refuses when the account was turned off or got another password meanwhile.
    async fn sign_in(&self, sign_in: SignIn) -> Result<LiveSession, VerbError<SignInRefusal>>;

    /// The live session that `token` opens, in any stage, locked or not, with its agent and what the agent may do. One that
    /// ended, or is too old at `now`, is not found. One indexed query: every request asks it.
    async fn session_by_token(&self, token: KeyHash, now: Timestamp) -> Result<Option<LiveSession>, StoreError>;

    /// The same by its id: a feed outlives the token it was opened with.
    async fn live_session(
        &self,
        site: &SiteId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<Option<LiveSession>, StoreError>;

    /// All ready sessions that are live at `now`, locked or not: what the lease at the vault is renewed for (V4), and what a
    /// session that the vault missed is started there with.
    async fn live_sessions(&self, now: Timestamp) -> Result<Vec<LiveSession>, StoreError>;

    /// The live sessions of a person, newest first.
    async fn sessions_of(&self, site: &SiteId, agent: AgentId, now: Timestamp) -> Result<Vec<Session>, StoreError>;

    /// A second factor was right: it is used up, wrong tries are forgotten, the session goes on to its next stage under
    /// another token.
    async fn pass_factor(&self, pass: PassFactor) -> Result<LiveSession, VerbError<StepRefusal>>;

    /// Notes that the person gave input now. Does nothing for a session that is locked, or should be.
    async fn note_input(&self, site: &SiteId, session: SessionId, now: Timestamp) -> Result<(), StoreError>;

    /// Locks a ready session, with the errand to the vault; false when it is locked or over.
    async fn lock_session(&self, site: &SiteId, session: SessionId, by: By) -> Result<bool, StoreError>;

    /// Takes the lock away, under another token, with the errand to the vault.
    async fn unlock_session(&self, unlock: Unlock) -> Result<LiveSession, VerbError<StepRefusal>>;

    /// Ends a session for good: its rights, its unconfirmed invitations, with the errand to the vault and the audit row
    /// in the same transaction. False when it had ended before or never was.
    async fn end_session(
        &self,
        site: &SiteId,
        session: SessionId,
        reason: EndReason,
        by: By,
    ) -> Result<bool, StoreError>;

    /// Does what time alone does at `now`: ends sessions that are too old, were locked too long or never finished, and locks
    /// those without input. Cheap while nothing is due: every second asks it.
    async fn sweep_sessions(&self, now: Timestamp) -> Result<Aftermath, StoreError>;
}
