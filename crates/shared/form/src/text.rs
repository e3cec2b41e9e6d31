//! Unicode normalisation and what counts as a printable text.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The text in NFC, the form in which lengths are counted and values kept.
pub(crate) fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// A clear answer in NFC. The room is reserved first, so that growing leaves no copy behind: NFC of a character is never
/// more than three times as long in UTF-8.
pub(crate) fn nfc_secret(text: &str) -> Zeroizing<String> {
    let mut normal = Zeroizing::new(String::with_capacity(text.len() * 3));
    normal.extend(text.nfc());
    normal
}

/// Whether a character shows nothing and only steers: controls, and the bidirectional overrides that can make a text read
/// as another one.
pub(crate) fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}
