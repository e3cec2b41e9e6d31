//! Audit rows: who, what, when, from where, on what, with what result (A8). Ids and names only, never an answer or a key.

use aside_base::{AgentId, ConversationId, InvitationId, SessionId, SiteId, SubmissionId, Timestamp};

use crate::{Refusal, ViewId};

/// Who acts, as the vault knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// A desk, known by its certificate.
    Desk,
    /// A visitor's browser.
    Visitor,
    /// An agent's browser.
    Viewer,
    /// The vault itself: clocks, purging.
    Vault,
    /// Whoever runs the vault, at its own machine.
    Operator,
    /// Another program with a key of the vault's API (V7).
    ApiKey,
}

impl CallerKind {
    /// The kind's name, as stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Visitor => "visitor",
            Self::Viewer => "viewer",
            Self::Vault => "vault",
            Self::Operator => "operator",
            Self::ApiKey => "api_key",
        }
    }
}

/// Who acts and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The kind.
    pub kind: CallerKind,
    /// The desk's certificate name, or the operator's user; empty for the others, whose sessions and invitations say more.
    pub name: String,
    /// The network address, as text; empty for the vault itself.
    pub address: String,
}

impl Caller {
    /// The vault itself.
    #[must_use]
    pub const fn vault() -> Self {
        Self { kind: CallerKind::Vault, name: String::new(), address: String::new() }
    }
}

/// When something is asked, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// Server time.
    pub now: Timestamp,
    /// Who and from where.
    pub caller: Caller,
}

/// What was done or tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// A site's profile was set.
    SiteSet,
    /// A definition was published.
    DefinitionPublished,
    /// A session was started or offered enrolment again.
    SessionStarted,
    /// A browser became a session's viewer.
    ViewerEnrolled,
    /// A session was ended.
    SessionEnded,
    /// A conversation was closed.
    ConversationClosed,
    /// A form was sent.
    Invited,
    /// An `open` key was minted for a click.
    OpenMinted,
    /// An invitation was re-issued.
    Reissued,
    /// The visitor asked for a new link.
    Asked,
    /// The form was opened.
    Opened,
    /// The opened form was loaded (again) by its device.
    FormLoaded,
    /// Answers were submitted.
    Submitted,
    /// The visitor declined.
    Declined,
    /// The agent took the invitation back, or it was cancelled with its session or conversation.
    Cancelled,
    /// A clock ended.
    Expired,
    /// The desk asked for a `view` key.
    Granted,
    /// Answers were shown.
    Viewed,
    /// One masked answer was revealed.
    Revealed,
    /// One answer was copied to the clipboard.
    Copied,
    /// The desk asked for a `history` key.
    HistoryGranted,
    /// Stored answers of a closed conversation were shown.
    HistoryViewed,
    /// The right to view was taken from the session that sent the form.
    Revoked,
    /// A view was closed.
    ViewClosed,
    /// Answers that were in memory only were wiped (V3).
    OffTheRecordGone,
    /// A session was locked.
    SessionLocked,
    /// A session was unlocked.
    SessionUnlocked,
    /// What an agent may do was changed.
    RightsChanged,
    /// The site's secure forms were stopped.
    FormsStopped,
    /// The site's secure forms go on.
    FormsResumed,
    /// An agent set up a second factor.
    FactorAdded,
    /// An agent's second factors were deleted.
    FactorsReset,
    /// A second factor confirmed, or was refused.
    Confirmed,
    /// A site's first key was made.
    SiteKeyMade,
    /// A site has a newer key.
    SiteKeyRotated,
    /// Everything is being moved to the newest keys.
    RewrapStarted,
    /// Everything was moved to the newest keys, or what was not is counted.
    RewrapFinished,
    /// A site's key was sealed by another provider.
    SiteKeyMoved,
    /// A site's former key was deleted.
    SiteKeyRetired,
    /// The key provider was unsealed, or a passphrase was wrong.
    KeysUnsealed,
    /// The key provider cannot be used.
    KeysUnavailable,
    /// The key provider can be used again.
    KeysAvailable,
    /// Answers whose time was over were erased (V5).
    Erased,
    /// Everything of a conversation was erased on request (V8).
    ConversationErased,
    /// The desk asked for an `export` key.
    ExportGranted,
    /// An export was begun in the agent's browser.
    ExportOpened,
    /// What is stored of a conversation was handed out.
    Exported,
    /// Answers were read by their tokens (V7).
    Detokenised,
    /// A submission was described, without its answers (V7).
    Described,
    /// A key of the vault's API was made.
    ApiKeyMade,
    /// A key of the vault's API was revoked.
    ApiKeyRevoked,
    /// Used keys and acknowledged events were purged.
    Purged,
    /// Entries of the log whose time was over were taken away.
    AuditPruned,
    /// The space kept for authenticated acts was touched, or is free again.
    LowSpace,
}

impl Act {
    /// The act's name, as stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SiteSet => "site_set",
            Self::DefinitionPublished => "definition_published",
            Self::SessionStarted => "session_started",
            Self::ViewerEnrolled => "viewer_enrolled",
            Self::SessionEnded => "session_ended",
            Self::ConversationClosed => "conversation_closed",
            Self::Invited => "invited",
            Self::OpenMinted => "open_minted",
            Self::Reissued => "reissued",
            Self::Asked => "asked",
            Self::Opened => "opened",
            Self::FormLoaded => "form_loaded",
            Self::Submitted => "submitted",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Granted => "granted",
            Self::Viewed => "viewed",
            Self::Revealed => "revealed",
            Self::Copied => "copied",
            Self::HistoryGranted => "history_granted",
            Self::HistoryViewed => "history_viewed",
            Self::Revoked => "revoked",
            Self::ViewClosed => "view_closed",
            Self::OffTheRecordGone => "off_the_record_gone",
            Self::SessionLocked => "session_locked",
            Self::SessionUnlocked => "session_unlocked",
            Self::RightsChanged => "rights_changed",
            Self::FormsStopped => "forms_stopped",
            Self::FormsResumed => "forms_resumed",
            Self::FactorAdded => "factor_added",
            Self::FactorsReset => "factors_reset",
            Self::Confirmed => "confirmed",
            Self::SiteKeyMade => "site_key_made",
            Self::SiteKeyRotated => "site_key_rotated",
            Self::RewrapStarted => "rewrap_started",
            Self::RewrapFinished => "rewrap_finished",
            Self::SiteKeyMoved => "site_key_moved",
            Self::SiteKeyRetired => "site_key_retired",
            Self::KeysUnsealed => "keys_unsealed",
            Self::KeysUnavailable => "keys_unavailable",
            Self::KeysAvailable => "keys_available",
            Self::Erased => "erased",
            Self::ConversationErased => "conversation_erased",
            Self::ExportGranted => "export_granted",
            Self::ExportOpened => "export_opened",
            Self::Exported => "exported",
            Self::Detokenised => "detokenised",
            Self::Described => "described",
            Self::ApiKeyMade => "api_key_made",
            Self::ApiKeyRevoked => "api_key_revoked",
            Self::Purged => "purged",
            Self::AuditPruned => "audit_pruned",
            Self::LowSpace => "low_space",
        }
    }
}

/// With what result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused(Refusal),
}

impl Outcome {
    /// The result's name, as stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused(refusal) => refusal.as_str(),
        }
    }
}

/// On what: as many of these as apply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct On {
    /// The site.
    pub site: Option<SiteId>,
    /// The agent: whose rights or factors.
    pub agent: Option<AgentId>,
    /// The session.
    pub session: Option<SessionId>,
    /// The conversation.
    pub conversation: Option<ConversationId>,
    /// The invitation.
    pub invitation: Option<InvitationId>,
    /// The submission.
    pub submission: Option<SubmissionId>,
    /// The view.
    pub view: Option<ViewId>,
    /// What else names it: a definition's hash, a question's id, a reason.
    pub detail: Option<String>,
}

/// An audit row as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place; grows, without gaps in a committed log.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who: the caller's kind, name and address.
    pub caller: (String, String, String),
    /// What ([`Act::as_str`]).
    pub act: String,
    /// On what.
    pub on: On,
    /// With what result ([`Outcome::as_str`]).
    pub outcome: String,
    /// How often, where callers that nobody knows are counted together.
    pub count: Option<u64>,
}
