//! One-time keys (S3, S4) and the other bearer keys of the house: 256 random bits, kept only as a hash.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Rng;

/// The one thing a one-time key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The visitor loads the form.
    Open,
    /// The visitor sends the form.
    Submit,
    /// The agent reads the answers.
    View,
    /// Somebody reads what was stored, after the conversation was closed.
    History,
    /// Somebody takes along what is stored of a visitor.
    Export,
    /// The agent's browser becomes the one that may view in a session.
    Enrol,
}

impl Purpose {
    /// The purpose's name, as stored and audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Submit => "submit",
            Self::View => "view",
            Self::History => "history",
            Self::Export => "export",
            Self::Enrol => "enrol",
        }
    }
}

/// A text that is not a key. Never says which part was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid key")]
pub struct ParseKeyError;

/// 256 random bits that open something: an OTK, or the value of a session cookie.
///
/// Serialises as base64url without padding (43 characters), because it travels in replies; it has no `Display`, and
/// its `Debug` shows nothing, so that it cannot end in a log. Stores keep only its [`KeyHash`].
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct OneTimeKey([u8; 32]);

impl OneTimeKey {
    /// A fresh key.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        Self(rng.bytes())
    }

    /// What a store may keep of it: SHA-256, enough for 256 random bits.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.0).as_ref());
        KeyHash(hash)
    }

    /// The text that travels: in a reply, a hidden input, a cookie or a link, never in a log.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl fmt::Debug for OneTimeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeKey(…)")
    }
}

impl FromStr for OneTimeKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let mut key = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut key) {
            Ok(32) => Ok(Self(key)),
            _ => Err(ParseKeyError),
        }
    }
}

impl Serialize for OneTimeKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for OneTimeKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The SHA-256 of a [`OneTimeKey`]: how stores know a key without being able to use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash(pub [u8; 32]);

impl KeyHash {
    /// Whether both are one, in a time that says nothing about where they differ.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    #[test]
    fn a_key_travels_as_43_characters_and_comes_back_the_same() {
        let key = OneTimeKey::generate(&SeededRng::new(7));
        assert_eq!(key.to_text().len(), 43);
        assert_eq!(key.to_text().parse::<OneTimeKey>(), Ok(key.clone()));
        assert_eq!(format!("{key:?}"), "OneTimeKey(…)");
    }

    #[test]
    fn anything_else_is_not_a_key() {
        let text = OneTimeKey::generate(&SeededRng::new(7)).to_text();
        for bad in ["", "x", &text[1..], &format!("{text}A"), &format!("{text}="), &text.replace(&text[..1], "!")] {
            assert!(bad.parse::<OneTimeKey>().is_err(), "{bad:?}");
        }
    }
}
