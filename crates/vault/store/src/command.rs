//! What the larger verbs take.

use aside_base::{InvitationId, KeyHash, SubmissionId, Timestamp};
use aside_vault_domain::{Lease, NewFactor, Proof, SealedSubmission, ViewId};

/// A key to keep: its hash, and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MintKey {
    /// The key's hash.
    pub hash: KeyHash,
    /// From when on it does nothing.
    pub expires_at: Timestamp,
}

/// Opens a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The `open` key.
    pub key: KeyHash,
    /// The device's cookie, known or just made; none where cookies do not stick.
    pub device: Option<KeyHash>,
    /// A `submit` key for the page, where the reply is the form itself.
    pub submit: Option<KeyHash>,
}

/// Submits answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submit {
    /// The invitation, as the address names it.
    pub invitation: InvitationId,
    /// The `submit` key.
    pub key: KeyHash,
    /// The device's cookie.
    pub device: Option<KeyHash>,
    /// The sealed answers.
    pub submission: SealedSubmission,
    /// When those of the answers go that are in memory only; none where there are none.
    pub gone_at: Option<Timestamp>,
}

/// Opens a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewAnswers {
    /// The `view` key.
    pub key: KeyHash,
    /// The submission, as the desk named it.
    pub submission: SubmissionId,
    /// The browser's viewer cookie.
    pub viewer: KeyHash,
    /// The lease of the session that [`crate::Store::session_of_viewer`] names.
    pub lease: Lease,
    /// The new view's name.
    pub view: ViewId,
}

/// Reveals one answer of an open view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reveal {
    /// The view.
    pub view: ViewId,
    /// The browser's viewer cookie.
    pub viewer: KeyHash,
    /// The session's lease.
    pub lease: Lease,
    /// The question's id.
    pub question: String,
}

/// Sets up a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddFactor {
    /// The browser's viewer cookie.
    pub viewer: KeyHash,
    /// The session's lease.
    pub lease: Lease,
    /// The factor, which was seen to work.
    pub factor: NewFactor,
}

/// Confirms with a second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// The browser's viewer cookie.
    pub viewer: KeyHash,
    /// The session's lease.
    pub lease: Lease,
    /// The view that something is to be revealed in; none where a factor is to be added.
    pub view: Option<ViewId>,
    /// What was shown.
    pub proof: Proof,
}

/// Refusals of one kind from one neighbourhood in one minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalCount {
    /// What was refused, such as `open:used`.
    pub kind: String,
    /// The address prefix (/24 or /56).
    pub prefix: String,
    /// Minutes since the Unix epoch.
    pub minute: i64,
    /// How many.
    pub count: u32,
}
