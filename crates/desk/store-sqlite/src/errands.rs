//! The outbox to the vault.

use aside_base::{ConversationId, InvitationId, SessionId, SiteId, Timestamp};
use aside_desk_domain::{Errand, ErrandId, PendingErrand, backoff};
use aside_desk_store::{Errands, StoreError};
use aside_wire::CancelReason;
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::SqliteStore;
use crate::row::{BlobId, all, execute, id, moment, one, reason_name, reason_or_none, site};

crate::statements::statements! {
    ADD = "INSERT INTO errands (site, kind, subject, reason, due_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
    DUE = "SELECT id, site, kind, subject, reason, attempts, due_at FROM errands WHERE due_at <= ? ORDER BY due_at, id LIMIT ?";
    NEXT = "SELECT min(due_at) FROM errands";
    DONE = "DELETE FROM errands WHERE id = ?";
    ATTEMPTS = "SELECT attempts FROM errands WHERE id = ?";
    RETRY = "UPDATE errands SET attempts = ?2, due_at = ?3 WHERE id = ?1";
}

/// Writes an errand in the transaction that owes it; due at once.
pub(crate) fn owe(connection: &Connection, site: &SiteId, errand: Errand, now: Timestamp) -> rusqlite::Result<()> {
    let (kind, subject, reason) = match errand {
        Errand::EndSession(session) => ("end_session", SessionId::blob(&session), None),
        Errand::CloseConversation(conversation) => ("close_conversation", ConversationId::blob(&conversation), None),
        Errand::CancelInvitation(invitation, reason) => {
            ("cancel_invitation", InvitationId::blob(&invitation), Some(reason_name(reason)))
        }
    };
    execute(connection, ADD, params![site.as_str(), kind, subject, reason, now.0]).map(|_| ())
}

fn read_errand(row: &Row<'_>) -> rusqlite::Result<PendingErrand> {
    let errand = match row.get_ref(2)?.as_str()? {
        "end_session" => Errand::EndSession(id(row, 3)?),
        "close_conversation" => Errand::CloseConversation(id(row, 3)?),
        // The table's CHECK leaves no fourth kind.
        _ => Errand::CancelInvitation(id(row, 3)?, reason_or_none(row, 4)?.unwrap_or(CancelReason::Agent)),
    };
    Ok(PendingErrand {
        id: ErrandId(row.get(0)?),
        site: site(row, 1)?,
        errand,
        attempts: row.get(5)?,
        due_at: moment(row, 6)?,
    })
}

#[async_trait]
impl Errands for SqliteStore {
    async fn due_errands(&self, now: Timestamp, limit: u32) -> Result<Vec<PendingErrand>, StoreError> {
        self.read("due_errands", move |connection| Ok(all(connection, DUE, params![now.0, limit], read_errand)?)).await
    }

    async fn next_errand_at(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read("next_errand_at", |connection| {
            let next: Option<Option<i64>> = one(connection, NEXT, [], |row| row.get(0))?;
            Ok(next.flatten().map(Timestamp))
        })
        .await
    }

    async fn errand_done(&self, errand: ErrandId) -> Result<(), StoreError> {
        self.write("errand_done", move |connection| {
            execute(connection, DONE, [errand.0])?;
            Ok(())
        })
        .await
    }

    async fn errand_failed(&self, errand: ErrandId, now: Timestamp) -> Result<(), StoreError> {
        self.write("errand_failed", move |connection| {
            let attempts: Option<u32> = one(connection, ATTEMPTS, [errand.0], |row| row.get(0))?;
            if let Some(attempts) = attempts {
                let due = now.plus(backoff(attempts));
                execute(connection, RETRY, params![errand.0, attempts.saturating_add(1), due.0])?;
            }
            Ok(())
        })
        .await
    }
}
