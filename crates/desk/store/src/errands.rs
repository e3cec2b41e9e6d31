//! The outbox to the vault. One worker takes what is due, in order; telling the vault twice does no harm.

use aside_base::Timestamp;
use aside_desk_domain::{ErrandId, PendingErrand};
use async_trait::async_trait;

use crate::StoreError;

/// Errands to the vault.
#[async_trait]
pub trait Errands: Send + Sync {
    /// What is due at `now`, oldest first, at most `limit`.
    async fn due_errands(&self, now: Timestamp, limit: u32) -> Result<Vec<PendingErrand>, StoreError>;

    /// When the next errand is due; none when the outbox is empty.
    async fn next_errand_at(&self) -> Result<Option<Timestamp>, StoreError>;

    /// The vault has taken it, or will never take it: it leaves the outbox. An erasing is confirmed by it.
    async fn errand_done(&self, errand: ErrandId, now: Timestamp) -> Result<(), StoreError>;

    /// The vault could not be told: one more attempt is counted, the next try is due after its backoff.
    async fn errand_failed(&self, errand: ErrandId, now: Timestamp) -> Result<(), StoreError>;
}
