//! An entry's place in its chain.

use std::fmt;
use std::str::FromStr;

use aside_base::{ParseIdError, Rng};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Hash;

const ENTRY: &[u8] = b"aside audit 1";
const FIRST: &[u8] = b"aside audit chain 1";

/// Names a chain: random, made with its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChainId(Uuid);

impl ChainId {
    /// A fresh chain's.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        Self(uuid::Builder::from_random_bytes(rng.bytes()).into_uuid())
    }

    /// The id of known bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The bytes, for the stores.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ChainId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        Uuid::try_parse(text).map(Self).map_err(|_| ParseIdError)
    }
}

/// A place in a chain: an entry's number and hash. The place before the first entry has number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The entry's number; grows by one.
    pub sequence: i64,
    /// Its hash, which stands for everything up to it.
    pub hash: Hash,
}

impl Place {
    /// Before the first entry of `chain`.
    #[must_use]
    pub fn before_first(chain: ChainId) -> Self {
        Self { sequence: 0, hash: Hash::of(&[FIRST, chain.as_bytes()]) }
    }

    /// The place of the entry that follows with this body.
    #[must_use]
    pub fn next(&self, body: &str) -> Self {
        self.next_of(Content::Body(body).hash())
    }

    /// The place of the entry that follows, whose body has this hash.
    #[must_use]
    pub fn next_of(&self, body: Hash) -> Self {
        let sequence = self.sequence.saturating_add(1);
        Self { sequence, hash: Hash::of(&[ENTRY, &self.hash.0, &sequence.to_be_bytes(), &body.0]) }
    }
}

/// What stands at a place, or that it stands there and is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'b> {
    /// The body's text.
    Body(&'b str),
    /// Only its hash: it is another's to see.
    Withheld(Hash),
}

impl Content<'_> {
    /// The body's hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        match self {
            Self::Body(text) => Hash::of(&[text.as_bytes()]),
            Self::Withheld(hash) => *hash,
        }
    }
}

/// An entry as it was stored or exported, not proved yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'b> {
    /// Where it says that it stands.
    pub place: Place,
    /// What it says.
    pub content: Content<'b>,
}
