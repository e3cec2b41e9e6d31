//! Who may view answers (S8): the agent who sent the form, in the session that sent it, while the conversation is open.
//!
//! The desk checks this when it asks the vault for the grant; the vault checks again on records of its own.

use aside_base::{AgentId, SessionId};

use crate::{ConversationStatus, Invitation};

/// Why a session may not view an invitation's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ViewRefusal {
    /// Another agent sent it.
    #[error("another agent sent this form")]
    OtherAgent,
    /// The same agent sent it, in a session that has ended or in another browser.
    #[error("another session sent this form")]
    OtherSession,
    /// The conversation was closed.
    #[error("the conversation is closed")]
    Closed,
    /// The right was lost by a transfer, for good.
    #[error("the right is lost")]
    Lost,
    /// There are no answers.
    #[error("there are no answers")]
    NotSubmitted,
}

impl ViewRefusal {
    /// The refusal's name, as sent and audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtherAgent => "other_agent",
            Self::OtherSession => "other_session",
            Self::Closed => "closed",
            Self::Lost => "lost",
            Self::NotSubmitted => "not_submitted",
        }
    }
}

/// Whether `session` of `agent` may view the answers to `invitation`. The session must be live: the caller has just found
/// it by its token.
///
/// # Errors
/// The first reason why not. A stranger learns only that it is not theirs, before anything about the state.
pub fn may_view(
    invitation: &Invitation,
    conversation: ConversationStatus,
    agent: AgentId,
    session: SessionId,
) -> Result<(), ViewRefusal> {
    if invitation.draft.agent.id != agent {
        return Err(ViewRefusal::OtherAgent);
    }
    if conversation == ConversationStatus::Closed {
        return Err(ViewRefusal::Closed);
    }
    if invitation.draft.session != session {
        return Err(ViewRefusal::OtherSession);
    }
    if invitation.lost.is_some() {
        return Err(ViewRefusal::Lost);
    }
    if !invitation.status.is_answered() || invitation.submission.is_none() {
        return Err(ViewRefusal::NotSubmitted);
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use aside_base::{ConversationId, DefinitionHash, InvitationId, SeededRng, SubmissionId, Timestamp};
    use aside_wire::{Channel, Clocks, Reopen};
    use proptest::prelude::*;

    use super::*;
    use crate::{AgentRef, Draft, Lost, Status, Timeline};

    pub(crate) fn invitation(agent: AgentId, session: SessionId, status: Status) -> Invitation {
        let (rng, now) = (SeededRng::new(9), Timestamp(5));
        Invitation {
            draft: Draft {
                id: InvitationId::generate(now, &rng),
                site: "northwind".parse().unwrap(),
                conversation: ConversationId::generate(now, &rng),
                agent: AgentRef { id: agent, display_name: "Dana".into() },
                session,
                definition: DefinitionHash::of_digest(&[1; 32]),
                title: "Card payment".into(),
                description: None,
                channel: Channel::Web,
                clocks: Clocks::default(),
                locale: "en".into(),
                reopen: Reopen::SameDevice,
                begun_at: now,
            },
            reference: "7F3K".into(),
            expires_at: now,
            status,
            timeline: Timeline { sent: now, received: None, viewed: None, submitted: None, read: None, ended: None },
            submission: status.is_answered().then(|| SubmissionId::generate(now, &rng)),
            asked_at: None,
            reason: None,
            lost: None,
            gone: None,
            erased: None,
        }
    }

    proptest! {
        #[test]
        fn only_the_sender_in_its_session_in_an_open_conversation_views_answers(
            same_agent: bool,
            same_session: bool,
            open: bool,
            lost: bool,
            status in proptest::sample::select(Status::ALL.to_vec()),
        ) {
            let rng = SeededRng::new(4);
            let agents = [AgentId::generate(Timestamp(1), &rng), AgentId::generate(Timestamp(1), &rng)];
            let sessions = [SessionId::generate(Timestamp(1), &rng), SessionId::generate(Timestamp(1), &rng)];
            let mut sent = invitation(agents[0], sessions[0], status);
            sent.lost = lost.then_some(Lost::Transferred);
            let conversation = if open { ConversationStatus::Open } else { ConversationStatus::Closed };
            let outcome = may_view(&sent, conversation, agents[usize::from(!same_agent)], sessions[usize::from(!same_session)]);
            prop_assert_eq!(outcome.is_ok(), same_agent && same_session && open && !lost && status.is_answered());
            if !same_agent {
                prop_assert_eq!(outcome, Err(ViewRefusal::OtherAgent));
            }
        }
    }
}
