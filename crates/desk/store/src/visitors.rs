//! Visitors, known by a cookie's hash.

use aside_base::{KeyHash, SiteId, VisitorId};
use aside_desk_domain::{Conversation, Visitor};
use async_trait::async_trait;

use crate::StoreError;

/// Visitors.
#[async_trait]
pub trait Visitors: Send + Sync {
    /// Remembers a new visitor by its cookie's hash.
    async fn create_visitor(&self, visitor: Visitor, cookie: KeyHash) -> Result<(), StoreError>;

    /// The visitor whose cookie this is. The caller checks that it belongs to the site it speaks to.
    async fn visitor_by_cookie(&self, cookie: KeyHash) -> Result<Option<Visitor>, StoreError>;

    /// Whether the visitor is there and was not erased.
    async fn has_visitor(&self, site: &SiteId, visitor: VisitorId) -> Result<bool, StoreError>;

    /// The visitor's newest conversation, open or closed.
    async fn visitor_conversation(&self, site: &SiteId, visitor: VisitorId)
    -> Result<Option<Conversation>, StoreError>;
}
