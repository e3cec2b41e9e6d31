//! The vault's events: cursor and effects in one transaction.

use aside_base::Timestamp;
use aside_desk_domain::{
    Change, Cursor, Effect, Entry, EntryKind, PageUse, Status, effect_of, use_of_page, was_reissued,
};
use aside_desk_store::{Applied, Followed, Heard, Placed, StoreError, VaultStream};
use aside_wire::{EraseReason, Event, EventPage, GoneReason};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::entries::{self, Line};
use crate::fault::Fault;
use crate::invitations::{ask, begin_anew, move_on, placed};
use crate::row::{BlobId, all, erased_name, execute, gone_name, id, one, site};
use crate::sending::give_up_ended;
use crate::{SqliteStore, fault, keeping};

crate::statements::statements! {
    CURSOR = "SELECT epoch, sequence FROM vault_cursor WHERE only = 1";
    MOVE = "INSERT INTO vault_cursor (only, epoch, sequence) VALUES (1, ?, ?) ON CONFLICT (only) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence";
    GONE = "UPDATE invitations SET gone = ?2 WHERE id = ?1";
    ERASED = "UPDATE invitations SET erased = ?2 WHERE id = ?1";
    FOLLOWED = "SELECT i.site, i.id FROM invitations i JOIN conversations c ON c.id = i.conversation WHERE i.status IN ('sent', 'received', 'viewed', 'submitted') AND (i.status <> 'submitted' OR c.closed_at IS NULL)";
}

fn cursor(connection: &Connection) -> rusqlite::Result<Option<Cursor>> {
    one(connection, CURSOR, [], |row| Ok(Cursor { epoch: Uuid::from_bytes(row.get(0)?), sequence: row.get(1)? }))
}

fn move_cursor(connection: &Connection, to: Cursor) -> rusqlite::Result<()> {
    execute(connection, MOVE, params![to.epoch.as_bytes(), to.sequence]).map(|_| ())
}

/// One event's effect, if it has one.
fn apply(connection: &Connection, event: &Event, now: Timestamp) -> Result<Option<Entry>, fault::Plain> {
    let effect = effect_of(&event.kind, event.at);
    let Some(placed) = placed(connection, &event.site, event.invitation)? else {
        if let Effect::Status(Change { status, .. }) = effect
            && status.is_ended()
        {
            // Not shown yet, and over already: it never will be. An unknown one is left alone.
            give_up_ended(connection, &event.site, event.invitation, status, now)?;
        }
        return Ok(None);
    };
    match effect {
        Effect::Status(change) => Ok(move_on(connection, &placed.invitation, &change, now)?),
        Effect::Reissued(at) => Ok(begin_anew(connection, &placed.invitation, at, now)?),
        Effect::Gone(why) => {
            execute(connection, GONE, params![event.invitation.blob(), gone_name(why)])?;
            Ok(told(connection, &placed, Told::Gone(why), now)?)
        }
        Effect::Erased(why) => {
            execute(connection, ERASED, params![event.invitation.blob(), erased_name(why)])?;
            Ok(told(connection, &placed, Told::Erased(why), now)?)
        }
        Effect::Nothing => Ok(None),
        Effect::Asked => match ask(connection, &placed, now) {
            Ok(entry) => Ok(entry),
            // Too late to ask: the rule says no, and nothing was written.
            Err(Fault::Refused(_)) => Ok(None),
            Err(Fault::Sql(error)) => Err(error.into()),
        },
    }
}

/// What the vault tells of answers.
enum Told {
    Gone(GoneReason),
    Erased(EraseReason),
}

/// Logs what became of an invitation's answers.
fn told(connection: &Connection, placed: &Placed, told: Told, now: Timestamp) -> rusqlite::Result<Option<Entry>> {
    let (invitation, conversation) = (placed.invitation.id(), &placed.conversation);
    let (name, reason, kind) = match told {
        Told::Gone(why) => ("gone", gone_name(why), EntryKind::Gone { invitation, why }),
        Told::Erased(why) => ("erased", erased_name(why), EntryKind::Erased { invitation, why }),
    };
    let line = Line { invitation: Some(invitation), reason: Some(reason), ..Line::default() };
    let sequence = entries::add(connection, now, &conversation.site, conversation.id, name, &line)?;
    let (site, conversation) = (conversation.site.clone(), conversation.id);
    Ok(sequence.map(|sequence| Entry { sequence, at: now, site, conversation, kind }))
}

fn apply_page(connection: &Connection, page: &EventPage, now: Timestamp) -> Result<Applied, fault::Plain> {
    let at = cursor(connection)?;
    let (Some(mut at), PageUse::Apply) = (at, use_of_page(at, page.epoch, page.head)) else {
        return Ok(Applied::OtherStream);
    };
    let mut entries = Vec::new();
    let before = at.sequence;
    for event in &page.events {
        if event.sequence > at.sequence {
            entries.extend(apply(connection, event, now)?);
            at.sequence = event.sequence;
        }
    }
    if at.sequence > before {
        move_cursor(connection, at)?;
    }
    Ok(Applied::Done(entries))
}

fn hear(connection: &Connection, heard: &Heard, now: Timestamp) -> rusqlite::Result<Option<Entry>> {
    let Followed { site, invitation } = &heard.followed;
    let Some(placed) = placed(connection, site, *invitation)? else { return Ok(None) };
    let change = match &heard.status {
        Some(told) => Change { status: told.status.into(), at: told.since, submission: told.submission, reason: None },
        None => Change { status: Status::Failed, at: now, submission: None, reason: None },
    };
    if was_reissued(placed.invitation.status, change.status) {
        return begin_anew(connection, &placed.invitation, change.at, now);
    }
    move_on(connection, &placed.invitation, &change, now)
}

#[async_trait]
impl VaultStream for SqliteStore {
    async fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        self.read("cursor", |connection| Ok(cursor(connection)?)).await
    }

    async fn apply_events(&self, page: EventPage, now: Timestamp) -> Result<Applied, StoreError> {
        self.write("apply_events", move |connection| apply_page(connection, &page, now)).await
    }

    async fn followed_invitations(&self) -> Result<Vec<Followed>, StoreError> {
        self.read("followed_invitations", |connection| {
            Ok(all(connection, FOLLOWED, [], |row| Ok(Followed { site: site(row, 0)?, invitation: id(row, 1)? }))?)
        })
        .await
    }

    async fn resynchronise(
        &self,
        epoch: Uuid,
        head: i64,
        heard: Vec<Heard>,
        now: Timestamp,
    ) -> Result<Vec<Entry>, StoreError> {
        self.write("resynchronise", move |connection| {
            let mut entries = Vec::new();
            for heard in &heard {
                entries.extend(hear(connection, heard, now)?);
            }
            // Another vault, or one that was restored: it may have forgotten what it was told.
            if cursor(connection)?.is_some_and(|former| former.epoch != epoch) {
                keeping::tell_everything(connection, now)?;
            }
            move_cursor(connection, Cursor { epoch, sequence: head })?;
            Ok(entries)
        })
        .await
    }
}
