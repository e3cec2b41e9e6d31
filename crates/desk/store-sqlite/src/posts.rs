//! Posting messages: the id makes a repeat harmless, whoever races.

use aside_base::{MessageId, SiteId, VisitorId};
use aside_desk_domain::{ActRefusal, Author, Entry, EntryKind, PostedBefore, Sequence, claim, may_act, repeat_of};
use aside_desk_store::{AgentPost, Posted, VisitorPost};
use rusqlite::{Connection, params};

use crate::conversations::{agent_acted, mark_read, take_part};
use crate::entries::{self, Line};
use crate::fault::Fault;
use crate::row::{BlobId, agent_ref, conversation_status, execute, id, id_or_none, moment_or_none, one};
use crate::visitors;

crate::statements::statements! {
    OPEN_OF_VISITOR = "SELECT id FROM conversations WHERE visitor = ? AND site = ? AND closed_at IS NULL";
    START = "INSERT INTO conversations (id, site, visitor, opened_at, last_at) VALUES (?1, ?2, ?3, ?4, ?4)";
    VISITOR_WROTE = "UPDATE conversations SET last_message = ?2, last_at = ?3, waiting_since = coalesce(waiting_since, ?3) WHERE id = ?1";
    BEFORE = "SELECT e.sequence, e.conversation, c.visitor, e.agent, a.display_name FROM entries e JOIN conversations c ON c.id = e.conversation LEFT JOIN agents a ON a.id = e.agent WHERE e.message = ? AND e.site = ?";
    AGENTS_PLACE = "SELECT c.closed_at, c.owner, p.agent IS NOT NULL, a.id, a.display_name FROM conversations c JOIN agents a ON a.id = ?3 AND a.site = c.site LEFT JOIN participants p ON p.conversation = c.id AND p.agent = a.id WHERE c.id = ?1 AND c.site = ?2";
}

fn posted_before(connection: &Connection, site: &SiteId, message: MessageId) -> rusqlite::Result<Option<PostedBefore>> {
    one(connection, BEFORE, params![message.blob(), site.as_str()], |row| {
        Ok(PostedBefore {
            sequence: Sequence(row.get(0)?),
            conversation: id(row, 1)?,
            visitor: id(row, 2)?,
            author: agent_ref(row, 3)?.map_or(Author::Visitor, Author::Agent),
        })
    })
}

fn repeated(connection: &Connection, earlier: &PostedBefore) -> Result<Posted, Fault<ActRefusal>> {
    Ok(Posted { entry: entries::at(connection, earlier.sequence)?, repeat: true, started: false })
}

/// What stands under that id already, if this visitor wrote it.
fn visitors_repeat(connection: &Connection, post: &VisitorPost) -> Result<Option<Posted>, Fault<ActRefusal>> {
    let Some(earlier) = posted_before(connection, &post.site, post.message)? else { return Ok(None) };
    if repeat_of(&earlier, &Author::Visitor, None, Some(post.visitor)) {
        return repeated(connection, &earlier).map(Some);
    }
    Err(Fault::Refused(ActRefusal::IdTaken))
}

fn open_conversation_of(
    connection: &Connection,
    site: &SiteId,
    visitor: VisitorId,
) -> rusqlite::Result<Option<aside_base::ConversationId>> {
    one(connection, OPEN_OF_VISITOR, params![visitor.blob(), site.as_str()], |row| id(row, 0))
}

/// Posts a visitor's message.
pub(crate) fn by_visitor(connection: &Connection, post: &VisitorPost) -> Result<Posted, Fault<ActRefusal>> {
    let VisitorPost { site, now, .. } = post;
    let open = open_conversation_of(connection, site, post.visitor)?;
    let conversation = match open {
        Some(conversation) => conversation,
        None => {
            if let Some(repeat) = visitors_repeat(connection, post)? {
                return Ok(repeat);
            }
            if !visitors::is_there(connection, site, post.visitor)? {
                return Err(Fault::Refused(ActRefusal::NotFound));
            }
            execute(connection, START, params![post.fresh.blob(), site.as_str(), post.visitor.blob(), now.0])?;
            post.fresh
        }
    };
    let line = Line { message: Some(post.message), text: Some(post.text.as_str()), ..Line::default() };
    let Some(sequence) = entries::add(connection, *now, site, conversation, "message", &line)? else {
        // The id is unique over all sites; what is not found on this one is somebody else's.
        return visitors_repeat(connection, post)?.ok_or(Fault::Refused(ActRefusal::IdTaken));
    };
    execute(connection, VISITOR_WROTE, params![conversation.blob(), sequence.0, now.0])?;
    let kind = EntryKind::Message { id: post.message, author: Author::Visitor, text: post.text.as_str().to_owned() };
    let entry = Entry { sequence, at: *now, site: site.clone(), conversation, kind };
    Ok(Posted { entry, repeat: false, started: open.is_none() })
}

/// Posts an agent's message.
pub(crate) fn by_agent(connection: &Connection, post: &AgentPost) -> Result<Posted, Fault<ActRefusal>> {
    let AgentPost { site, conversation, now, .. } = post;
    let key = params![conversation.blob(), site.as_str(), post.agent.blob()];
    let place = one(connection, AGENTS_PLACE, key, |row| {
        let status = conversation_status(moment_or_none(row, 0)?);
        Ok((status, claim(id_or_none(row, 1)?, row.get(2)?), agent_ref(row, 3)?))
    })?;
    let Some((status, claim, Some(agent))) = place else { return Err(Fault::Refused(ActRefusal::NotFound)) };
    let author = Author::Agent(agent.clone());
    let repeat = || match posted_before(connection, site, post.message)? {
        Some(earlier) if repeat_of(&earlier, &author, Some(*conversation), None) => {
            repeated(connection, &earlier).map(Some)
        }
        Some(_) => Err(Fault::Refused(ActRefusal::IdTaken)),
        None => Ok(None),
    };
    if let Err(refusal) = may_act(status) {
        return repeat()?.ok_or(Fault::Refused(refusal));
    }
    take_part(connection, site, *conversation, &agent, claim, *now)?;
    let line =
        Line { message: Some(post.message), agent: Some(&agent), text: Some(post.text.as_str()), ..Line::default() };
    let Some(sequence) = entries::add(connection, *now, site, *conversation, "message", &line)? else {
        return repeat()?.ok_or(Fault::Refused(ActRefusal::IdTaken));
    };
    agent_acted(connection, *conversation, agent.id, Some(sequence), None, *now)?;
    mark_read(connection, *conversation, agent.id, sequence)?;
    let kind = EntryKind::Message { id: post.message, author, text: post.text.as_str().to_owned() };
    let entry = Entry { sequence, at: *now, site: site.clone(), conversation: *conversation, kind };
    Ok(Posted { entry, repeat: false, started: false })
}
