//! The versions of the sites' keys: made, listed, moved, retired (V2, PCI 3.7).

use aside_base::SiteId;
use aside_vault_domain::{
    Moved, Occasion, Retirement, Rewrap, SealedFingerprintKey, SealedSiteKey, Sealing, SiteKeyVersion, ToMove,
};
use async_trait::async_trait;

use crate::Result;

/// The key ring. What is sealed under a retired version is never kept: every verb that would answers [`crate::Error::Busy`].
#[async_trait]
pub trait KeyRing: Send + Sync {
    /// Every version of every site's key, by site, oldest first.
    async fn site_key_versions(&self) -> Result<Vec<SiteKeyVersion>>;

    /// How much each version seals, for those that seal anything.
    async fn sealing(&self) -> Result<Vec<Sealing>>;

    /// Keeps a newer key of the site. Answers whether it is the site's next; if not, somebody else was first and nothing was
    /// changed.
    async fn rotate_site_key(&self, on: Occasion, site: SiteId, key: SealedSiteKey) -> Result<bool>;

    /// Keeps the same key as another provider sealed it. Answers whether `former` was still what stood there.
    async fn move_site_key(
        &self,
        on: Occasion,
        site: SiteId,
        former: SealedSiteKey,
        key: SealedSiteKey,
    ) -> Result<bool>;

    /// Deletes a version that nothing depends on (idempotent).
    async fn retire_site_key(&self, on: Occasion, site: SiteId, version: u32) -> Result<Retirement>;

    /// Begins to move everything, or goes on with what is under way.
    async fn begin_rewrap(&self, on: Occasion) -> Result<Rewrap>;

    /// The move that is under way.
    async fn rewrap_under_way(&self) -> Result<Option<Rewrap>>;

    /// What versions older than `newest` seal for this site: at most `limit`, after `skip` that cannot be moved.
    async fn to_move(&self, site: SiteId, newest: u32, skip: u32, limit: u32) -> Result<Vec<ToMove>>;

    /// Keeps what was moved, each only where nothing has changed meanwhile. Answers how many.
    async fn keep_moved(&self, site: SiteId, moved: Vec<Moved>) -> Result<u64>;

    /// The move is over; `left` could not be moved.
    async fn finish_rewrap(&self, on: Occasion, done: u64, left: u64) -> Result<()>;

    /// The site's fingerprint key.
    async fn fingerprint_key(&self, site: SiteId) -> Result<Option<SealedFingerprintKey>>;

    /// Keeps the site's fingerprint key, unless there is one: the first wins and is answered.
    async fn put_fingerprint_key(&self, site: SiteId, key: SealedFingerprintKey) -> Result<SealedFingerprintKey>;
}
