//! The versions of a site's key, and what they seal (V2, PCI 3.7): the newest seals, older ones open what was not moved yet, a
//! retired one is gone.

use aside_base::{AgentId, SiteId, SubmissionId, Timestamp};

/// What a version is for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It seals, and opens.
    Current,
    /// It opens what was sealed with it; nothing new is.
    Readable,
    /// It is deleted: nothing depends on it any more.
    Retired,
}

impl KeyState {
    /// The state's name, as reported.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Readable => "readable",
            Self::Retired => "retired",
        }
    }
}

/// One version of a site's key, as the inventory lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteKeyVersion {
    /// The site.
    pub site: SiteId,
    /// Counts the site's keys, from 1.
    pub version: u32,
    /// The provider that seals it, by name; none where it was sealed before providers had names.
    pub provider: Option<String>,
    /// When it was made; none where nobody noted it.
    pub made_at: Option<Timestamp>,
    /// When a newer one took its place.
    pub replaced_at: Option<Timestamp>,
    /// When it was deleted.
    pub retired_at: Option<Timestamp>,
}

impl SiteKeyVersion {
    /// What it is for now.
    #[must_use]
    pub const fn state(&self) -> KeyState {
        match (self.retired_at, self.replaced_at) {
            (Some(_), _) => KeyState::Retired,
            (None, Some(_)) => KeyState::Readable,
            (None, None) => KeyState::Current,
        }
    }
}

/// How much a version of a site's key seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    /// The site.
    pub site: SiteId,
    /// The version.
    pub version: u32,
    /// Data keys.
    pub data_keys: u64,
    /// Secrets of agents' code apps.
    pub code_secrets: u64,
    /// Fingerprint keys: one at most.
    pub fingerprint_keys: u64,
}

/// Something that a site's key seals, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapped {
    /// The data key of one part of a submission.
    DataKey {
        /// The submission.
        submission: SubmissionId,
        /// The part.
        part: u8,
    },
    /// The secret of an agent's code app.
    CodeSecret {
        /// The agent.
        agent: AgentId,
    },
    /// The site's fingerprint key.
    FingerprintKey,
}

/// Something sealed under an older version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToMove {
    /// What and where.
    pub what: Wrapped,
    /// The version that seals it.
    pub version: u32,
    /// As it is stored.
    pub sealed: Vec<u8>,
}

/// The same, sealed under a newer version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What it was.
    pub from: ToMove,
    /// The version that seals it now.
    pub version: u32,
    /// As it shall be stored.
    pub sealed: Vec<u8>,
}

/// A site's fingerprint key, sealed by the site's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFingerprintKey {
    /// The version of the site key that seals it.
    pub version: u32,
    /// The sealed key.
    pub sealed: Vec<u8>,
}

/// A move of everything to the newest versions, as long as it is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewrap {
    /// When it was asked for.
    pub started_at: Timestamp,
    /// How much there was to move then.
    pub total: u64,
}

/// What retiring a version came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retirement {
    /// It is deleted, now or before.
    Done,
    /// There is no such version.
    Unknown,
    /// It seals what is new: rotate first.
    Current,
    /// So much is sealed with it: rewrap first.
    StillNeeded(u64),
}
