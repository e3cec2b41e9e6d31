//! Short references of visitors and conversations: what people read to each other, type and search by.

use std::fmt;
use std::str::FromStr;

use aside_base::{ConversationId, VisitorId};
use uuid::Uuid;

/// Crockford's letters: without `I L O U`, which people confuse with digits and each other.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The last 40 bits of an id, all of them random, as eight letters. A name, never a credential; two may share one, so that
/// whoever looks for one may find several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reference([u8; 5]);

/// A text that is no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reference: eight letters and digits")]
pub struct NoReference;

impl Reference {
    /// A visitor's.
    #[must_use]
    pub const fn of_visitor(id: VisitorId) -> Self {
        Self::of(id.as_uuid())
    }

    /// A conversation's.
    #[must_use]
    pub const fn of_conversation(id: ConversationId) -> Self {
        Self::of(id.as_uuid())
    }

    const fn of(id: &Uuid) -> Self {
        let [.., a, b, c, d, e] = *id.as_bytes();
        Self([a, b, c, d, e])
    }

    /// The last bytes of the ids that have it, for the stores.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 5] {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in 0..8 {
            if place == 4 {
                f.write_str("-")?;
            }
            let letter = usize::try_from(bits >> (35 - 5 * place) & 31).unwrap_or_default();
            write!(f, "{}", char::from(LETTERS[letter]))?;
        }
        Ok(())
    }
}

impl FromStr for Reference {
    type Err = NoReference;

    /// As people type it: case, hyphens and blanks do not matter, and neither does an `O` for a zero or an `I` or `L` for a one.
    fn from_str(text: &str) -> Result<Self, NoReference> {
        let (mut bits, mut letters) = (0_u64, 0);
        for typed in text.chars().filter(|typed| !matches!(typed, '-' | ' ')) {
            let typed = match typed.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = LETTERS.iter().position(|letter| char::from(*letter) == typed).ok_or(NoReference)?;
            letters += 1;
            if letters > 8 {
                return Err(NoReference);
            }
            bits = bits << 5 | u64::try_from(value).map_err(|_| NoReference)?;
        }
        let [_, _, _, bytes @ ..] = bits.to_be_bytes();
        if letters == 8 { Ok(Self(bytes)) } else { Err(NoReference) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_reference_is_read_back_however_it_is_typed(id: [u8; 16]) {
            let reference = Reference::of_visitor(VisitorId::from_uuid(Uuid::from_bytes(id)));
            let text = reference.to_string();
            prop_assert_eq!(text.len(), 9);
            prop_assert_eq!(text.parse(), Ok(reference));
            let typed = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            prop_assert_eq!(typed.parse(), Ok(reference));
            prop_assert_eq!(reference.as_bytes(), &id[11..]);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,12}") {
            let _ = text.parse::<Reference>();
        }
    }

    #[test]
    fn what_is_too_short_too_long_or_of_other_letters_is_no_reference() {
        for text in ["", "7F3K-ABC", "7F3K-ABCDE", "7F3K-ABCU", "7F3K-ABC\u{e9}", "--------"] {
            assert_eq!(text.parse::<Reference>(), Err(NoReference), "{text}");
        }
    }
}
