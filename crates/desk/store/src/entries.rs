//! The log, read forward by feeds and backward by a person who scrolls up.

use aside_base::{ConversationId, SiteId};
use aside_desk_domain::{Entry, Sequence};
use async_trait::async_trait;

use crate::StoreError;

/// Part of a conversation's log, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPage {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Whether there are older ones.
    pub more: bool,
}

/// The log. What was read once never changes, and nothing appears later below a number that was read: a feed that asks
/// for what comes after its last number misses nothing.
#[async_trait]
pub trait Entries: Send + Sync {
    /// The newest number of a site's log; zero when it is empty.
    async fn head(&self, site: &SiteId) -> Result<Sequence, StoreError>;

    /// A site's entries after `after`, oldest first, at most `limit`: an agent's feed.
    async fn entries_after(&self, site: &SiteId, after: Sequence, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// One conversation's entries after `after`, oldest first, at most `limit`: a visitor's feed.
    async fn conversation_entries_after(
        &self,
        site: &SiteId,
        conversation: ConversationId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError>;

    /// The last entries of a conversation before `before` (from the end without it), oldest first, at most `limit`.
    async fn entries_before(
        &self,
        site: &SiteId,
        conversation: ConversationId,
        before: Option<Sequence>,
        limit: u32,
    ) -> Result<EntryPage, StoreError>;
}
