//! Invitations on their way to the vault and in the conversation.
//!
//! Sending takes two verbs with a call to the vault between them. [`Invitations::begin_invitation`] names it; nobody sees
//! it. [`Invitations::confirm_invitation`] shows it, once the vault has taken it. Whoever finds the vault silent leaves it:
//! the agent's client may repeat with the same id, and what stays unconfirmed is given up by the repair, which tells the
//! vault too. What the agent was told had failed is so never sent later behind its back.

use aside_base::{InvitationId, SiteId, Timestamp, VisitorId};
use aside_desk_domain::{AskRefusal, BeginRefusal, ConfirmRefusal, Conversation, Draft, Entry, Invitation, Where};
use async_trait::async_trait;

use crate::{StoreError, VerbError};

/// What [`Invitations::begin_invitation`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is prepared (now, or by an earlier try): tell the vault exactly this, then confirm.
    Prepared(Draft),
    /// It is in the conversation already: here is its entry.
    Shown(Entry),
}

/// An invitation with the conversation it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The invitation.
    pub invitation: Invitation,
    /// Its conversation.
    pub conversation: Conversation,
}

/// Invitations.
#[async_trait]
pub trait Invitations: Send + Sync {
    /// Prepares an invitation. A repeat by the same session in the same conversation finds what stands.
    async fn begin_invitation(&self, draft: Draft) -> Result<Begun, VerbError<BeginRefusal>>;

    /// Shows a prepared invitation with what the vault answered: the agent joins or owns the conversation, the entry is
    /// written, the send audited. Idempotent.
    ///
    /// When it can no longer be shown (the conversation closed, the session ended, it was given up), it is given up and
    /// the errand that cancels it at the vault is written, in the transaction that refuses.
    async fn confirm_invitation(
        &self,
        site: &SiteId,
        invitation: InvitationId,
        reference: String,
        expires_at: Timestamp,
        from: Where,
        now: Timestamp,
    ) -> Result<Entry, VerbError<ConfirmRefusal>>;

    /// Gives up a prepared invitation, because the vault refused it or nobody confirmed it; audited, with the errand that
    /// cancels it at the vault. One that is shown stays. False when there was nothing to give up.
    async fn give_up_invitation(
        &self,
        site: &SiteId,
        invitation: InvitationId,
        because: &'static str,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Invitations that were begun before `before` and neither confirmed nor given up: a crash lies between, or a vault
    /// that was down. The repair gives them up; `before` must lie further back than the vault's calls may take.
    async fn unconfirmed_invitations(&self, before: Timestamp) -> Result<Vec<Draft>, StoreError>;

    /// An invitation of a site, as it stands, with its conversation. One that is not shown is not found.
    async fn invitation(&self, site: &SiteId, invitation: InvitationId) -> Result<Option<Placed>, StoreError>;

    /// The same for a visitor: only its own.
    async fn visitor_invitation(
        &self,
        site: &SiteId,
        visitor: VisitorId,
        invitation: InvitationId,
    ) -> Result<Option<Placed>, StoreError>;

    /// The visitor's client shows the invitation. The new status entry, or nothing when it has gone further already or is
    /// not this visitor's.
    async fn mark_received(
        &self,
        site: &SiteId,
        visitor: VisitorId,
        invitation: InvitationId,
        now: Timestamp,
    ) -> Result<Option<Entry>, StoreError>;

    /// The visitor asks for a new form. The entry, or nothing when it is asked already.
    async fn ask(
        &self,
        site: &SiteId,
        visitor: VisitorId,
        invitation: InvitationId,
        now: Timestamp,
    ) -> Result<Option<Entry>, VerbError<AskRefusal>>;
}
