//! How long answers are kept, how they are erased, and how somebody takes them along (V5, V8).

use aside_base::{ConversationId, KeyHash, SessionId, SiteId, SubmissionId, Timestamp};
use aside_vault_domain::{Invitation, Lease, Occasion, SealedAnswer, SealedDataKey, Session, Usable, ViewId};
use aside_wire::KeepingReport;
use async_trait::async_trait;

use crate::{Ended, MintKey, Result};

/// What one batch erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many parts of submissions.
    pub parts: u32,
    /// Views that showed some of it, and closed now.
    pub views: Vec<ViewId>,
}

/// Asks for an `export` key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantExport {
    /// The session that asks.
    pub session: SessionId,
    /// Its lease.
    pub lease: Lease,
    /// What is to be exported.
    pub conversations: Vec<ConversationId>,
    /// Which case it belongs to.
    pub reference: Option<String>,
    /// The key.
    pub key: MintKey,
}

/// An export that is open in an agent's browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenExport {
    /// The session, with its agent's rights and its last confirmation.
    pub session: Session,
    /// What is to be exported.
    pub conversations: Vec<ConversationId>,
    /// Which case it belongs to.
    pub reference: Option<String>,
    /// How many forms were answered in them.
    pub forms: u32,
    /// When a factor must have been set up at the latest to confirm it.
    pub latest_factor: Timestamp,
    /// Which of the agent's second factors may.
    pub usable: Usable,
    /// Until when it is open.
    pub until: Timestamp,
}

/// One form that was answered, as it is handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredForm {
    /// The invitation.
    pub invitation: Invitation,
    /// The submission.
    pub submission: SubmissionId,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The keys of the answers that are left.
    pub data_keys: Vec<SealedDataKey>,
    /// The answers, in the form's order.
    pub answers: Vec<SealedAnswer>,
}

/// The verbs.
#[async_trait]
pub trait Keeping: Send + Sync {
    /// Erases at most `limit` parts whose time is over at `now` by what they were submitted under, or by their site's profile
    /// of now, which may be shorter. Data keys and sealed answers are deleted, tokens stay as markers. Fewer parts than
    /// `limit`: nothing more is due.
    async fn erase_due(&self, now: Timestamp, limit: u32) -> Result<Erased>;

    /// Erases everything of the conversation, for good, and closes it (V8; idempotent, also before anything was sent).
    async fn erase_conversation(&self, on: Occasion, site: SiteId, conversation: ConversationId) -> Result<Ended>;

    /// How the site's stored answers stand at `now`; the time of the last purge is the caller's to add.
    async fn keeping_report(&self, site: SiteId, now: Timestamp) -> Result<KeepingReport>;

    /// Moves the database's log into it and cuts it to nothing: what was erased is in neither file any more.
    async fn cut_log(&self) -> Result<()>;

    /// An `export` key, if the session has the right.
    async fn grant_export(&self, on: Occasion, site: SiteId, grant: GrantExport) -> Result<Timestamp>;

    /// Consumes an `export` key in the session's enrolled browser: the export is open there for ten minutes. Exactly one of any
    /// racers wins; a former open export of the session is void.
    async fn open_export(&self, on: Occasion, key: KeyHash, viewer: KeyHash, lease: Lease) -> Result<OpenExport>;

    /// The export that is open in this browser, after the right was checked again. Changes nothing.
    async fn find_export(&self, viewer: KeyHash, lease: Lease, now: Timestamp) -> Result<OpenExport>;

    /// Hands out what the open export names, after a confirmation of the last 300 s by a factor that is old enough. No
    /// audit rows, no answers.
    async fn export(&self, on: Occasion, viewer: KeyHash, lease: Lease) -> Result<(OpenExport, Vec<StoredForm>)>;
}
