//! The vault's events: cursor and effects in one transaction.

use aside_base::Timestamp;
use aside_desk_domain::{Change, Cursor, Effect, Entry, PageUse, Status, effect_of, use_of_page};
use aside_desk_store::{Applied, Followed, Heard, StoreError, VaultStream};
use aside_wire::{Event, EventPage};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::fault::Fault;
use crate::invitations::{ask, move_on, placed};
use crate::row::{all, execute, id, one, site};
use crate::sending::give_up_ended;
use crate::{SqliteStore, fault};

crate::statements::statements! {
    CURSOR = "SELECT epoch, sequence FROM vault_cursor WHERE only = 1";
    MOVE = "INSERT INTO vault_cursor (only, epoch, sequence) VALUES (1, ?, ?) ON CONFLICT (only) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence";
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
        Effect::Nothing => Ok(None),
        Effect::Asked => match ask(connection, &placed, now) {
            Ok(entry) => Ok(entry),
            // Too late to ask: the rule says no, and nothing was written.
            Err(Fault::Refused(_)) => Ok(None),
            Err(Fault::Sql(error)) => Err(error.into()),
        },
    }
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
            move_cursor(connection, Cursor { epoch, sequence: head })?;
            Ok(entries)
        })
        .await
    }
}
