//! The log: adding to it and reading it.

use aside_base::{ConversationId, InvitationId, MessageId, SiteId, Timestamp};
use aside_desk_domain::{AgentRef, Author, Entry, EntryKind, Sequence, Status};
use aside_desk_store::{Entries, EntryPage, StoreError};
use async_trait::async_trait;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use crate::SqliteStore;
use crate::invitation_row::{invitation_columns, read_invitation};
use crate::row::{
    BlobId, agent_ref, all, erased, execute, gone, id, moment, moment_or_none, one, reason_or_none, site,
    status_or_none,
};

/// Where the invitation's columns begin.
const INVITATION: usize = 16;

macro_rules! select_entries {
    () => {
        concat!(
            "SELECT e.sequence, e.at, e.site, e.conversation, e.kind, e.message, e.agent, a.display_name, e.text, ",
            "e.invitation, e.status, e.since, e.expires_at, e.reason, e.former, f.display_name, ",
            invitation_columns!(),
            " FROM entries e LEFT JOIN agents a ON a.id = e.agent LEFT JOIN agents f ON f.id = e.former ",
            "LEFT JOIN invitations i ON e.kind = 'invitation' AND i.id = e.invitation ",
            "LEFT JOIN agents ia ON ia.id = i.agent "
        )
    };
}

crate::statements::statements! {
    ADD = "INSERT INTO entries (at, site, conversation, kind, message, agent, text, invitation, status, since, expires_at, reason, former) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message) WHERE message IS NOT NULL DO NOTHING";
    HEAD = "SELECT max(sequence) FROM entries WHERE site = ?";
    AT = concat!(select_entries!(), "WHERE e.sequence = ?");
    AFTER = concat!(select_entries!(), "WHERE e.site = ? AND e.sequence > ? ORDER BY e.sequence LIMIT ?");
    CONVERSATION_AFTER = concat!(select_entries!(), "WHERE e.conversation = ?2 AND e.site = ?1 AND e.sequence > ?3 ORDER BY e.sequence LIMIT ?4");
    BEFORE = concat!(select_entries!(), "WHERE e.conversation = ?2 AND e.site = ?1 AND e.sequence < ?3 ORDER BY e.sequence DESC LIMIT ?4");
}

/// An entry to add; what its kind does not say stays empty.
#[derive(Default)]
pub(crate) struct Line<'a> {
    pub(crate) message: Option<MessageId>,
    pub(crate) agent: Option<&'a AgentRef>,
    pub(crate) text: Option<&'a str>,
    pub(crate) invitation: Option<InvitationId>,
    pub(crate) status: Option<Status>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    /// Why, by its name.
    pub(crate) reason: Option<&'static str>,
    pub(crate) former: Option<&'a AgentRef>,
}

/// Adds an entry at the log's end. Nothing when a message with that id stands already.
pub(crate) fn add(
    connection: &Connection,
    at: Timestamp,
    site: &SiteId,
    conversation: ConversationId,
    kind: &'static str,
    line: &Line<'_>,
) -> rusqlite::Result<Option<Sequence>> {
    let row = params![
        at.0,
        site.as_str(),
        conversation.blob(),
        kind,
        line.message.map(|id| id.blob()),
        line.agent.map(|agent| agent.id.blob()),
        line.text,
        line.invitation.map(|id| id.blob()),
        line.status.map(Status::as_str),
        line.since.map(|at| at.0),
        line.expires_at.map(|at| at.0),
        line.reason,
        line.former.map(|agent| agent.id.blob())
    ];
    let added = execute(connection, ADD, row)?;
    Ok((added == 1).then(|| Sequence(connection.last_insert_rowid())))
}

/// The entry in that place.
pub(crate) fn at(connection: &Connection, sequence: Sequence) -> rusqlite::Result<Entry> {
    one(connection, AT, [sequence.0], read_entry)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        sequence: Sequence(row.get(0)?),
        at: moment(row, 1)?,
        site: site(row, 2)?,
        conversation: id(row, 3)?,
        kind: read_kind(row)?,
    })
}

/// A message's text. Blanks are what an erased one was written over with: no message consists of them.
fn read_text(row: &Row<'_>) -> rusqlite::Result<String> {
    let text: String = row.get(8)?;
    Ok(if text.trim().is_empty() { String::new() } else { text })
}

fn read_kind(row: &Row<'_>) -> rusqlite::Result<EntryKind> {
    let missing = |column: usize| rusqlite::Error::InvalidColumnType(column, "entry".into(), Type::Null);
    let agent = agent_ref(row, 6)?;
    Ok(match row.get_ref(4)?.as_str()? {
        "message" => EntryKind::Message {
            id: id(row, 5)?,
            author: agent.map_or(Author::Visitor, Author::Agent),
            text: read_text(row)?,
        },
        "invitation" => EntryKind::Invitation(Box::new(read_invitation(row, INVITATION)?)),
        "status" => EntryKind::Status {
            invitation: id(row, 9)?,
            status: status_or_none(row, 10)?.ok_or_else(|| missing(10))?,
            since: moment(row, 11)?,
            expires_at: moment_or_none(row, 12)?,
            reason: reason_or_none(row, 13)?,
        },
        "asked" => EntryKind::Asked { invitation: id(row, 9)? },
        "joined" => EntryKind::Joined { agent: agent.ok_or_else(|| missing(6))? },
        "closed" => EntryKind::Closed { by: agent },
        "transferred" => EntryKind::Transferred { from: agent_ref(row, 14)?, to: agent.ok_or_else(|| missing(6))? },
        "gone" => EntryKind::Gone { invitation: id(row, 9)?, why: gone(row, 13)? },
        // The table's CHECK leaves no other kind.
        _ => EntryKind::Erased { invitation: id(row, 9)?, why: erased(row, 13)? },
    })
}

#[async_trait]
impl Entries for SqliteStore {
    async fn head(&self, site: &SiteId) -> Result<Sequence, StoreError> {
        let site = site.clone();
        self.read("head", move |connection| {
            let head: Option<Option<i64>> = one(connection, HEAD, [site.as_str()], |row| row.get(0))?;
            Ok(Sequence(head.flatten().unwrap_or(0)))
        })
        .await
    }

    async fn entries_after(&self, site: &SiteId, after: Sequence, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let site = site.clone();
        self.read("entries_after", move |connection| {
            Ok(all(connection, AFTER, params![site.as_str(), after.0, limit], read_entry)?)
        })
        .await
    }

    async fn conversation_entries_after(
        &self,
        site: &SiteId,
        conversation: ConversationId,
        after: Sequence,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let site = site.clone();
        self.read("conversation_entries_after", move |connection| {
            let key = params![site.as_str(), conversation.blob(), after.0, limit];
            Ok(all(connection, CONVERSATION_AFTER, key, read_entry)?)
        })
        .await
    }

    async fn entries_before(
        &self,
        site: &SiteId,
        conversation: ConversationId,
        before: Option<Sequence>,
        limit: u32,
    ) -> Result<EntryPage, StoreError> {
        let site = site.clone();
        self.read("entries_before", move |connection| {
            let before = before.map_or(i64::MAX, |sequence| sequence.0);
            // One more than asked tells whether there are older ones.
            let key = params![site.as_str(), conversation.blob(), before, i64::from(limit) + 1];
            let mut entries = all(connection, BEFORE, key, read_entry)?;
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let more = entries.len() > limit;
            entries.truncate(limit);
            entries.reverse();
            Ok(EntryPage { entries, more })
        })
        .await
    }
}
