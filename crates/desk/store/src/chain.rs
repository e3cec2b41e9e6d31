//! The audit chain as a whole: signed, proved, and cut when its time is over; and the mirror of the vault's.

use aside_base::Timestamp;
use aside_chain::{Anchor, ChainId, Checkpoint, Fault, Hash, Place};
use async_trait::async_trait;

use crate::StoreError;

/// Entries whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// The last of them.
    pub place: Place,
    /// When it was written.
    pub last_at: Timestamp,
}

/// The desk's own chain. Entries are written by the verbs of the acts themselves.
#[async_trait]
pub trait AuditChain: Send + Sync {
    /// Which chain this is.
    async fn chain_id(&self) -> Result<ChainId, StoreError>;

    /// The fingerprint of the key that signs here; none before the first start.
    async fn local_key(&self) -> Result<Option<[u8; 16]>, StoreError>;

    /// Keeps the fingerprint of the key that signs here, once and for good.
    async fn keep_local_key(&self, fingerprint: [u8; 16]) -> Result<(), StoreError>;

    /// The last entry's place.
    async fn chain_head(&self) -> Result<Place, StoreError>;

    /// The newest checkpoint that is kept.
    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, StoreError>;

    /// Keeps a checkpoint of an entry of this chain.
    async fn keep_checkpoint(&self, checkpoint: Checkpoint) -> Result<(), StoreError>;

    /// Stands for what was taken away.
    async fn anchor(&self) -> Result<Option<Anchor>, StoreError>;

    /// Proves at most `limit` entries after `place`, which was proved before; `place` itself when there is nothing more.
    async fn prove_from(&self, place: Place, limit: u32) -> Result<Result<Place, Fault>, StoreError>;

    /// The oldest entries, at most `limit`, that were all written before `before`.
    async fn overdue(&self, before: Timestamp, limit: u32) -> Result<Option<Overdue>, StoreError>;

    /// Takes the entries up to `anchor` away; refused when one of them is younger than a year at `now`. Answers how many.
    async fn take_away(&self, anchor: Anchor, now: Timestamp) -> Result<usize, StoreError>;
}

/// How far the vault's chain is mirrored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// Which chain.
    pub chain: ChainId,
    /// The place before the first entry that is mirrored.
    pub after: Place,
    /// The last entry that is.
    pub last: Place,
}

/// An entry of the vault's, as it was handed over: of another desk's sites only the hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirroredEntry {
    /// Where.
    pub place: Place,
    /// Its body's text.
    pub body: Option<String>,
    /// Its body's hash.
    pub body_hash: Hash,
}

/// The mirror of the vault's chain.
#[async_trait]
pub trait VaultMirror: Send + Sync {
    /// How far it has come; none before the vault was heard of.
    async fn mirror(&self) -> Result<Option<Mirror>, StoreError>;

    /// Begins to mirror `chain` after `after`. What was mirrored of another chain is kept beside it, but not searched.
    async fn begin_mirror(&self, chain: ChainId, after: Place) -> Result<(), StoreError>;

    /// Adds what follows, proved in the same transaction: nothing is added after the first fault.
    async fn add_mirrored(&self, entries: Vec<MirroredEntry>) -> Result<Result<Place, Fault>, StoreError>;

    /// Proves at most `limit` mirrored entries after `place`, as [`AuditChain::prove_from`].
    async fn prove_mirror_from(&self, place: Place, limit: u32) -> Result<Result<Place, Fault>, StoreError>;

    /// Takes away at most `limit` mirrored entries that were all written before `before`. Answers how many.
    async fn take_mirrored_away(&self, before: Timestamp, limit: u32) -> Result<usize, StoreError>;
}
