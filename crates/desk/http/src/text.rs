//! How a text comes from a request to the one door, [`MessageText`]: in NFC, so that lengths count what people see, and
//! without payment card numbers (T1), so that none is stored or shown.

use aside_desk_domain::{MessageText, MessageTextError};
use unicode_normalization::UnicodeNormalization as _;

use crate::refusal::Refusal;

/// Brings a text of a person to the door. `hide_card_numbers` is the site's policy.
///
/// # Errors
/// A refusal that names the field `text`.
pub(crate) fn admit(text: &str, hide_card_numbers: bool) -> Result<MessageText, Refusal> {
    let text: String = text.nfc().collect();
    let refused = |title| Refusal::Invalid("text", title);
    if !text.chars().any(is_visible) {
        return Err(refused("Write something first."));
    }
    let text = if hide_card_numbers { aside_masking::mask(&text).text } else { text.into() };
    MessageText::try_from(&*text).map_err(|error| {
        refused(match error {
            MessageTextError::Empty => "Write something first.",
            MessageTextError::TooLong => "A message has at most 4000 characters.",
            MessageTextError::Control => "A message cannot hold control characters.",
        })
    })
}

/// The longest text that is looked for, in characters.
const LONGEST_SOUGHT: usize = 100;

/// A text that somebody looks for, in NFC and without blanks around it.
///
/// # Errors
/// A refusal that names the field `text`.
pub(crate) fn sought(text: &str) -> Result<String, Refusal> {
    let text: String = text.trim().nfc().collect();
    let fits = text.chars().count() <= LONGEST_SOUGHT && !text.chars().any(char::is_control);
    if fits { Ok(text) } else { Err(Refusal::Invalid("text", "At most 100 characters.")) }
}

/// Whether a reader sees anything of it: blanks, zero-width characters and direction marks alone make no message.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Option<String> {
        admit(text, true).ok().map(|text| text.as_str().to_owned())
    }

    #[test]
    fn a_text_is_kept_in_nfc_with_plain_line_ends() {
        assert_eq!(kept("  Cafe\u{301}\r\nau lait "), Some("Café\nau lait".to_owned()));
    }

    #[test]
    fn a_text_without_anything_to_read_is_refused() {
        for text in ["", " \n\t", "\u{200B}\u{FEFF}", "\u{0}\u{7}", "\u{202E}"] {
            assert_eq!(kept(text), None, "{text:?}");
        }
    }

    #[test]
    fn length_counts_characters_after_nfc() {
        assert!(kept(&"e\u{301}".repeat(MessageText::LONGEST)).is_some());
        assert!(kept(&"é".repeat(MessageText::LONGEST + 1)).is_none());
    }

    #[test]
    fn a_card_number_is_kept_as_its_last_four_unless_the_site_says_otherwise() {
        assert_eq!(kept("it is 4111 1111 1111 1111"), Some("it is •••• •••• •••• 1111".to_owned()));
        let clear = admit("it is 4111 1111 1111 1111", false).ok();
        assert_eq!(clear.unwrap().as_str(), "it is 4111 1111 1111 1111");
    }

    #[test]
    fn emoji_with_joiners_stay_whole() {
        let family = "👩\u{200D}👧";
        assert_eq!(kept(family), Some(family.to_owned()));
    }
}
