//! What is kept of a visitor: finding it, and erasing it so that the files hold nothing of it.
//!
//! A text is written over with blanks of its own length: SQLite then overwrites the bytes where they stand and moves nothing.

use aside_base::{ConversationId, SiteId, Timestamp, VisitorId};
use aside_desk_domain::{
    Action, By, Entry, EntryKind, EraseRefusal, Errand, FoundConversation, FoundVisitor, KeptState, Outcome, Reference,
    Subject, Target, may_erase,
};
use aside_desk_store::{Erasure, Privacy, StoreError, VerbError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::entries::{self, Line};
use crate::fault::Fault;
use crate::row::{BlobId, all, conversation_status, execute, id, moment, moment_or_none, one};
use crate::{SqliteStore, audit, conversations, errands, fault, sending, visitors};

macro_rules! select_conversation {
    () => {
        concat!(
            "SELECT c.id, c.visitor, c.closed_at, c.opened_at, c.last_at, ",
            "(SELECT count(*) FROM invitations i WHERE i.conversation = c.id AND i.shown IS NOT NULL), ",
            "c.erased_at, c.vault_erased_at FROM conversations c "
        )
    };
}

crate::statements::statements! {
    VISITOR = "SELECT v.id, n.name, v.created_at, v.erased_at FROM visitors v LEFT JOIN visitor_names n ON n.visitor = v.id WHERE v.id = ?2 AND v.site = ?1";
    VISITORS_BY_REFERENCE = "SELECT id FROM visitors WHERE site = ?1 AND substr(id, 12, 5) = ?2 LIMIT ?3";
    VISITORS_BY_NAME = "SELECT visitor FROM visitor_names WHERE site = ?1 AND instr(lower(name), lower(?2)) > 0 ORDER BY number DESC LIMIT ?3";
    CONVERSATIONS_BY_REFERENCE = "SELECT id, visitor FROM conversations WHERE site = ?1 AND substr(id, 12, 5) = ?2 LIMIT ?3";
    CONVERSATION_BY_ID = "SELECT id, visitor FROM conversations WHERE id = ?2 AND site = ?1";
    OF_VISITOR = concat!(select_conversation!(), "WHERE c.visitor = ?2 AND c.site = ?1 ORDER BY c.opened_at DESC, c.id DESC");
    IDS_OF_VISITOR = "SELECT id FROM conversations WHERE visitor = ?2 AND site = ?1 ORDER BY opened_at DESC, id DESC LIMIT ?3";
    CONVERSATION = concat!(select_conversation!(), "WHERE c.id = ?2 AND c.site = ?1");
    CLOSE = "UPDATE conversations SET closed_at = ?2, last_at = ?2, waiting_since = NULL WHERE id = ?1 AND closed_at IS NULL";
    ERASE = "UPDATE conversations SET erased_at = ?2 WHERE id = ?1 AND erased_at IS NULL";
    BLANK = "UPDATE entries SET text = printf('%*s', octet_length(text), '') WHERE conversation = ? AND kind = 'message' AND trim(text) <> ''";
    BLANK_NAME = "UPDATE visitor_names SET name = printf('%*s', octet_length(name), '') WHERE visitor = ? AND trim(name) <> ''";
    ERASE_VISITOR = "UPDATE visitors SET cookie = NULL, erased_at = ?2 WHERE id = ?1 AND erased_at IS NULL";
    VAULT_ERASED = "UPDATE conversations SET vault_erased_at = ?3 WHERE id = ?2 AND site = ?1 AND erased_at IS NOT NULL";
    BEGUN = "INSERT INTO erasing (only, times) VALUES (1, 1) ON CONFLICT (only) DO UPDATE SET times = times + 1";
    TIMES = "SELECT times FROM erasing WHERE only = 1";
    FINISHED = "DELETE FROM erasing WHERE only = 1 AND times = ?";
}

/// A conversation that was found.
fn read_found(row: &Row<'_>) -> rusqlite::Result<FoundConversation> {
    Ok(FoundConversation {
        conversation: id(row, 0)?,
        visitor: id(row, 1)?,
        status: conversation_status(moment_or_none(row, 2)?),
        opened_at: moment(row, 3)?,
        last_at: moment(row, 4)?,
        forms: row.get(5)?,
        state: KeptState::of(moment_or_none(row, 6)?, moment_or_none(row, 7)?),
    })
}

fn visitor(
    connection: &Connection,
    site: &SiteId,
    visitor: VisitorId,
) -> rusqlite::Result<Option<(FoundVisitor, Vec<FoundConversation>)>> {
    let key = params![site.as_str(), visitor.blob()];
    let found =
        one(connection, VISITOR, key, |row| Ok((visitors::name(row, 1)?, moment(row, 2)?, moment_or_none(row, 3)?)))?;
    let Some((name, created_at, erased_at)) = found else { return Ok(None) };
    let conversations = all(connection, OF_VISITOR, key, read_found)?;
    // The vault has said it of every conversation.
    let everywhere = conversations.iter().all(|found| found.state == KeptState::Erased);
    let found = FoundVisitor {
        visitor,
        name,
        conversations: u32::try_from(conversations.len()).unwrap_or(u32::MAX),
        last_at: conversations.iter().map(|found| found.last_at).max().unwrap_or(created_at),
        state: KeptState::of(erased_at, erased_at.filter(|_| everywhere)),
    };
    Ok(Some((found, conversations)))
}

/// The visitors that a text names: by their own reference, id or name, or by a conversation's.
fn named(connection: &Connection, site: &SiteId, text: &str, limit: usize) -> rusqlite::Result<Vec<VisitorId>> {
    let (text, most) = (text.trim(), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut found = Vec::new();
    if let Ok(reference) = text.parse::<Reference>() {
        let key = params![site.as_str(), reference.as_bytes(), most];
        found.extend(all(connection, VISITORS_BY_REFERENCE, key, |row| id::<VisitorId>(row, 0))?);
        found.extend(all(connection, CONVERSATIONS_BY_REFERENCE, key, |row| id::<VisitorId>(row, 1))?);
    }
    if let Ok(visitor) = text.parse::<VisitorId>() {
        found.push(visitor);
    }
    if let Ok(conversation) = text.parse::<ConversationId>() {
        found.extend(one(connection, CONVERSATION_BY_ID, params![site.as_str(), conversation.blob()], |row| {
            id::<VisitorId>(row, 1)
        })?);
    }
    let names = params![site.as_str(), text, most];
    found.extend(all(connection, VISITORS_BY_NAME, names, |row| id::<VisitorId>(row, 0))?);
    found.sort_unstable();
    found.dedup();
    // Ids grow with time.
    found.reverse();
    found.truncate(limit);
    Ok(found)
}

/// The conversations that a text names: by their own reference or id, or all of the visitors that it names.
pub(crate) fn conversations_of(
    connection: &Connection,
    site: &SiteId,
    text: &str,
    limit: usize,
) -> rusqlite::Result<Vec<ConversationId>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let (mut found, text) = (Vec::new(), text.trim());
    if let Ok(reference) = text.parse::<Reference>() {
        let key = params![site.as_str(), reference.as_bytes(), most];
        found.extend(all(connection, CONVERSATIONS_BY_REFERENCE, key, |row| id::<ConversationId>(row, 0))?);
        for visitor in all(connection, VISITORS_BY_REFERENCE, key, |row| id::<VisitorId>(row, 0))? {
            of_visitor(connection, site, visitor, limit, &mut found)?;
        }
    }
    if let Ok(conversation) = text.parse::<ConversationId>() {
        found.push(conversation);
        of_visitor(connection, site, VisitorId::from_uuid(*conversation.as_uuid()), limit, &mut found)?;
    }
    let names = params![site.as_str(), text, most];
    for visitor in all(connection, VISITORS_BY_NAME, names, |row| id::<VisitorId>(row, 0))? {
        of_visitor(connection, site, visitor, limit, &mut found)?;
    }
    found.truncate(limit);
    Ok(found)
}

fn of_visitor(
    connection: &Connection,
    site: &SiteId,
    visitor: VisitorId,
    limit: usize,
    found: &mut Vec<ConversationId>,
) -> rusqlite::Result<()> {
    let left = i64::try_from(limit.saturating_sub(found.len())).unwrap_or(i64::MAX);
    let key = params![site.as_str(), visitor.blob(), left];
    found.extend(all(connection, IDS_OF_VISITOR, key, |row| id::<ConversationId>(row, 0))?);
    Ok(())
}

/// Closes a conversation that goes on, because it is erased.
fn close(
    connection: &Connection,
    site: &SiteId,
    conversation: ConversationId,
    by: &By,
) -> rusqlite::Result<Option<Entry>> {
    if execute(connection, CLOSE, params![conversation.blob(), by.at.0])? == 0 {
        return Ok(None);
    }
    sending::give_up_of_conversation(connection, conversation, by.at)?;
    let agent = by.agent().map(|agent| conversations::agent_of_site(connection, site, agent)).transpose()?.flatten();
    let line = Line { agent: agent.as_ref(), ..Line::default() };
    let sequence = entries::add(connection, by.at, site, conversation, "closed", &line)?;
    errands::owe(connection, site, Errand::CloseConversation(conversation), by.at)?;
    audit::note(connection, site, by, Action::CloseConversation, Target::Conversation(conversation), Outcome::Done)?;
    let kind = EntryKind::Closed { by: agent };
    Ok(sequence.map(|sequence| Entry { sequence, at: by.at, site: site.clone(), conversation, kind }))
}

fn erase_conversation(
    connection: &Connection,
    site: &SiteId,
    conversation: ConversationId,
    by: &By,
    erasure: &mut Erasure,
) -> rusqlite::Result<()> {
    erasure.entries.extend(close(connection, site, conversation, by)?);
    if execute(connection, ERASE, params![conversation.blob(), by.at.0])? == 0 {
        return Ok(());
    }
    execute(connection, BLANK, [conversation.blob()])?;
    errands::owe(connection, site, Errand::EraseConversation(conversation), by.at)?;
    erasure.conversations.push(conversation);
    Ok(())
}

fn erase(
    connection: &Connection,
    site: &SiteId,
    subject: Subject,
    typed: &str,
    by: &By,
) -> Result<Erasure, Fault<EraseRefusal>> {
    let mut erasure = Erasure::default();
    let target = match subject {
        Subject::Visitor(of) => {
            let (_, conversations) = visitor(connection, site, of)?.ok_or(Fault::Refused(EraseRefusal::NotFound))?;
            may_erase(subject, typed).map_err(Fault::Refused)?;
            for found in conversations {
                erase_conversation(connection, site, found.conversation, by, &mut erasure)?;
            }
            execute(connection, BLANK_NAME, [of.blob()])?;
            if execute(connection, ERASE_VISITOR, params![of.blob(), by.at.0])? == 1 {
                erasure.visitor = Some(of);
            }
            Target::Visitor(of)
        }
        Subject::Conversation(of) => {
            conversations::find(connection, site, of)?.ok_or(Fault::Refused(EraseRefusal::NotFound))?;
            may_erase(subject, typed).map_err(Fault::Refused)?;
            erase_conversation(connection, site, of, by, &mut erasure)?;
            Target::Conversation(of)
        }
    };
    if erasure.visitor.is_some() || !erasure.conversations.is_empty() {
        execute(connection, BEGUN, [])?;
        audit::note(connection, site, by, Action::EraseData, target, Outcome::Done)?;
    }
    Ok(erasure)
}

/// The vault has said that it keeps nothing of a conversation any more.
pub(crate) fn vault_erased(
    connection: &Connection,
    site: &SiteId,
    conversation: ConversationId,
    now: Timestamp,
) -> rusqlite::Result<()> {
    execute(connection, VAULT_ERASED, params![site.as_str(), conversation.blob(), now.0])?;
    let (action, target) = (Action::ConfirmErasing, Target::Conversation(conversation));
    audit::note(connection, site, &By::desk(now), action, target, Outcome::Done)
}

#[async_trait]
impl Privacy for SqliteStore {
    async fn find_visitors(&self, site: &SiteId, text: &str, limit: u32) -> Result<Vec<FoundVisitor>, StoreError> {
        let (site, text) = (site.clone(), text.to_owned());
        self.read("find_visitors", move |connection| {
            let mut found = Vec::new();
            for named in named(connection, &site, &text, usize::try_from(limit).unwrap_or(usize::MAX))? {
                found.extend(visitor(connection, &site, named)?.map(|(visitor, _)| visitor));
            }
            Ok(found)
        })
        .await
    }

    async fn found_visitor(
        &self,
        site: &SiteId,
        of: VisitorId,
    ) -> Result<Option<(FoundVisitor, Vec<FoundConversation>)>, StoreError> {
        let site = site.clone();
        self.read("found_visitor", move |connection| Ok(visitor(connection, &site, of)?)).await
    }

    async fn found_conversation(
        &self,
        site: &SiteId,
        conversation: ConversationId,
    ) -> Result<Option<FoundConversation>, StoreError> {
        let site = site.clone();
        self.read("found_conversation", move |connection| {
            Ok(one(connection, CONVERSATION, params![site.as_str(), conversation.blob()], read_found)?)
        })
        .await
    }

    async fn erase(
        &self,
        site: &SiteId,
        subject: Subject,
        typed: &str,
        by: By,
    ) -> Result<Erasure, VerbError<EraseRefusal>> {
        let (site, typed) = (site.clone(), typed.to_owned());
        self.verb("erase", move |connection| erase(connection, &site, subject, &typed, &by)).await
    }

    async fn finish_erasing(&self) -> Result<(), StoreError> {
        let begun = self
            .read("finish_erasing", |connection| Ok(one(connection, TIMES, [], |row| row.get::<_, i64>(0))?))
            .await?;
        if let Some(times) = begun {
            self.writer.truncate_log().await.map_err(fault::of_commit)?;
            // What was erased meanwhile waits for the next time.
            self.write("finish_erasing", move |connection| {
                execute(connection, FINISHED, [times])?;
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}
