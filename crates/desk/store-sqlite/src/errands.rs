//! The outbox to the vault.

use aside_base::{SiteId, Timestamp};
use aside_desk_domain::{Errand, ErrandId, PendingErrand, backoff};
use aside_desk_store::{Errands, StoreError};
use aside_wire::{AgentRights, CancelReason};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::row::{BlobId, all, execute, id, moment, one, reason_name, reason_or_none, site};
use crate::{SqliteStore, privacy};

/// An errand waits for the older ones about its subject: an unlock never overtakes a lock.
macro_rules! oldest_of_its_subject {
    () => {
        "NOT EXISTS (SELECT 1 FROM errands o WHERE o.site = e.site AND o.subject = e.subject AND o.id < e.id)"
    };
}

crate::statements::statements! {
    ADD = "INSERT INTO errands (site, kind, subject, reason, due_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)";
    DUE = concat!("SELECT id, site, kind, subject, reason, attempts, due_at FROM errands e WHERE due_at <= ? AND ", oldest_of_its_subject!(), " ORDER BY due_at, id LIMIT ?");
    NEXT = concat!("SELECT due_at FROM errands e WHERE ", oldest_of_its_subject!(), " ORDER BY due_at LIMIT 1");
    ONE = "SELECT id, site, kind, subject, reason, attempts, due_at FROM errands WHERE id = ?";
    DONE = "DELETE FROM errands WHERE id = ?";
    ATTEMPTS = "SELECT attempts FROM errands WHERE id = ?";
    RETRY = "UPDATE errands SET attempts = ?2, due_at = ?3 WHERE id = ?1";
}

/// Writes an errand in the transaction that owes it; due at once.
pub(crate) fn owe(connection: &Connection, site: &SiteId, errand: Errand, now: Timestamp) -> rusqlite::Result<()> {
    let told;
    let (kind, subject, reason) = match errand {
        Errand::EndSession(session) => ("end_session", Some(session.blob()), None),
        Errand::CloseConversation(conversation) => ("close_conversation", Some(conversation.blob()), None),
        Errand::CancelInvitation(invitation, reason) => {
            ("cancel_invitation", Some(invitation.blob()), Some(reason_name(reason)))
        }
        Errand::LockSession(session) => ("lock_session", Some(session.blob()), None),
        Errand::UnlockSession(session) => ("unlock_session", Some(session.blob()), None),
        Errand::SetRights(agent, rights) => {
            told = rights_name(rights);
            ("set_rights", Some(agent.blob()), Some(told.as_str()))
        }
        Errand::ResetFactors(agent) => ("reset_factors", Some(agent.blob()), None),
        Errand::SwitchForms(on) => ("switch_forms", None, Some(if on { "on" } else { "off" })),
        Errand::PublishSite => ("publish_site", None, None),
        Errand::RevokeInvitation(invitation, reason) => {
            ("revoke_invitation", Some(invitation.blob()), Some(reason_name(reason)))
        }
        Errand::EraseConversation(conversation) => ("erase_conversation", Some(conversation.blob()), None),
    };
    let subject = subject.map_or_else(Vec::new, Vec::from);
    execute(connection, ADD, params![site.as_str(), kind, subject, reason, now.0]).map(|_| ())
}

/// The rights that are there, by name, with blanks between.
fn rights_name(rights: AgentRights) -> String {
    let AgentRights { secure_forms, card_numbers, history, copy, export } = rights;
    let all = [
        ("secure_forms", secure_forms),
        ("card_numbers", card_numbers),
        ("history", history),
        ("copy", copy),
        ("export", export),
    ];
    let names: Vec<_> = all.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(" ") }
}

/// Rights of a name that [`rights_name`] wrote; none of any other.
fn rights_of(name: &str) -> AgentRights {
    let has = |right| name.split(' ').any(|word| word == right);
    AgentRights {
        secure_forms: has("secure_forms"),
        card_numbers: has("card_numbers"),
        history: has("history"),
        copy: has("copy"),
        export: has("export"),
    }
}

fn read_errand(row: &Row<'_>) -> rusqlite::Result<PendingErrand> {
    let reason: Option<String> = row.get(4)?;
    let errand = match row.get_ref(2)?.as_str()? {
        "end_session" => Errand::EndSession(id(row, 3)?),
        "close_conversation" => Errand::CloseConversation(id(row, 3)?),
        "lock_session" => Errand::LockSession(id(row, 3)?),
        "unlock_session" => Errand::UnlockSession(id(row, 3)?),
        "set_rights" => Errand::SetRights(id(row, 3)?, rights_of(reason.as_deref().unwrap_or_default())),
        "reset_factors" => Errand::ResetFactors(id(row, 3)?),
        "switch_forms" => Errand::SwitchForms(reason.as_deref() == Some("on")),
        "publish_site" => Errand::PublishSite,
        "revoke_invitation" => {
            Errand::RevokeInvitation(id(row, 3)?, reason_or_none(row, 4)?.unwrap_or(CancelReason::Transferred))
        }
        "erase_conversation" => Errand::EraseConversation(id(row, 3)?),
        // The table's CHECK leaves no other kind.
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
        self.read("next_errand_at", |connection| Ok(one(connection, NEXT, [], |row| moment(row, 0))?)).await
    }

    async fn errand_done(&self, errand: ErrandId, now: Timestamp) -> Result<(), StoreError> {
        self.write("errand_done", move |connection| {
            let done = one(connection, ONE, [errand.0], read_errand)?;
            if let Some(PendingErrand { site, errand: Errand::EraseConversation(conversation), .. }) = done {
                privacy::vault_erased(connection, &site, conversation, now)?;
            }
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
