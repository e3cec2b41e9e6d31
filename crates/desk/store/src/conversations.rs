//! Conversations: posting, closing, and the list of them.

use aside_base::{AgentId, ConversationId, MessageId, SessionId, SiteId, Timestamp, VisitorId};
use aside_desk_domain::{
    ActRefusal, Conversation, ConversationCounts, ConversationSummary, Entry, MessageText, Sequence, Where,
};
use async_trait::async_trait;

use crate::{StoreError, VerbError};

/// A visitor's message.
#[derive(Debug, Clone)]
pub struct VisitorPost {
    /// The site.
    pub site: SiteId,
    /// Who writes.
    pub visitor: VisitorId,
    /// The message's id, given by the visitor's client.
    pub message: MessageId,
    /// The text.
    pub text: MessageText,
    /// The id for the conversation, should this message start one.
    pub fresh: ConversationId,
    /// When.
    pub now: Timestamp,
}

/// An agent's message.
#[derive(Debug, Clone)]
pub struct AgentPost {
    /// The site.
    pub site: SiteId,
    /// Where.
    pub conversation: ConversationId,
    /// Who writes.
    pub agent: AgentId,
    /// The message's id, given by the agent's client.
    pub message: MessageId,
    /// The text.
    pub text: MessageText,
    /// When.
    pub now: Timestamp,
}

/// A message in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Its entry.
    pub entry: Entry,
    /// Whether it stood there already: nothing was written.
    pub repeat: bool,
    /// Whether it started a conversation.
    pub started: bool,
}

/// An agent closes a conversation.
#[derive(Debug, Clone)]
pub struct Close {
    /// The site.
    pub site: SiteId,
    /// Which.
    pub conversation: ConversationId,
    /// Who.
    pub agent: AgentId,
    /// In which session.
    pub session: SessionId,
    /// From where.
    pub from: Where,
    /// When.
    pub now: Timestamp,
}

/// Conversations.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// Posts a visitor's message into its open conversation, or into a new one when there is none.
    ///
    /// A repeat answers the entry that stands already. Refuses only with [`ActRefusal::IdTaken`], and with
    /// [`ActRefusal::NotFound`] when the site has no such visitor.
    async fn post_visitor_message(&self, post: VisitorPost) -> Result<Posted, VerbError<ActRefusal>>;

    /// Posts an agent's message. The agent joins (an entry of its own, before the message), owns the conversation when
    /// nobody did, and has read all before it. The visitor no longer waits.
    async fn post_agent_message(&self, post: AgentPost) -> Result<Posted, VerbError<ActRefusal>>;

    /// A conversation of a site.
    async fn conversation(
        &self,
        site: &SiteId,
        conversation: ConversationId,
    ) -> Result<Option<Conversation>, StoreError>;

    /// The conversations in `agent`'s list: open ones, who waits longest first; then those closed since `closed_since`,
    /// newest first; at most `limit`.
    async fn conversations(
        &self,
        site: &SiteId,
        agent: AgentId,
        closed_since: Timestamp,
        limit: u32,
    ) -> Result<Vec<ConversationSummary>, StoreError>;

    /// One line of that list, for the live feed.
    async fn summary(
        &self,
        site: &SiteId,
        agent: AgentId,
        conversation: ConversationId,
    ) -> Result<Option<ConversationSummary>, StoreError>;

    /// The figures above the list.
    async fn counts(&self, site: &SiteId, agent: AgentId) -> Result<ConversationCounts, StoreError>;

    /// Notes that `agent` has read up to `sequence`. Never moves backwards, never past the last entry.
    async fn mark_read(
        &self,
        site: &SiteId,
        agent: AgentId,
        conversation: ConversationId,
        sequence: Sequence,
    ) -> Result<(), VerbError<ActRefusal>>;

    /// Closes a conversation for good: its entry, its unconfirmed invitations, the errand to the vault and the audit row
    /// in one transaction. `None` when it was closed before; refuses only with [`ActRefusal::NotFound`].
    async fn close_conversation(&self, close: Close) -> Result<Option<Entry>, VerbError<ActRefusal>>;
}
