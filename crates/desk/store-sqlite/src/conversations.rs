//! A conversation's row: reading it, an agent's taking part, reading marks, closing.

use aside_base::{AgentId, ConversationId, InvitationId, SiteId, Timestamp};
use aside_desk_domain::{
    ActRefusal, Action, Actor, AgentRef, AuditRow, Claim, Conversation, Entry, EntryKind, Errand, Outcome, Sequence,
    Target,
};
use aside_desk_store::Close;
use rusqlite::{Connection, Row, params};

use crate::entries::{self, Line};
use crate::fault::Fault;
use crate::row::{BlobId, agent_ref, conversation_status, execute, id, moment, moment_or_none, one, site};
use crate::{audit, errands, sending};

/// A conversation's columns in the order of [`read_conversation`].
macro_rules! conversation_columns {
    () => {
        "c.id, c.site, c.visitor, c.owner, o.display_name, c.opened_at, c.closed_at, c.erased_at"
    };
}

/// How many they are.
pub(crate) const CONVERSATION_COLUMNS: usize = 8;

/// Where [`conversation_columns`] come from.
macro_rules! conversation_tables {
    () => {
        "conversations c LEFT JOIN agents o ON o.id = c.owner"
    };
}

pub(crate) use {conversation_columns, conversation_tables};

crate::statements::statements! {
    CONVERSATION = concat!("SELECT ", conversation_columns!(), " FROM ", conversation_tables!(), " WHERE c.id = ? AND c.site = ?");
    JOIN = "INSERT INTO participants (conversation, agent, joined_at) VALUES (?, ?, ?)";
    AGENT_ACTED = "UPDATE conversations SET last_at = ?2, last_message = coalesce(?3, last_message), waiting_since = NULL, owner = coalesce(owner, ?4), last_invitation = coalesce(?5, last_invitation) WHERE id = ?1";
    MARK_READ = "INSERT INTO read_marks (conversation, agent, sequence) VALUES (?1, ?2, min(?3, (SELECT max(sequence) FROM entries WHERE conversation = ?1))) ON CONFLICT (conversation, agent) DO UPDATE SET sequence = max(sequence, excluded.sequence)";
    CLOSE = "UPDATE conversations SET closed_at = ?2, last_at = ?2, waiting_since = NULL WHERE id = ?1";
    AGENT_OF_SITE = "SELECT id, display_name FROM agents WHERE id = ? AND site = ?";
}

/// A conversation from [`conversation_columns`] that begin at `first`.
pub(crate) fn read_conversation(row: &Row<'_>, first: usize) -> rusqlite::Result<Conversation> {
    let closed_at = moment_or_none(row, first + 6)?;
    Ok(Conversation {
        id: id(row, first)?,
        site: site(row, first + 1)?,
        visitor: id(row, first + 2)?,
        owner: agent_ref(row, first + 3)?,
        status: conversation_status(closed_at),
        opened_at: moment(row, first + 5)?,
        closed_at,
        erased_at: moment_or_none(row, first + 7)?,
    })
}

pub(crate) fn find(
    connection: &Connection,
    site: &SiteId,
    conversation: ConversationId,
) -> rusqlite::Result<Option<Conversation>> {
    let key = params![conversation.blob(), site.as_str()];
    one(connection, CONVERSATION, key, |row| read_conversation(row, 0))
}

/// Writes what a claim says about taking part. Who owns is written with the act itself.
pub(crate) fn take_part(
    connection: &Connection,
    site: &SiteId,
    conversation: ConversationId,
    agent: &AgentRef,
    claim: Claim,
    now: Timestamp,
) -> rusqlite::Result<()> {
    if claim.joins {
        execute(connection, JOIN, params![conversation.blob(), agent.id.blob(), now.0])?;
        entries::add(connection, now, site, conversation, "joined", &Line { agent: Some(agent), ..Line::default() })?;
    }
    Ok(())
}

/// Writes that an agent acted: the visitor no longer waits, and the first to act owns.
pub(crate) fn agent_acted(
    connection: &Connection,
    conversation: ConversationId,
    agent: AgentId,
    message: Option<Sequence>,
    invitation: Option<InvitationId>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let row = params![conversation.blob(), now.0, message.map(|at| at.0), agent.blob(), invitation.map(|id| id.blob())];
    execute(connection, AGENT_ACTED, row).map(|_| ())
}

/// Notes that an agent has read up to `sequence`, or to the end where that lies before it.
pub(crate) fn mark_read(
    connection: &Connection,
    conversation: ConversationId,
    agent: AgentId,
    sequence: Sequence,
) -> rusqlite::Result<()> {
    execute(connection, MARK_READ, params![conversation.blob(), agent.blob(), sequence.0]).map(|_| ())
}

pub(crate) fn agent_of_site(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
) -> rusqlite::Result<Option<AgentRef>> {
    Ok(one(connection, AGENT_OF_SITE, params![agent.blob(), site.as_str()], |row| agent_ref(row, 0))?.flatten())
}

/// Closes a conversation with all that hangs on it.
pub(crate) fn close(connection: &Connection, close: &Close) -> Result<Option<Entry>, Fault<ActRefusal>> {
    let Close { site, conversation, now, .. } = close;
    let standing = find(connection, site, *conversation)?.ok_or(Fault::Refused(ActRefusal::NotFound))?;
    let by = agent_of_site(connection, site, close.agent)?.ok_or(Fault::Refused(ActRefusal::NotFound))?;
    if standing.closed_at.is_some() {
        return Ok(None);
    }
    execute(connection, CLOSE, params![conversation.blob(), now.0])?;
    sending::give_up_of_conversation(connection, *conversation, *now)?;
    let line = Line { agent: Some(&by), ..Line::default() };
    let sequence = entries::add(connection, *now, site, *conversation, "closed", &line)?;
    errands::owe(connection, site, Errand::CloseConversation(*conversation), *now)?;
    let row = AuditRow {
        at: *now,
        site: Some(site.clone()),
        actor: Actor::Agent(close.agent, close.session),
        from: close.from,
        action: Action::CloseConversation,
        target: Target::Conversation(*conversation),
        outcome: Outcome::Done,
        detail: None,
    };
    audit::add(connection, &row)?;
    Ok(sequence.map(|sequence| Entry {
        sequence,
        at: *now,
        site: site.clone(),
        conversation: *conversation,
        kind: EntryKind::Closed { by: Some(by) },
    }))
}
