//! What the verbs answer.

use aside_base::{InvitationId, SiteId, SubmissionId, Timestamp};
use aside_vault_domain::{Invitation, Otk, SealedAnswer, SealedDataKey, Session, Usable, View, ViewId};

/// What inviting came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteOutcome {
    /// The invitation, as it was first sent.
    pub invitation: Invitation,
    /// Whether the link's key was kept: not on a repeat, whose caller must not hand out a dead key.
    pub link_key_kept: bool,
}

/// What starting a session came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// Whether the new key of enrolment was kept: not once a viewer is enrolled.
    pub enrol_kept: bool,
    /// Whether the agent has a second factor here.
    pub factor: bool,
}

/// What the desk may have for viewing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granted {
    /// The submission.
    pub submission: SubmissionId,
    /// When the `view` key ends.
    pub expires_at: Timestamp,
}

/// A key, with the invitation it belongs to. Says nothing yet about whether it may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFound {
    /// The key's record.
    pub otk: Otk,
    /// Its invitation.
    pub invitation: Invitation,
}

/// What opening came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenOutcome {
    /// The key was consumed now; `submit`, if given, is live until the submit limit ends.
    Now {
        /// The form.
        invitation: Invitation,
        /// Other forms that this device had open in the conversation: they are closed now, their reserved room is free.
        closed: Vec<InvitationId>,
    },
    /// This device used the key before: send it to its form.
    Before(Invitation),
}

/// What loading an opened form came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadOutcome {
    /// An empty form, whose `submit` key is live.
    Loaded(Invitation),
    /// It opens once and was loaded before: it is closed for good now, its reserved room is free.
    Closed(Invitation),
}

/// What submitting came to, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitOutcome {
    /// The first: kept, or free to go on.
    First(Invitation),
    /// The repeat of one that was kept.
    AlreadySent(Invitation),
}

/// What ended with a session, a conversation or a view: what is in memory for it must go too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    /// Views that closed now.
    pub views: Vec<ViewId>,
    /// Invitations that were cancelled now: their reserved room is free.
    pub cancelled: Vec<InvitationId>,
    /// Submissions that nobody can view any more: their off-the-record answers are to be wiped.
    pub submissions: Vec<SubmissionId>,
    /// Whether stored answers were erased: the log is to be cut.
    pub erased: bool,
}

/// An invitation whose clock ended: its reserved room is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// The site.
    pub site: SiteId,
    /// The invitation.
    pub invitation: InvitationId,
}

/// The sealed answers of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The view, open now.
    pub view: View,
    /// Views of the same invitation that this one closed.
    pub closed: Vec<ViewId>,
    /// The invitation.
    pub invitation: Invitation,
    /// The session that looks: whose name stands in the watermark, with its agent's rights and its last confirmation.
    pub session: Session,
    /// Which of the agent's second factors may confirm for this form.
    pub usable: Usable,
    /// The keys of the answers that are left.
    pub data_keys: Vec<SealedDataKey>,
    /// The answers, in the form's order.
    pub answers: Vec<SealedAnswer>,
    /// When they were submitted.
    pub submitted_at: Timestamp,
}

/// One sealed answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealedAnswer {
    /// The invitation.
    pub invitation: Invitation,
    /// The submission.
    pub submission: SubmissionId,
    /// The key of the answer; none when it is off the record or was erased.
    pub data_key: Option<SealedDataKey>,
    /// The answer.
    pub answer: SealedAnswer,
}

/// What was purged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// One-time keys.
    pub keys: u64,
    /// Events.
    pub events: u64,
}
