//! A clear answer: wiped on drop, unprintable, uncopyable.

use zeroize::Zeroizing;

/// A clear answer of a visitor. No `Debug`, `Display`, `Serialize`, `Clone`: it cannot reach a log, a reply or a disk by
/// accident. Only the vault's `keys`, `memory`, `pages` and `http` open it, through [`Secret::expose`].
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a clear text into keeping.
    #[must_use]
    pub const fn new(clear: Zeroizing<String>) -> Self {
        Self(clear)
    }

    /// The clear text. Forbidden by clippy outside the rooms named above.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(clear: String) -> Self {
        Self(Zeroizing::new(clear))
    }
}
