//! What people write, and what their browsers say they read.

use std::sync::LazyLock;

use aside_language::Catalog;
use aside_masking::mask;

/// Masking a masked text finds nothing more, and the places it found are whole.
pub(crate) fn masking(input: &[u8]) {
    let Some(text) = crate::text(input) else { return };
    let masked = mask(text);
    for found in &masked.found {
        assert!(text.get(found.clone()).is_some(), "{found:?} is no part of the text");
    }
    let again = mask(&masked.text);
    assert!(again.found.is_empty(), "{:?} still holds a card number", masked.text);
}

/// `Accept-Language`: some language always comes out.
pub(crate) fn languages(input: &[u8]) {
    static CATALOG: LazyLock<Option<Catalog>> = LazyLock::new(|| Catalog::embedded().ok());
    let (Some(text), Some(catalog)) = (crate::text(input), CATALOG.as_ref()) else { return };
    assert!(!catalog.negotiate(text).lang().is_empty());
}
