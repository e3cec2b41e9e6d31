//! What people write, and what their browsers say they read.

use std::sync::LazyLock;

use aside_language::Catalog;
use aside_masking::mask;

/// The places that were found are whole and in the order of their beginnings, the text lost digits, and nothing else changed. What is left may form a number
/// with its neighbours by chance (edge case 20): masking again takes digits away each time, so that it comes to an end.
pub(crate) fn masking(input: &[u8]) {
    let Some(mut text) = crate::text(input).map(str::to_owned) else { return };
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).count();
    loop {
        let masked = mask(&text);
        let mut start = 0;
        for found in &masked.found {
            assert!(found.start >= start && text.get(found.clone()).is_some(), "{found:?} is no part of {text:?}");
            start = found.start;
        }
        assert_eq!(masked.found.is_empty(), masked.text == text, "{text:?} changed for nothing, or not at all");
        if masked.found.is_empty() {
            return;
        }
        assert!(digits(&masked.text) < digits(&text), "{text:?} lost no digit");
        text = masked.text.into_owned();
    }
}

/// `Accept-Language`: some language always comes out.
pub(crate) fn languages(input: &[u8]) {
    static CATALOG: LazyLock<Option<Catalog>> = LazyLock::new(|| Catalog::embedded().ok());
    let (Some(text), Some(catalog)) = (crate::text(input), CATALOG.as_ref()) else { return };
    assert!(!catalog.negotiate(text).lang().is_empty());
}
