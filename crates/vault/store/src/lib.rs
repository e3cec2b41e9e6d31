//! What the vault asks of its store: the verbs of the domain, each atomic. No transaction object escapes.
//!
//! Every verb reads the records, lets `aside-vault-domain` decide, and writes change, event and audit row in one
//! transaction: what is acknowledged is durable, and what was not audited did not happen. A store holds no clear answer and
//! no usable key: keys come as hashes, answers sealed.

mod api_keys;
mod chain;
mod command;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod found;
mod keeping;
mod key_ring;
mod off_the_record;
mod right_to_view;

use aside_base::{AgentId, ConversationId, DefinitionHash, InvitationId, KeyHash, SessionId, SiteId, Timestamp};
use aside_form::Published;
use aside_vault_domain::{AuditRow, Factors, Invitation, Lease, Occasion, SealedSiteKey, Session, ViewId};
use aside_wire::{AgentRights, CancelReason, EventPage, InvitationStatus, Invite, SiteProfile, StartSession};
use async_trait::async_trait;

pub use api_keys::{ApiKeys, TokenFound};
pub use chain::{AuditChain, ChainEntry, Overdue};
pub use command::{AddFactor, Confirm, MintKey, Open, RefusalCount, Reveal, Submit, ViewAnswers};
pub use error::{Error, Result};
pub use found::{
    Answers, Ended, Expired, Granted, InviteOutcome, KeyFound, LoadOutcome, OpenOutcome, Purged, RevealedAnswer,
    Started, SubmitOutcome,
};
pub use keeping::{Erased, GrantExport, Keeping, OpenExport, StoredForm};
pub use key_ring::KeyRing;
pub use off_the_record::OffTheRecordNotes;
pub use right_to_view::RightToView;

/// The vault's store. Refusals are [`Error::Refused`]; whatever names a thing of another site is *not valid*.
#[async_trait]
pub trait Store: AuditChain + KeyRing + OffTheRecordNotes + RightToView + Keeping + ApiKeys {
    // -- Sites, definitions, site keys ------------------------------------------------------------

    /// Sets the site's profile, whole.
    async fn put_site(&self, on: Occasion, site: SiteId, profile: SiteProfile) -> Result<()>;

    /// The site's profile.
    async fn site(&self, site: SiteId) -> Result<Option<SiteProfile>>;

    /// Keeps a checked definition. Immutable: a repeat changes nothing. The site must be known.
    async fn put_definition(&self, on: Occasion, site: SiteId, definition: Published) -> Result<()>;

    /// A definition of the site. It never changes, so callers may keep it.
    async fn definition(&self, site: SiteId, hash: DefinitionHash) -> Result<Option<Published>>;

    /// Keeps the site's first key, unless it has one: the first wins and is answered.
    async fn put_site_key(&self, on: Occasion, site: SiteId, key: SealedSiteKey) -> Result<SealedSiteKey>;

    /// The site's key of this version, or the newest.
    async fn site_key(&self, site: SiteId, version: Option<u32>) -> Result<Option<SealedSiteKey>>;

    /// Stops the site's secure forms, or lets them go on (A10; idempotent). Stopping cancels every invitation that awaits
    /// answers; while stopped nothing is sent.
    async fn switch_forms(&self, on: Occasion, site: SiteId, forms: bool) -> Result<Ended>;

    // -- Sessions ---------------------------------------------------------------------------------

    /// Starts the session, or finds it again (idempotent). `enrol`, the new key of enrolment, is not kept once a viewer is
    /// enrolled. A former unredeemed key is void. The rights count only for an agent that nothing is known of: changes come
    /// in their own order by [`Store::set_rights`], which a late start must not undo.
    async fn start_session(&self, on: Occasion, site: SiteId, start: StartSession, enrol: MintKey) -> Result<Started>;

    /// Consumes an `enrol` key: the browser whose cookie has the hash `viewer` is the session's viewer.
    async fn enrol(&self, on: Occasion, key: KeyHash, viewer: KeyHash) -> Result<Session>;

    /// Of these sessions, those that are unknown here or have ended.
    async fn ended_sessions(&self, site: SiteId, sessions: Vec<SessionId>) -> Result<Vec<SessionId>>;

    /// The session that this browser is enrolled for, also when it has ended.
    async fn session_of_viewer(&self, viewer: KeyHash) -> Result<Option<Session>>;

    /// Ends the session for good (idempotent, also for one never started): rights are lost, unsubmitted invitations
    /// cancelled, views closed.
    async fn end_session(&self, on: Occasion, site: SiteId, session: SessionId) -> Result<Ended>;

    /// Locks the session (A4; idempotent, also for one not started yet): its views close and its confirmation is void; until it
    /// is unlocked nothing is granted, viewed or revealed.
    async fn lock_session(&self, on: Occasion, site: SiteId, session: SessionId) -> Result<Ended>;

    /// Unlocks the session (idempotent).
    async fn unlock_session(&self, on: Occasion, site: SiteId, session: SessionId) -> Result<()>;

    /// Closes the session's views, and nothing else: its lease has lapsed.
    async fn close_views(&self, on: Occasion, session: SessionId) -> Result<Ended>;

    // -- Agents: rights and second factors --------------------------------------------------------

    /// Sets what the agent may do (A1; idempotent). Whatever is taken away closes the agent's views; without secure forms the
    /// agent's unsubmitted invitations are cancelled, and the rights to view lost for good.
    async fn set_rights(&self, on: Occasion, site: SiteId, agent: AgentId, rights: AgentRights) -> Result<Ended>;

    /// What the agent can confirm with, to verify a proof against. Only [`Store::confirm`] says whether it counts.
    async fn factors(&self, site: SiteId, agent: AgentId) -> Result<Factors>;

    /// Sets up a second factor of the agent whose session this browser is enrolled for. The first one freely, another one only
    /// after a confirmation of the last 300 s ([`aside_vault_domain::Refusal::Confirm`]).
    async fn add_factor(&self, on: Occasion, add: AddFactor) -> Result<()>;

    /// Confirms with a second factor; answers until when. Exactly one of any racers with the same code wins. A wrong code is
    /// counted and answered as [`aside_vault_domain::Refusal::WrongCode`] or
    /// [`aside_vault_domain::Refusal::FactorLocked`].
    async fn confirm(&self, on: Occasion, confirm: Confirm) -> Result<Timestamp>;

    /// Deletes the agent's second factors, with every confirmation by them (idempotent).
    async fn reset_factors(&self, on: Occasion, site: SiteId, agent: AgentId) -> Result<()>;

    // -- Invitations, asked by the desk -----------------------------------------------------------

    /// Step 1. Idempotent by the invitation's id; `link_key` counts only the first time and on link channels.
    /// Refused: no such session or definition (not valid), session ended, conversation closed, a clock out of range, forms
    /// stopped, an agent without the right or without a second factor.
    async fn invite(
        &self,
        on: Occasion,
        site: SiteId,
        invite: Invite,
        reference: aside_vault_domain::Reference,
        link_key: Option<KeyHash>,
    ) -> Result<InviteOutcome>;

    /// Step 2: a fresh `open` key for a click; answers when it ends.
    async fn mint_open(&self, on: Occasion, site: SiteId, invitation: InvitationId, key: KeyHash) -> Result<Timestamp>;

    /// S14: voids link, keys and binding; answers when the new `open` key ends.
    async fn reissue(&self, on: Occasion, site: SiteId, invitation: InvitationId, key: KeyHash) -> Result<Timestamp>;

    /// Takes the invitation back (idempotent). Refused once there are answers.
    async fn cancel(&self, on: Occasion, site: SiteId, invitation: InvitationId, reason: CancelReason) -> Result<()>;

    /// Step 6: a `view` key for the sending session, if its right stands.
    async fn grant(
        &self,
        on: Occasion,
        site: SiteId,
        invitation: InvitationId,
        session: SessionId,
        lease: Lease,
        key: MintKey,
    ) -> Result<Granted>;

    /// Closes the conversation for good (idempotent): unsubmitted invitations are cancelled, rights lost, views closed.
    async fn close_conversation(&self, on: Occasion, site: SiteId, conversation: ConversationId) -> Result<Ended>;

    /// The invitation's status as of `now`.
    async fn status(&self, site: SiteId, invitation: InvitationId, now: Timestamp) -> Result<InvitationStatus>;

    // -- The visitor ------------------------------------------------------------------------------

    /// Looks at an `open` key without using it: the link's page, and what to reserve before opening.
    async fn find_open_key(&self, key: KeyHash) -> Result<KeyFound>;

    /// Looks at a `submit` key without using it: whose form it is, before its body is read.
    async fn find_submit_key(&self, key: KeyHash) -> Result<KeyFound>;

    /// Looks at an invitation from its form's side: `None` unless this device is bound to it.
    async fn find_form(&self, invitation: InvitationId, device: KeyHash) -> Result<Option<Invitation>>;

    /// Step 2: consumes the `open` key and binds the device. Exactly one of any racers wins. Whatever else of the conversation
    /// the device has open is closed (S11).
    async fn open(&self, on: Occasion, open: Open) -> Result<OpenOutcome>;

    /// S14: notes that the visitor asks for a new link.
    async fn ask(&self, on: Occasion, key: KeyHash) -> Result<()>;

    /// Gives the bound device a fresh `submit` key, voiding the former. A form that opens once is closed for good instead when
    /// it was loaded before (S11).
    async fn load_form(
        &self,
        on: Occasion,
        invitation: InvitationId,
        device: KeyHash,
        submit: KeyHash,
    ) -> Result<LoadOutcome>;

    /// Whether a submission with this key may go on, before its body is looked at. Changes nothing.
    async fn check_submit(
        &self,
        invitation: InvitationId,
        key: KeyHash,
        device: Option<KeyHash>,
        now: Timestamp,
    ) -> Result<SubmitOutcome>;

    /// Steps 3 and 4: consumes the `submit` key and keeps the answers. Exactly one of any racers wins.
    async fn submit(&self, on: Occasion, submit: Submit) -> Result<SubmitOutcome>;

    /// The visitor declines, with the `submit` key (idempotent).
    async fn decline(
        &self,
        on: Occasion,
        invitation: InvitationId,
        key: KeyHash,
        device: Option<KeyHash>,
    ) -> Result<Invitation>;

    // -- The agent's browser ----------------------------------------------------------------------

    /// Step 7: consumes the `view` or `history` key in the enrolled browser and opens a view. Exactly one of any racers wins; a former
    /// open view of the same invitation is closed.
    async fn view(&self, on: Occasion, view: ViewAnswers) -> Result<Answers>;

    /// One answer for a reveal, after the right was checked again, with a confirmation of the last 300 s by a factor that is old
    /// enough ([`aside_vault_domain::View::latest_factor`]). No audit row, no answer.
    async fn reveal(&self, on: Occasion, reveal: Reveal) -> Result<RevealedAnswer>;

    /// Whether the view's right still stands; asked every few seconds, not audited.
    async fn check_view(&self, view: ViewId, viewer: KeyHash, lease: Lease) -> Result<()>;

    /// The agent is done (idempotent in its own browser).
    async fn finish_view(&self, on: Occasion, view: ViewId, viewer: KeyHash) -> Result<Ended>;

    // -- Events -----------------------------------------------------------------------------------

    /// Events after `after` of these sites, at most 500, with epoch and head.
    async fn events(&self, sites: Vec<SiteId>, after: i64) -> Result<EventPage>;

    /// The desk of these sites has applied all events up to `after`.
    async fn acknowledge_events(&self, sites: Vec<SiteId>, after: i64) -> Result<()>;

    /// Changes whenever an event was committed.
    fn events_committed(&self) -> tokio::sync::watch::Receiver<u64>;

    // -- Housekeeping -----------------------------------------------------------------------------

    /// Ends up to `limit` invitations whose clock has ended (S5). Answers them; fewer than `limit` means all are done.
    async fn expire_due(&self, now: Timestamp, limit: u32) -> Result<Vec<Expired>>;

    /// Deletes up to `limit` keys and `limit` acknowledged events that were done with 7 days ago.
    async fn purge(&self, now: Timestamp, limit: u32) -> Result<Purged>;

    /// Adds to the counted refusals of callers nobody knows: one row per kind, address prefix and minute.
    async fn count_refusals(&self, counts: Vec<RefusalCount>) -> Result<()>;

    /// Audit rows after `after`, at most `limit`.
    async fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>>;

    /// Whether the store can write, for readiness.
    async fn ready(&self) -> Result<()>;
}
