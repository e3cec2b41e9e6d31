//! An invitation: one form sent once in one conversation, from the agent's click until it ends.
//!
//! It is prepared first (the desk names it), then told to the vault, then shown. Until the vault has taken it nobody sees
//! it, so a crash in between leaves nothing in the conversation that the vault does not know.

use aside_base::{ConversationId, DefinitionHash, InvitationId, SessionId, SiteId, SubmissionId, Timestamp};
use aside_wire::{CancelReason, Channel, Clocks, EraseReason, GoneReason, Invite, Reopen};

use crate::{AgentRef, ConversationStatus, Status, Timeline};

/// An invitation that the desk has named and the vault may not know yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id, also at the vault.
    pub id: InvitationId,
    /// The site.
    pub site: SiteId,
    /// Where it will stand.
    pub conversation: ConversationId,
    /// Who sends it.
    pub agent: AgentRef,
    /// The session that sends it, the only one that may view its answers (S8).
    pub session: SessionId,
    /// Which form: the version stays the one it was sent with (F1).
    pub definition: DefinitionHash,
    /// The form's title, for the conversation.
    pub title: String,
    /// The form's description, for the conversation.
    pub description: Option<String>,
    /// How it reaches the visitor.
    pub channel: Channel,
    /// Its clocks.
    pub clocks: Clocks,
    /// The page's language, a BCP 47 tag.
    pub locale: String,
    /// What closing the form means (S11).
    pub reopen: Reopen,
    /// When the agent clicked.
    pub begun_at: Timestamp,
}

impl Draft {
    /// What the vault is told; the same each time, so that a repeat finds the same invitation there.
    #[must_use]
    pub fn to_invite(&self) -> Invite {
        Invite {
            invitation: self.id,
            conversation: self.conversation,
            session: self.session,
            agent_name: self.agent.display_name.clone(),
            definition: self.definition.clone(),
            channel: self.channel,
            clocks: self.clocks,
            locale: self.locale.clone(),
            reopen: self.reopen,
        }
    }
}

/// An invitation that stands in its conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What was sent, by whom, where.
    pub draft: Draft,
    /// Four characters that stand both here and on the form page (P6).
    pub reference: String,
    /// Until when the visitor may act: click, and once it was opened, answer.
    pub expires_at: Timestamp,
    /// What has become of it.
    pub status: Status,
    /// When each status was reached.
    pub timeline: Timeline,
    /// The answers' name, once there are some. A name, never a credential.
    pub submission: Option<SubmissionId>,
    /// When the visitor asked for a new one, until the agent re-issues (S14).
    pub asked_at: Option<Timestamp>,
    /// Why it was cancelled, where it was and the vault said.
    pub reason: Option<CancelReason>,
    /// Why nobody may view its answers any more while the conversation goes on.
    pub lost: Option<Lost>,
    /// Why its answers off the record are gone, where they are.
    pub gone: Option<GoneReason>,
    /// Why its stored answers were erased, where some were.
    pub erased: Option<EraseReason>,
}

/// Why the right to view an invitation's answers is lost for good (S8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lost {
    /// The conversation was handed on.
    Transferred,
    /// The session that sent it ended.
    SessionEnded,
}

impl Invitation {
    /// The invitation's id.
    #[must_use]
    pub const fn id(&self) -> InvitationId {
        self.draft.id
    }

    /// Since when its status holds.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.timeline.at(self.status).unwrap_or(self.timeline.sent)
    }
}

/// How far an invitation has come at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Named; the vault's answer is not in yet. Not shown.
    Preparing,
    /// It stands in the conversation.
    Shown(Status),
    /// Given up before it was shown, for good.
    GivenUp,
}

/// Why an invitation cannot be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BeginRefusal {
    /// No such conversation on this site.
    #[error("no such conversation")]
    NotFound,
    /// The conversation was closed.
    #[error("the conversation is closed")]
    Closed,
    /// The session ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The id belongs to another invitation.
    #[error("the id is taken")]
    IdTaken,
    /// This very invitation was given up: a new one needs a new id.
    #[error("the invitation was given up")]
    GivenUp,
    /// The session is locked or its login not finished, or its agent may not use secure forms (A1, A4).
    #[error("the agent may not send secure forms")]
    NotAllowed,
    /// The site does not meet the minimum (A10).
    #[error("secure forms are stopped")]
    FormsStopped,
}

/// What a send depends on besides its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender {
    /// The session lives.
    pub live: bool,
    /// It is ready and unlocked, and its agent may use secure forms.
    pub allowed: bool,
    /// The site's secure forms are on.
    pub forms_on: bool,
}

/// Whether an invitation may be sent now.
///
/// # Errors
/// When the conversation is closed, the session has ended or has not the right, or secure forms are stopped.
pub const fn may_begin(conversation: ConversationStatus, sender: Sender) -> Result<(), BeginRefusal> {
    match (conversation, sender) {
        (ConversationStatus::Closed, _) => Err(BeginRefusal::Closed),
        (_, Sender { live: false, .. }) => Err(BeginRefusal::SessionEnded),
        (_, Sender { allowed: false, .. }) => Err(BeginRefusal::NotAllowed),
        (_, Sender { forms_on: false, .. }) => Err(BeginRefusal::FormsStopped),
        (ConversationStatus::Open, _) => Ok(()),
    }
}

/// Why an invitation that the vault has taken cannot be shown any more. The vault is told to cancel it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmRefusal {
    /// No such invitation.
    #[error("no such invitation")]
    NotFound,
    /// The conversation was closed meanwhile.
    #[error("the conversation is closed")]
    Closed,
    /// The session ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// It was given up meanwhile.
    #[error("the invitation was given up")]
    GivenUp,
}

/// Whether a prepared invitation may be shown, now that the vault has taken it. `Ok(false)`: it is shown already.
///
/// # Errors
/// When it was given up, or the conversation or the session ended between the two steps.
pub const fn may_confirm(
    stage: Stage,
    conversation: ConversationStatus,
    session_live: bool,
) -> Result<bool, ConfirmRefusal> {
    match (stage, conversation, session_live) {
        (Stage::Shown(_), ..) => Ok(false),
        (Stage::GivenUp, ..) => Err(ConfirmRefusal::GivenUp),
        (Stage::Preparing, ConversationStatus::Closed, _) => Err(ConfirmRefusal::Closed),
        (Stage::Preparing, ConversationStatus::Open, false) => Err(ConfirmRefusal::SessionEnded),
        (Stage::Preparing, ConversationStatus::Open, true) => Ok(true),
    }
}

/// Why a visitor cannot ask for a new form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AskRefusal {
    /// No such invitation of this visitor.
    #[error("no such invitation")]
    NotFound,
    /// It was answered or declined, or the conversation is closed.
    #[error("nothing can be asked of this invitation")]
    WrongState,
}

/// Whether the visitor may ask for a new link or form: while it waits, and after it ended without the visitor's will.
/// `Ok(false)`: it is asked already.
///
/// # Errors
/// [`AskRefusal::WrongState`] after an answer, a refusal of the visitor's own, or the close.
pub const fn may_ask(status: Status, conversation: ConversationStatus, asked: bool) -> Result<bool, AskRefusal> {
    match (conversation, status) {
        (ConversationStatus::Closed, _) | (_, Status::Submitted | Status::Read | Status::Declined) => {
            Err(AskRefusal::WrongState)
        }
        (
            ConversationStatus::Open,
            Status::Sent | Status::Received | Status::Viewed | Status::Expired | Status::Cancelled | Status::Failed,
        ) => Ok(!asked),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_is_sent_in_a_closed_conversation_by_an_ended_session_without_the_right_or_while_forms_are_stopped(
            open: bool, live: bool, allowed: bool, forms_on: bool
        ) {
            let conversation = if open { ConversationStatus::Open } else { ConversationStatus::Closed };
            let verdict = may_begin(conversation, Sender { live, allowed, forms_on });
            prop_assert_eq!(verdict.is_ok(), open && live && allowed && forms_on);
            if open && !live {
                prop_assert_eq!(verdict, Err(BeginRefusal::SessionEnded));
            }
        }
    }

    #[test]
    fn what_was_given_up_is_never_shown_and_what_is_shown_is_shown_once() {
        for live in [true, false] {
            for conversation in [ConversationStatus::Open, ConversationStatus::Closed] {
                assert_eq!(may_confirm(Stage::GivenUp, conversation, live), Err(ConfirmRefusal::GivenUp));
                assert_eq!(may_confirm(Stage::Shown(Status::Viewed), conversation, live), Ok(false));
            }
        }
        assert_eq!(may_confirm(Stage::Preparing, ConversationStatus::Open, true), Ok(true));
        assert_eq!(may_confirm(Stage::Preparing, ConversationStatus::Open, false), Err(ConfirmRefusal::SessionEnded));
        assert_eq!(may_confirm(Stage::Preparing, ConversationStatus::Closed, true), Err(ConfirmRefusal::Closed));
    }

    #[test]
    fn a_new_form_is_asked_for_once_and_never_instead_of_an_answer() {
        for status in Status::ALL {
            let mine = matches!(status, Status::Submitted | Status::Read | Status::Declined);
            let open = may_ask(status, ConversationStatus::Open, false);
            assert_eq!(open, if mine { Err(AskRefusal::WrongState) } else { Ok(true) }, "{status:?}");
            assert_eq!(may_ask(status, ConversationStatus::Closed, false), Err(AskRefusal::WrongState));
        }
        assert_eq!(may_ask(Status::Expired, ConversationStatus::Open, true), Ok(false));
    }
}
