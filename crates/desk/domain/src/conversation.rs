//! A conversation between one visitor and a site's agents: who owns it, who may act in it, how a list shows it.

use aside_base::{AgentId, ConversationId, SiteId, Timestamp, VisitorId};

use crate::{AgentRef, Status};

/// Whether a conversation lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConversationStatus {
    /// Both sides may write.
    Open,
    /// Over for good: the visitor's next message starts a new one.
    Closed,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Its site.
    pub site: SiteId,
    /// Its visitor.
    pub visitor: VisitorId,
    /// The agent whose it is: the first who acted in it.
    pub owner: Option<AgentRef>,
    /// Whether it lives.
    pub status: ConversationStatus,
    /// When the visitor's first message came.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When what was written in it was erased.
    pub erased_at: Option<Timestamp>,
}

/// A conversation as one agent's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationSummary {
    /// The conversation.
    pub conversation: Conversation,
    /// The visitor's name, where the brand gave one.
    pub visitor_name: Option<String>,
    /// The beginning of the last message.
    pub last_text: String,
    /// When something last happened.
    pub last_at: Timestamp,
    /// Since when the visitor waits for an answer.
    pub waiting_since: Option<Timestamp>,
    /// Messages of the visitor that this agent has not read; counts to 100 and no further.
    pub unread: u32,
    /// The status of the newest invitation.
    pub invitation_status: Option<Status>,
}

/// The figures above an agent's list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConversationCounts {
    /// Open conversations of the site.
    pub open: u32,
    /// Open ones that the agent owns.
    pub mine: u32,
    /// Open ones whose visitor waits.
    pub waiting: u32,
}

/// Why an agent cannot act in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ActRefusal {
    /// No such conversation on this site.
    #[error("no such conversation")]
    NotFound,
    /// It was closed.
    #[error("the conversation is closed")]
    Closed,
    /// The id belongs to another message.
    #[error("the id is taken")]
    IdTaken,
}

/// Whether anybody may still write or send in a conversation.
///
/// # Errors
/// [`ActRefusal::Closed`] after the close.
pub const fn may_act(status: ConversationStatus) -> Result<(), ActRefusal> {
    match status {
        ConversationStatus::Open => Ok(()),
        ConversationStatus::Closed => Err(ActRefusal::Closed),
    }
}

/// What an agent's act changes in who takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The agent becomes the owner.
    pub owns: bool,
    /// The agent was not there before: the log says so.
    pub joins: bool,
}

/// An agent acts: the first to act owns the conversation, each agent joins once.
#[must_use]
pub const fn claim(owner: Option<AgentId>, took_part: bool) -> Claim {
    Claim { owns: owner.is_none(), joins: !took_part }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_closed_conversation_takes_nothing_more() {
        assert_eq!(may_act(ConversationStatus::Open), Ok(()));
        assert_eq!(may_act(ConversationStatus::Closed), Err(ActRefusal::Closed));
    }

    proptest! {
        #[test]
        fn whoever_acts_in_whatever_order_there_is_one_owner_and_each_joins_once(acts in prop::collection::vec(0_usize..4, 1..40)) {
            let rng = SeededRng::new(3);
            let agents: Vec<_> = (0..4).map(|_| AgentId::generate(Timestamp(1), &rng)).collect();
            let (mut owner, mut joined, mut owners) = (None, Vec::new(), 0);
            for act in &acts {
                let agent = agents[*act];
                let claim = claim(owner, joined.contains(&agent));
                if claim.owns {
                    owner = Some(agent);
                    owners += 1;
                }
                if claim.joins {
                    prop_assert!(!joined.contains(&agent));
                    joined.push(agent);
                }
            }
            prop_assert_eq!(owners, 1);
            prop_assert_eq!(owner, Some(agents[acts[0]]));
        }
    }
}
