//! Conversations that are over: by the time of their closing, or by what somebody looks for.

use std::cmp::Reverse;

use aside_base::{AgentId, ConversationId, SiteId, Timestamp};
use aside_desk_domain::{HistoryCursor, HistoryFilter, PastConversation, PastForm, PastPage};
use aside_desk_store::{History, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::conversations::{CONVERSATION_COLUMNS, conversation_columns, read_conversation};
use crate::list::last_text;
use crate::row::{BlobId, all, erased, id, moment, named, one, where_set};
use crate::{SqliteStore, privacy, visitors};

/// The most conversations that a text is answered with.
const MOST_FOUND: usize = 500;

macro_rules! select_past {
    () => {
        concat!(
            "SELECT ",
            conversation_columns!(),
            ", n.name, le.text FROM conversations c LEFT JOIN agents o ON o.id = c.owner ",
            "LEFT JOIN visitor_names n ON n.visitor = c.visitor LEFT JOIN entries le ON le.sequence = c.last_message "
        )
    };
}

crate::statements::statements! {
    PAGE = concat!(select_past!(), "WHERE c.site = ?1 AND c.closed_at IS NOT NULL AND c.closed_at >= ?2 AND c.closed_at < ?3 AND (c.closed_at, c.id) < (?4, ?5) AND (?6 IS NULL OR c.owner = ?6 OR EXISTS (SELECT 1 FROM participants p WHERE p.conversation = c.id AND p.agent = ?6)) ORDER BY c.closed_at DESC, c.id DESC LIMIT ?7");
    ONE = concat!(select_past!(), "WHERE c.id = ?2 AND c.site = ?1 AND c.closed_at IS NOT NULL");
    TOOK_PART = "SELECT 1 FROM participants WHERE conversation = ? AND agent = ?";
    FORMS = "SELECT id, title, reference, status, coalesce(read_at, submitted_at, ended_at, viewed_at, received_at, sent_at), erased FROM invitations WHERE conversation = ? AND shown IS NOT NULL ORDER BY begun_at, id";
    OF_FORM = "SELECT conversation FROM invitations WHERE site = ?1 AND reference = ?2 LIMIT 500";
}

fn read_past(row: &Row<'_>) -> rusqlite::Result<PastConversation> {
    Ok(PastConversation {
        conversation: read_conversation(row, 0)?,
        visitor_name: visitors::name(row, CONVERSATION_COLUMNS)?,
        last_text: last_text(row, CONVERSATION_COLUMNS + 1)?,
        forms: Vec::new(),
    })
}

fn with_forms(connection: &Connection, mut past: PastConversation) -> rusqlite::Result<PastConversation> {
    past.forms = all(connection, FORMS, [past.conversation.id.blob()], |row| {
        Ok(PastForm {
            invitation: id(row, 0)?,
            title: row.get(1)?,
            reference: row.get(2)?,
            status: named(row, 3, &aside_desk_domain::Status::ALL, aside_desk_domain::Status::as_str)?,
            since: moment(row, 4)?,
            erased: where_set(row, 5, erased)?,
        })
    })?;
    Ok(past)
}

/// Where a conversation stands in the list.
fn place(past: &PastConversation) -> (Timestamp, ConversationId) {
    let conversation = &past.conversation;
    (conversation.closed_at.unwrap_or(conversation.opened_at), conversation.id)
}

fn is_of(connection: &Connection, past: &PastConversation, agent: AgentId) -> rusqlite::Result<bool> {
    let conversation = &past.conversation;
    let owns = conversation.owner.as_ref().is_some_and(|owner| owner.id == agent);
    let key = params![conversation.id.blob(), agent.blob()];
    Ok(owns || one(connection, TOOK_PART, key, |_| Ok(()))?.is_some())
}

/// Those that a text names.
fn found(
    connection: &Connection,
    site: &SiteId,
    text: &str,
    filter: &HistoryFilter,
) -> rusqlite::Result<Vec<PastConversation>> {
    let mut ids = privacy::conversations_of(connection, site, text, MOST_FOUND)?;
    let form = params![site.as_str(), text.trim().to_uppercase()];
    ids.extend(all(connection, OF_FORM, form, |row| id::<ConversationId>(row, 0))?);
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::new();
    for id in ids {
        let Some(past) = one(connection, ONE, params![site.as_str(), id.blob()], read_past)? else { continue };
        let (at, _) = place(&past);
        let in_time = filter.from.is_none_or(|from| at >= from) && filter.until.is_none_or(|until| at < until);
        if in_time && filter.agent.map_or(Ok(true), |agent| is_of(connection, &past, agent))? {
            found.push(past);
        }
    }
    found.sort_by_key(|past| Reverse(place(past)));
    Ok(found)
}

fn page(
    connection: &Connection,
    site: &SiteId,
    filter: &HistoryFilter,
    before: Option<HistoryCursor>,
    limit: u32,
) -> rusqlite::Result<PastPage> {
    let bound = before.map_or((Timestamp(i64::MAX), [0xFF; 16]), |at| (at.closed_at, at.conversation.blob()));
    // One more than asked tells whether there are more.
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut past = match &filter.text {
        Some(text) => {
            let mut found = found(connection, site, text, filter)?;
            found.retain(|past| (place(past).0, place(past).1.blob()) < bound);
            found.truncate(wanted.saturating_add(1));
            found
        }
        None => {
            let from = filter.from.map_or(i64::MIN, |from| from.0);
            let until = filter.until.map_or(i64::MAX, |until| until.0);
            let agent = filter.agent.map(|agent| agent.blob());
            let key = params![site.as_str(), from, until, bound.0.0, bound.1, agent, i64::from(limit) + 1];
            all(connection, PAGE, key, read_past)?
        }
    };
    let more = past.len() > wanted;
    past.truncate(wanted);
    let next = past.last().filter(|_| more).map(|last| {
        let (closed_at, conversation) = place(last);
        HistoryCursor { closed_at, conversation }
    });
    let conversations = past.into_iter().map(|past| with_forms(connection, past)).collect::<rusqlite::Result<_>>()?;
    Ok(PastPage { conversations, next })
}

#[async_trait]
impl History for SqliteStore {
    async fn past_conversations(
        &self,
        site: &SiteId,
        filter: HistoryFilter,
        before: Option<HistoryCursor>,
        limit: u32,
    ) -> Result<PastPage, StoreError> {
        let site = site.clone();
        self.read("past_conversations", move |connection| Ok(page(connection, &site, &filter, before, limit)?)).await
    }
}
