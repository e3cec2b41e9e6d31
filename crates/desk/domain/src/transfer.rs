//! Handing a conversation on (S8): whoever owned it loses the right to view what was sent before, for good.

use aside_base::AgentId;

use crate::{AccountState, ConversationStatus, Permission, Permissions};

/// Somebody who can take a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub agent: crate::AgentRef,
    /// Whether a ready, unlocked session of theirs lives.
    pub here: bool,
}

/// Who shall take it, as their account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taker {
    /// Who.
    pub agent: AgentId,
    /// Whether the account may be used.
    pub state: AccountState,
    /// What its profile gives.
    pub permissions: Permissions,
}

/// Why a conversation is not handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransferRefusal {
    /// No such conversation on this site.
    #[error("no such conversation")]
    NotFound,
    /// It was closed.
    #[error("the conversation is closed")]
    Closed,
    /// Nobody of this site, or somebody who cannot take conversations.
    #[error("nobody who can take a conversation")]
    NoTaker,
    /// It is theirs already.
    #[error("the conversation is theirs already")]
    SameOwner,
}

/// Whether a conversation goes to `taker`. Whoever handles conversations may hand one on.
///
/// # Errors
/// The first reason why not. Why somebody cannot take it is never told apart: another site's people do not exist here.
pub fn may_transfer(
    conversation: ConversationStatus,
    owner: Option<AgentId>,
    taker: Option<&Taker>,
) -> Result<(), TransferRefusal> {
    if conversation == ConversationStatus::Closed {
        return Err(TransferRefusal::Closed);
    }
    let takes =
        |taker: &&Taker| taker.state == AccountState::Active && taker.permissions.has(Permission::HandleConversations);
    let taker = taker.filter(takes).ok_or(TransferRefusal::NoTaker)?;
    if owner == Some(taker.agent) { Err(TransferRefusal::SameOwner) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use aside_base::{SeededRng, Timestamp};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_open_conversation_goes_to_somebody_else_who_handles_conversations(
            open: bool,
            owned in prop::option::of(any::<bool>()),
            found: bool,
            state in proptest::sample::select(AccountState::ALL.to_vec()),
            handles: bool,
        ) {
            let rng = SeededRng::new(5);
            let [taker, other] = [0; 2].map(|_: u8| AgentId::generate(Timestamp(1), &rng));
            let owner = owned.map(|by_taker| if by_taker { taker } else { other });
            let permissions = if handles { Permissions::of(&[Permission::HandleConversations]) } else { Permissions::NONE };
            let account = Taker { agent: taker, state, permissions };
            let status = if open { ConversationStatus::Open } else { ConversationStatus::Closed };
            let outcome = may_transfer(status, owner, found.then_some(&account));
            let able = found && handles && state == AccountState::Active;
            prop_assert_eq!(outcome.is_ok(), open && able && owner != Some(taker));
            if open && !able {
                prop_assert_eq!(outcome, Err(TransferRefusal::NoTaker));
            }
        }
    }
}
