//! What is kept of a visitor: finding it and erasing it (V8).

use aside_base::{ConversationId, Timestamp, VisitorId};

use crate::{ConversationStatus, Permission, Permissions, Reference};

/// Whether data of somebody is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeptState {
    /// It is.
    Kept,
    /// It is gone here; the vault has not said yet that it is gone there.
    Erasing,
    /// It is gone in both zones.
    Erased,
}

impl KeptState {
    /// From when it was erased here and when the vault had said so.
    #[must_use]
    pub const fn of(erased_at: Option<Timestamp>, vault_erased_at: Option<Timestamp>) -> Self {
        match (erased_at, vault_erased_at) {
            (None, _) => Self::Kept,
            (Some(_), None) => Self::Erasing,
            (Some(_), Some(_)) => Self::Erased,
        }
    }
}

/// A visitor that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundVisitor {
    /// The visitor.
    pub visitor: VisitorId,
    /// The name, where the brand gave one and it was not erased.
    pub name: Option<String>,
    /// How many conversations.
    pub conversations: u32,
    /// When something last happened.
    pub last_at: Timestamp,
    /// Whether their data is still there.
    pub state: KeptState,
}

/// A conversation that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// Whose.
    pub visitor: VisitorId,
    /// Whether it lives.
    pub status: ConversationStatus,
    /// When it began.
    pub opened_at: Timestamp,
    /// When something last happened.
    pub last_at: Timestamp,
    /// How many forms were sent.
    pub forms: u32,
    /// Whether its data is still there.
    pub state: KeptState,
}

/// What is erased or exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A visitor with all conversations.
    Visitor(VisitorId),
    /// One conversation.
    Conversation(ConversationId),
}

impl Subject {
    /// What people call it, and type to erase it.
    #[must_use]
    pub const fn reference(self) -> Reference {
        match self {
            Self::Visitor(visitor) => Reference::of_visitor(visitor),
            Self::Conversation(conversation) => Reference::of_conversation(conversation),
        }
    }
}

/// Why something is not erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EraseRefusal {
    /// No such visitor or conversation on this site.
    #[error("no such visitor or conversation")]
    NotFound,
    /// Another reference was typed.
    #[error("another reference was typed")]
    NotConfirmed,
}

/// Whether what was typed names what shall be erased.
///
/// # Errors
/// [`EraseRefusal::NotConfirmed`] for anything else.
pub fn may_erase(subject: Subject, typed: &str) -> Result<(), EraseRefusal> {
    match typed.parse::<Reference>() {
        Ok(reference) if reference == subject.reference() => Ok(()),
        _ => Err(EraseRefusal::NotConfirmed),
    }
}

/// What lets somebody look for visitors: either end of it.
pub const FINDING: Permissions = Permissions::of(&[Permission::Export, Permission::EraseData]);

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn only_what_is_named_is_erased() {
        let rng = SeededRng::new(3);
        let [one, other] = [0; 2].map(|_: u8| VisitorId::generate(Timestamp(1), &rng));
        let subject = Subject::Visitor(one);
        assert_eq!(may_erase(subject, &subject.reference().to_string()), Ok(()));
        assert_eq!(may_erase(subject, &subject.reference().to_string().to_lowercase()), Ok(()));
        for typed in ["", "yes", &Reference::of_visitor(other).to_string(), &one.to_string()] {
            assert_eq!(may_erase(subject, typed), Err(EraseRefusal::NotConfirmed), "{typed}");
        }
    }
}
