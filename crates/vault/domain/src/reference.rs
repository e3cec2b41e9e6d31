//! The short reference that stands both in the chat and on the form page, so that a visitor can tell the page from a fake (P6).

use std::fmt;

use aside_base::Rng;

/// Without `0 O 1 I L`, which people confuse, and without vowels, so that no word comes out.
const LETTERS: &[u8; 28] = b"23456789BCDFGHJKMNPQRSTVWXYZ";

/// Four characters. Not a credential, not unique: a mark to compare by eye.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference(String);

impl Reference {
    /// A fresh one.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        // 28 does not divide 256: the slight bias is no matter for a mark.
        Self(rng.bytes::<4>().into_iter().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).collect())
    }

    /// One read back from a store.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
