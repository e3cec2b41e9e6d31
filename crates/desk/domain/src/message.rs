//! What people write: the one door through which a text enters a conversation.

use aside_base::ConversationId;

use crate::{Author, Sequence};

/// A text that cannot be a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageTextError {
    /// Nothing but white space.
    #[error("the message is empty")]
    Empty,
    /// More than [`MessageText::LONGEST`] characters.
    #[error("the message is longer than 4000 characters")]
    TooLong,
    /// A control character other than a line break or a tab.
    #[error("the message holds a control character")]
    Control,
}

/// A message's text: 1 to 4000 characters. Every text that the desk keeps of a person passes through here, so that what
/// is done to all of them has one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText(String);

impl MessageText {
    /// The longest message, in characters.
    pub const LONGEST: usize = 4_000;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The beginning, on one line, for a list of conversations.
    #[must_use]
    pub fn preview(&self) -> String {
        preview(&self.0)
    }
}

/// The beginning of a text that is stored, on one line; empty once it was erased.
#[must_use]
pub fn preview(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(140).collect()
}

impl TryFrom<&str> for MessageText {
    type Error = MessageTextError;

    fn try_from(text: &str) -> Result<Self, MessageTextError> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            return Err(MessageTextError::Empty);
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(MessageTextError::Control);
        }
        if text.chars().count() > Self::LONGEST {
            return Err(MessageTextError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }
}

/// A message that already bears an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedBefore {
    /// Its place in the log.
    pub sequence: Sequence,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Who wrote it.
    pub author: Author,
    /// The visitor of that conversation, so that a repeat from the same visitor is known after a close too.
    pub visitor: aside_base::VisitorId,
}

/// Whether a post that bears the id of an earlier message is a repeat of it: same writer, same place. A visitor's place is
/// all of its own conversations, because a close may lie between the two tries. Anything else is somebody else's id, and
/// the caller learns nothing of what it names.
#[must_use]
pub fn repeat_of(
    earlier: &PostedBefore,
    author: &Author,
    conversation: Option<ConversationId>,
    visitor: Option<aside_base::VisitorId>,
) -> bool {
    match (author, &earlier.author) {
        (Author::Visitor, Author::Visitor) => visitor == Some(earlier.visitor),
        (Author::Agent(now), Author::Agent(then)) => now.id == then.id && conversation == Some(earlier.conversation),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_is_neither_empty_nor_endless_nor_full_of_control_characters() {
        assert_eq!(MessageText::try_from(" \n\t "), Err(MessageTextError::Empty));
        assert_eq!(MessageText::try_from("a\u{0}b"), Err(MessageTextError::Control));
        assert_eq!(MessageText::try_from("a\u{1b}[31m"), Err(MessageTextError::Control));
        assert_eq!(MessageText::try_from("é".repeat(4_001).as_str()), Err(MessageTextError::TooLong));
        assert!(MessageText::try_from("é".repeat(4_000).as_str()).is_ok());
        assert_eq!(MessageText::try_from("a\r\nb ").map(|t| t.as_str().to_owned()), Ok("a\nb".into()));
    }

    proptest! {
        #[test]
        fn what_was_accepted_is_accepted_again_unchanged(text in "\\PC{0,200}") {
            if let Ok(first) = MessageText::try_from(text.as_str()) {
                prop_assert_eq!(MessageText::try_from(first.as_str()), Ok(first.clone()));
                prop_assert!(first.preview().chars().count() <= 140);
                prop_assert!(!first.preview().contains('\n'));
            }
        }
    }
}
