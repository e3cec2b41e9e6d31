//! Conversations that are over: finding them, and who may ask for answers that were kept of them (V6).

use aside_base::{AgentId, ConversationId, InvitationId, Timestamp};
use aside_wire::EraseReason;

use crate::{Conversation, ConversationStatus, Invitation, Permission, Permissions, Role, Status};

/// Why answers of the past cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum HistoryRefusal {
    /// The conversation goes on: only who sent the form may view its answers now (S8).
    #[error("the conversation is still open")]
    Open,
    /// There are no answers.
    #[error("there are no answers")]
    NotSubmitted,
    /// They were erased with the conversation.
    #[error("the conversation was erased")]
    Erased,
}

impl HistoryRefusal {
    /// The refusal's name, as sent and audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::NotSubmitted => "not_submitted",
            Self::Erased => "erased",
        }
    }
}

/// Whether answers to `invitation` may be asked for, by somebody who may view answers of the past. What is still kept of them
/// the vault knows alone.
///
/// # Errors
/// The first reason why not.
pub fn may_view_history(invitation: &Invitation, conversation: &Conversation) -> Result<(), HistoryRefusal> {
    if conversation.status == ConversationStatus::Open {
        return Err(HistoryRefusal::Open);
    }
    if conversation.erased_at.is_some() {
        return Err(HistoryRefusal::Erased);
    }
    if invitation.status.is_answered() && invitation.submission.is_some() {
        Ok(())
    } else {
        Err(HistoryRefusal::NotSubmitted)
    }
}

/// Whether somebody sees the list of conversations that are over: those who may view their answers, and those who lead agents
/// and handle conversations themselves, who see statuses only (V6).
#[must_use]
pub fn may_list_history(role: Role, permissions: Permissions) -> bool {
    permissions.has(Permission::ViewHistoryAnswers)
        || (role != Role::Agent && permissions.has(Permission::HandleConversations))
}

/// What is looked for; everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// A reference of the conversation, its visitor or one of its forms, or a part of the visitor's name.
    pub text: Option<String>,
    /// Closed not before.
    pub from: Option<Timestamp>,
    /// Closed before.
    pub until: Option<Timestamp>,
    /// This agent owned it or took part.
    pub agent: Option<AgentId>,
}

/// A place in the list, those closed last first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryCursor {
    /// When it was closed.
    pub closed_at: Timestamp,
    /// Which.
    pub conversation: ConversationId,
}

impl HistoryCursor {
    /// The text that a client hands back.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.closed_at.0, self.conversation)
    }

    /// What a client handed back; none for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at, conversation) = text.split_once('.')?;
        Some(Self { closed_at: Timestamp(at.parse().ok()?), conversation: conversation.parse().ok()? })
    }
}

/// A conversation that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastConversation {
    /// The conversation.
    pub conversation: Conversation,
    /// The visitor's name, where the brand gave one and it was not erased.
    pub visitor_name: Option<String>,
    /// The beginning of the last message.
    pub last_text: String,
    /// Its forms, oldest first.
    pub forms: Vec<PastForm>,
}

/// A form of a conversation that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastForm {
    /// The invitation.
    pub invitation: InvitationId,
    /// The form's title.
    pub title: String,
    /// The four characters on its card.
    pub reference: String,
    /// The status it ended in.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// Why stored answers were erased, where some were.
    pub erased: Option<EraseReason>,
}

/// Some conversations, those closed last first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPage {
    /// The conversations.
    pub conversations: Vec<PastConversation>,
    /// Where to go on; none at the end.
    pub next: Option<HistoryCursor>,
}

#[cfg(test)]
mod tests {
    use aside_base::{SeededRng, SessionId, SubmissionId, VisitorId};
    use proptest::prelude::*;

    use super::*;
    use crate::view::tests::invitation;

    proptest! {
        #[test]
        fn answers_of_the_past_are_asked_for_after_the_close_and_before_the_erasing(
            open: bool,
            erased: bool,
            status in proptest::sample::select(Status::ALL.to_vec()),
        ) {
            let (rng, now) = (SeededRng::new(6), Timestamp(5));
            let sent = invitation(AgentId::generate(now, &rng), SessionId::generate(now, &rng), status);
            let conversation = Conversation {
                id: sent.draft.conversation,
                site: sent.draft.site.clone(),
                visitor: VisitorId::generate(now, &rng),
                owner: None,
                status: if open { ConversationStatus::Open } else { ConversationStatus::Closed },
                opened_at: now,
                closed_at: (!open).then_some(now),
                erased_at: (!open && erased).then_some(now),
            };
            let outcome = may_view_history(&sent, &conversation);
            prop_assert_eq!(outcome.is_ok(), !open && !erased && status.is_answered());
            if open {
                prop_assert_eq!(outcome, Err(HistoryRefusal::Open));
            }
            let unnamed = Invitation { submission: None::<SubmissionId>, ..sent };
            prop_assert!(may_view_history(&unnamed, &conversation).is_err());
        }
    }

    #[test]
    fn agents_see_no_list_of_the_past_unless_they_may_view_its_answers() {
        assert!(!may_list_history(Role::Agent, Role::Agent.defaults()));
        assert!(may_list_history(Role::Manager, Role::Manager.defaults()));
        assert!(!may_list_history(Role::Admin, Role::Admin.defaults()));
        assert!(may_list_history(Role::Admin, Permissions::of(&[Permission::ViewHistoryAnswers])));
        assert!(!may_list_history(Role::Manager, Permissions::of(&[Permission::Export])));
    }

    #[test]
    fn a_cursor_travels_as_text_and_anything_else_is_refused() {
        let conversation = ConversationId::generate(Timestamp(9), &SeededRng::new(2));
        let cursor = HistoryCursor { closed_at: Timestamp(-7), conversation };
        assert_eq!(HistoryCursor::parse(&cursor.to_text()), Some(cursor));
        for bad in ["", "7", "7.", ".x", "x.y", "7.8"] {
            assert_eq!(HistoryCursor::parse(bad), None, "{bad}");
        }
    }
}
