//! The conversations as an agent's list shows them, and the trait that this and its neighbours fulfil.

use aside_base::{AgentId, ConversationId, SiteId, Timestamp};
use aside_desk_domain::{ActRefusal, Conversation, ConversationCounts, ConversationSummary, Entry, Sequence, preview};
use aside_desk_store::{AgentPost, Close, Conversations, Posted, StoreError, VerbError, VisitorPost};
use async_trait::async_trait;
use rusqlite::{Row, params};

use crate::conversations::{self, CONVERSATION_COLUMNS, conversation_columns, read_conversation};
use crate::fault::Fault;
use crate::row::{BlobId, all, moment, moment_or_none, one, status_or_none};
use crate::{SqliteStore, posts, visitors};

/// A line of the list for agent ?2; the rows of `c` are chosen first, so that only they are counted.
macro_rules! summaries_of {
    ($chosen:expr) => {
        concat!(
            "SELECT ",
            conversation_columns!(),
            ", v.name, le.text, c.last_at, c.waiting_since, i.status, (SELECT count(*) FROM (SELECT 1 FROM entries e ",
            "WHERE e.conversation = c.id AND e.sequence > coalesce((SELECT r.sequence FROM read_marks r ",
            "WHERE r.conversation = c.id AND r.agent = ?2), 0) AND e.kind = 'message' AND e.agent IS NULL LIMIT 100)) ",
            "FROM (SELECT * FROM conversations WHERE ",
            $chosen,
            ") c LEFT JOIN agents o ON o.id = c.owner LEFT JOIN visitor_names v ON v.visitor = c.visitor LEFT JOIN entries le ON le.sequence = c.last_message ",
            "LEFT JOIN invitations i ON i.id = c.last_invitation "
        )
    };
}

crate::statements::statements! {
    OPEN = concat!(summaries_of!("site = ?1 AND closed_at IS NULL ORDER BY waiting_since IS NULL, waiting_since, last_at DESC LIMIT ?3"), "ORDER BY c.waiting_since IS NULL, c.waiting_since, c.last_at DESC");
    CLOSED = concat!(summaries_of!("site = ?1 AND closed_at IS NOT NULL AND closed_at >= ?4 ORDER BY closed_at DESC LIMIT ?3"), "ORDER BY c.closed_at DESC");
    ONE = summaries_of!("id = ?3 AND site = ?1");
    COUNTS = "SELECT count(*), count(*) FILTER (WHERE owner = ?2), count(*) FILTER (WHERE waiting_since IS NOT NULL) FROM conversations WHERE site = ?1 AND closed_at IS NULL";
}

/// The beginning of a message from its text.
pub(crate) fn last_text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(row.get::<_, Option<String>>(column)?.map(|text| preview(&text)).unwrap_or_default())
}

fn read_summary(row: &Row<'_>) -> rusqlite::Result<ConversationSummary> {
    Ok(ConversationSummary {
        conversation: read_conversation(row, 0)?,
        visitor_name: visitors::name(row, CONVERSATION_COLUMNS)?,
        last_text: last_text(row, CONVERSATION_COLUMNS + 1)?,
        last_at: moment(row, CONVERSATION_COLUMNS + 2)?,
        waiting_since: moment_or_none(row, CONVERSATION_COLUMNS + 3)?,
        invitation_status: status_or_none(row, CONVERSATION_COLUMNS + 4)?,
        unread: row.get(CONVERSATION_COLUMNS + 5)?,
    })
}

#[async_trait]
impl Conversations for SqliteStore {
    async fn post_visitor_message(&self, post: VisitorPost) -> Result<Posted, VerbError<ActRefusal>> {
        self.verb("post_visitor_message", move |connection| posts::by_visitor(connection, &post)).await
    }

    async fn post_agent_message(&self, post: AgentPost) -> Result<Posted, VerbError<ActRefusal>> {
        self.verb("post_agent_message", move |connection| posts::by_agent(connection, &post)).await
    }

    async fn conversation(
        &self,
        site: &SiteId,
        conversation: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let site = site.clone();
        self.read("conversation", move |connection| Ok(conversations::find(connection, &site, conversation)?)).await
    }

    async fn conversations(
        &self,
        site: &SiteId,
        agent: AgentId,
        closed_since: Timestamp,
        limit: u32,
    ) -> Result<Vec<ConversationSummary>, StoreError> {
        let site = site.clone();
        self.read("conversations", move |connection| {
            let (site, agent) = (site.as_str(), agent.blob());
            let mut list = all(connection, OPEN, params![site, agent, limit], read_summary)?;
            let left = i64::from(limit) - i64::try_from(list.len()).unwrap_or(i64::MAX);
            if left > 0 {
                list.extend(all(connection, CLOSED, params![site, agent, left, closed_since.0], read_summary)?);
            }
            Ok(list)
        })
        .await
    }

    async fn summary(
        &self,
        site: &SiteId,
        agent: AgentId,
        conversation: ConversationId,
    ) -> Result<Option<ConversationSummary>, StoreError> {
        let site = site.clone();
        self.read("summary", move |connection| {
            Ok(one(connection, ONE, params![site.as_str(), agent.blob(), conversation.blob()], read_summary)?)
        })
        .await
    }

    async fn counts(&self, site: &SiteId, agent: AgentId) -> Result<ConversationCounts, StoreError> {
        let site = site.clone();
        self.read("counts", move |connection| {
            let counts = one(connection, COUNTS, params![site.as_str(), agent.blob()], |row| {
                Ok(ConversationCounts { open: row.get(0)?, mine: row.get(1)?, waiting: row.get(2)? })
            })?;
            Ok(counts.unwrap_or_default())
        })
        .await
    }

    async fn mark_read(
        &self,
        site: &SiteId,
        agent: AgentId,
        conversation: ConversationId,
        sequence: Sequence,
    ) -> Result<(), VerbError<ActRefusal>> {
        let site = site.clone();
        self.verb("mark_read", move |connection| {
            let found = conversations::find(connection, &site, conversation)?;
            let agent = conversations::agent_of_site(connection, &site, agent)?;
            let (Some(_), Some(agent)) = (found, agent) else { return Err(Fault::Refused(ActRefusal::NotFound)) };
            Ok(conversations::mark_read(connection, conversation, agent.id, sequence)?)
        })
        .await
    }

    async fn close_conversation(&self, close: Close) -> Result<Option<Entry>, VerbError<ActRefusal>> {
        self.verb("close_conversation", move |connection| conversations::close(connection, &close)).await
    }
}
