//! Second factors of accounts at the desk. Using one is [`crate::Sessions::pass_factor`]; here they come and go.

use aside_base::{AgentId, KeyHash, SessionId, SiteId};
use aside_desk_domain::{
    By, FactorName, FactorRefusal, Factors, LiveSession, PasskeyRecord, PeopleRefusal, TotpRecord,
};
use async_trait::async_trait;

use crate::{Aftermath, StoreError, VerbError};

/// A factor to keep.
#[derive(Debug, Clone)]
pub enum NewFactor {
    /// A code app, which replaces the former one. `last_step` is that of the code that confirmed it.
    Totp(TotpRecord),
    /// A passkey.
    Passkey(PasskeyRecord),
}

/// A factor that a person sets up.
#[derive(Debug, Clone)]
pub struct SetUpFactor {
    /// The session's site.
    pub site: SiteId,
    /// The session: ready, or at the stage `set_up_factor`.
    pub session: SessionId,
    /// What to keep.
    pub factor: NewFactor,
    /// Hashes of recovery codes, kept only where the account has none yet.
    pub recovery: Vec<KeyHash>,
    /// The token that opens the session from now on.
    pub token: KeyHash,
    /// Who, from where, when.
    pub by: By,
}

/// What setting up a factor brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorSet {
    /// The session, at its next stage.
    pub live: LiveSession,
    /// Whether the recovery codes were kept: only then may they be shown.
    pub recovery_kept: bool,
}

/// Factors.
#[async_trait]
pub trait FactorRecords: Send + Sync {
    /// An account's factors.
    async fn factors(&self, site: &SiteId, agent: AgentId) -> Result<Factors, StoreError>;

    /// Keeps a new factor; the session goes on to its next stage.
    async fn set_up_factor(&self, set_up: SetUpFactor) -> Result<FactorSet, VerbError<FactorRefusal>>;

    /// Removes one of the person's own factors, and with the last one the recovery codes.
    async fn remove_factor(
        &self,
        site: &SiteId,
        agent: AgentId,
        factor: FactorName,
        by: By,
    ) -> Result<(), VerbError<FactorRefusal>>;

    /// Replaces the recovery codes of an account that has a factor.
    async fn renew_recovery_codes(
        &self,
        site: &SiteId,
        agent: AgentId,
        codes: Vec<KeyHash>,
        by: By,
    ) -> Result<(), VerbError<FactorRefusal>>;

    /// Removes all factors of a person, here and by errand at the vault, and ends the person's sessions.
    async fn reset_factors(&self, site: &SiteId, agent: AgentId, by: By)
    -> Result<Aftermath, VerbError<PeopleRefusal>>;
}
