//! The audit chain as a whole: read for the desk that mirrors it, signed, proved, and cut when its time is over.

use aside_base::Timestamp;
use aside_chain::{Anchor, ChainId, Checkpoint, Fault, Place};
use async_trait::async_trait;

use aside_vault_domain::{Act, Occasion, On};

use crate::Result;

/// An entry as it stands in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEntry {
    /// Where.
    pub place: Place,
    /// Its body's text, byte for byte as it was hashed.
    pub body: String,
}

/// Entries whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// The last of them.
    pub place: Place,
    /// When it was written.
    pub last_at: Timestamp,
}

/// The audit chain. Entries are written by the verbs of the acts themselves.
#[async_trait]
pub trait AuditChain: Send + Sync {
    /// Writes an entry of what the vault itself saw.
    async fn note(&self, occasion: Occasion, act: Act, on: On) -> Result<()>;

    /// Which chain this is.
    async fn chain_id(&self) -> Result<ChainId>;

    /// The fingerprint of the key that signs here; none before the first start.
    async fn local_key(&self) -> Result<Option<[u8; 16]>>;

    /// Keeps the fingerprint of the key that signs here, once and for good.
    async fn keep_local_key(&self, fingerprint: [u8; 16]) -> Result<()>;

    /// The last entry's place.
    async fn chain_head(&self) -> Result<Place>;

    /// The entries after number `after`, oldest first, at most `limit`.
    async fn chain_page(&self, after: i64, limit: u32) -> Result<Vec<ChainEntry>>;

    /// The newest checkpoint that is kept.
    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>>;

    /// Keeps a checkpoint of an entry of this chain.
    async fn keep_checkpoint(&self, checkpoint: Checkpoint) -> Result<()>;

    /// Stands for what was taken away.
    async fn anchor(&self) -> Result<Option<Anchor>>;

    /// Proves at most `limit` entries after `place`, which was proved before; `place` itself when there is nothing more.
    async fn prove_from(&self, place: Place, limit: u32) -> Result<std::result::Result<Place, Fault>>;

    /// The oldest entries, at most `limit`, that were all written before `before`.
    async fn overdue(&self, before: Timestamp, limit: u32) -> Result<Option<Overdue>>;

    /// Takes the entries up to `anchor` away; refused when one of them is younger than a year at `now`. Answers how many.
    async fn take_away(&self, anchor: Anchor, now: Timestamp) -> Result<usize>;
}
