//! The right to view as it ends, and as history has it: taken away, left for good, granted after the close, copied from.

use aside_base::{InvitationId, KeyHash, SiteId};
use aside_vault_domain::{Invitation, Lease, Left, Occasion};
use aside_wire::{CancelReason, HistoryRequest};
use async_trait::async_trait;

use crate::{Ended, Granted, MintKey, Result, Reveal};

/// The verbs.
#[async_trait]
pub trait RightToView: Send + Sync {
    /// Takes the right to view from the session that sent the form, for good (S8; idempotent): its views close; what awaits
    /// answers is cancelled.
    async fn revoke(&self, on: Occasion, site: SiteId, invitation: InvitationId, reason: CancelReason)
    -> Result<Ended>;

    /// The visitor leaves the form, with the `submit` key (S11; idempotent). One that opens once is closed for good.
    async fn leave_form(
        &self,
        on: Occasion,
        invitation: InvitationId,
        key: KeyHash,
        device: Option<KeyHash>,
    ) -> Result<(Invitation, Left)>;

    /// A `history` key (V6), if the session has the right and the conversation is closed.
    async fn grant_history(
        &self,
        on: Occasion,
        site: SiteId,
        invitation: InvitationId,
        request: HistoryRequest,
        lease: Lease,
        key: MintKey,
    ) -> Result<Granted>;

    /// Records that one answer of an open view goes to the clipboard, after the right was checked. No audit row, no copy.
    async fn copy(&self, on: Occasion, copied: Reveal) -> Result<()>;
}
