//! API keys (A9).

use aside_base::{ApiKeyId, KeyHash, SiteId, Timestamp};
use aside_desk_domain::{ApiKey, By, KeyRefusal};
use async_trait::async_trait;

use crate::{StoreError, VerbError};

/// API keys.
#[async_trait]
pub trait ApiKeys: Send + Sync {
    /// The site's keys, newest first.
    async fn api_keys(&self, site: &SiteId) -> Result<Vec<ApiKey>, StoreError>;

    /// Keeps a new key by its secret's hash. Its maker must be an agent who may do what its scopes need.
    async fn create_api_key(&self, key: ApiKey, secret: KeyHash, by: By) -> Result<(), VerbError<KeyRefusal>>;

    /// Revokes a key for good. One that is revoked stays so.
    async fn revoke_api_key(&self, site: &SiteId, key: ApiKeyId, by: By) -> Result<(), VerbError<KeyRefusal>>;

    /// The live key of that id and secret; notes its use, to the minute.
    async fn use_api_key(&self, key: ApiKeyId, secret: KeyHash, now: Timestamp) -> Result<Option<ApiKey>, StoreError>;
}
