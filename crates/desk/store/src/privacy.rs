//! What is kept of a visitor: finding and erasing it (V8).

use aside_base::{ConversationId, SiteId, VisitorId};
use aside_desk_domain::{By, Entry, EraseRefusal, FoundConversation, FoundVisitor, Subject};
use async_trait::async_trait;

use crate::{StoreError, VerbError};

/// What was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasure {
    /// Conversations that were erased just now; none when all were before.
    pub conversations: Vec<ConversationId>,
    /// The visitor, where it was erased as a whole just now.
    pub visitor: Option<VisitorId>,
    /// Entries that say that conversations were closed for it.
    pub entries: Vec<Entry>,
}

/// Privacy.
#[async_trait]
pub trait Privacy: Send + Sync {
    /// Visitors of the site with that reference or id, with a conversation of that reference or id, or whose name holds the
    /// text; newest first, at most `limit`.
    async fn find_visitors(&self, site: &SiteId, text: &str, limit: u32) -> Result<Vec<FoundVisitor>, StoreError>;

    /// A visitor with its conversations, newest first.
    async fn found_visitor(
        &self,
        site: &SiteId,
        visitor: VisitorId,
    ) -> Result<Option<(FoundVisitor, Vec<FoundConversation>)>, StoreError>;

    /// A conversation.
    async fn found_conversation(
        &self,
        site: &SiteId,
        conversation: ConversationId,
    ) -> Result<Option<FoundConversation>, StoreError>;

    /// Erases what is kept: conversations that go on are closed, texts and names blanked, the visitor's cookie void, an errand to
    /// the vault for each conversation, the audit row, in one transaction; `typed` must name the subject. A repeat changes
    /// nothing. Until [`Privacy::finish_erasing`] the database's log may still hold what was there.
    async fn erase(
        &self,
        site: &SiteId,
        subject: Subject,
        typed: &str,
        by: By,
    ) -> Result<Erasure, VerbError<EraseRefusal>>;

    /// Takes what was erased out of the database's log too; nothing while nothing was.
    async fn finish_erasing(&self) -> Result<(), StoreError>;
}
