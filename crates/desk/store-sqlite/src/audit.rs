//! The audit log and the counted refusals.

use aside_base::{AgentId, ConversationId, InvitationId, SessionId, Timestamp, VisitorId};
use aside_desk_domain::{Actor, AuditLine, AuditRow, Outcome, RefusalCount, RefusalLine, Target};
use aside_desk_store::{AuditLog, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::SqliteStore;
use crate::row::{BlobId, all, execute, moment};

crate::statements::statements! {
    ADD = "INSERT INTO audit (at, site, actor_kind, actor, session, address, action, target_kind, target, outcome, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    LINES = "SELECT number, at, site, actor_kind, actor, session, address, action, target_kind, target, outcome, reason FROM audit WHERE number > ? ORDER BY number LIMIT ?";
    COUNT = "INSERT INTO refusals (minute, kind, network, account, count) VALUES (?, ?, ?, ?, ?) ON CONFLICT (minute, kind, network, account) DO UPDATE SET count = count + excluded.count";
    REFUSALS = "SELECT number, minute, kind, network, account, count FROM refusals WHERE number > ? ORDER BY number LIMIT ?";
}

type Name = Option<[u8; 16]>;

fn actor(actor: Actor) -> (&'static str, Name, Name) {
    match actor {
        Actor::Agent(id, session) => ("agent", Some(AgentId::blob(&id)), Some(SessionId::blob(&session))),
        Actor::Visitor(id) => ("visitor", Some(VisitorId::blob(&id)), None),
        Actor::Operator => ("operator", None, None),
        Actor::Desk => ("desk", None, None),
    }
}

fn target(target: Target) -> (&'static str, Name) {
    match target {
        Target::Site => ("site", None),
        Target::Agent(id) => ("agent", Some(AgentId::blob(&id))),
        Target::Session(id) => ("session", Some(SessionId::blob(&id))),
        Target::Conversation(id) => ("conversation", Some(ConversationId::blob(&id))),
        Target::Invitation(id) => ("invitation", Some(InvitationId::blob(&id))),
    }
}

/// Adds a row in the transaction of what it tells.
pub(crate) fn add(connection: &Connection, row: &AuditRow) -> rusqlite::Result<()> {
    let (actor_kind, actor, session) = actor(row.actor);
    let (target_kind, target) = target(row.target);
    let (outcome, reason) = match row.outcome {
        Outcome::Done => ("done", None),
        Outcome::DoneBecause(reason) => ("done", Some(reason)),
        Outcome::Refused(reason) => ("refused", Some(reason)),
    };
    let columns = params![
        row.at.0,
        row.site.as_ref().map(|site| site.as_str()),
        actor_kind,
        actor,
        session,
        row.from.map(|address| address.to_string()),
        row.action.as_str(),
        target_kind,
        target,
        outcome,
        reason
    ];
    execute(connection, ADD, columns).map(|_| ())
}

fn read_line(row: &Row<'_>) -> rusqlite::Result<AuditLine> {
    let name =
        |column| Ok::<_, rusqlite::Error>(row.get::<_, Name>(column)?.map(|id| Uuid::from_bytes(id).to_string()));
    Ok(AuditLine {
        number: row.get(0)?,
        at: moment(row, 1)?,
        site: row.get(2)?,
        actor: (row.get(3)?, name(4)?),
        session: name(5)?,
        from: row.get(6)?,
        action: row.get(7)?,
        target: (row.get(8)?, name(9)?),
        outcome: row.get(10)?,
        reason: row.get(11)?,
    })
}

/// Nothing stands as an empty text or blob: a key's columns cannot be NULL and stay unique.
fn read_refusal(row: &Row<'_>) -> rusqlite::Result<RefusalLine> {
    let network: String = row.get(3)?;
    let account: Vec<u8> = row.get(4)?;
    Ok(RefusalLine {
        number: row.get(0)?,
        at: Timestamp(row.get::<_, i64>(1)?.saturating_mul(60_000)),
        kind: row.get(2)?,
        from: Some(network).filter(|network| !network.is_empty()),
        account: Uuid::from_slice(&account).ok().map(|agent| agent.to_string()),
        count: row.get::<_, i64>(5)?.try_into().unwrap_or(0),
    })
}

#[async_trait]
impl AuditLog for SqliteStore {
    async fn record(&self, row: AuditRow) -> Result<(), StoreError> {
        self.write("record", move |connection| Ok(add(connection, &row)?)).await
    }

    async fn count_refusals(&self, counts: Vec<RefusalCount>) -> Result<(), StoreError> {
        self.write("count_refusals", move |connection| {
            for RefusalCount { row, count } in counts.into_iter().filter(|counted| counted.count > 0) {
                let network = row.from.map_or_else(String::new, |network| network.to_string());
                let account = row.account.map_or_else(Vec::new, |agent| agent.blob().to_vec());
                execute(connection, COUNT, params![row.minute, row.kind.as_str(), network, account, count])?;
            }
            Ok(())
        })
        .await
    }

    async fn refusal_lines(&self, after: i64, limit: u32) -> Result<Vec<RefusalLine>, StoreError> {
        self.read("refusal_lines", move |connection| {
            Ok(all(connection, REFUSALS, params![after, limit], read_refusal)?)
        })
        .await
    }

    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<AuditLine>, StoreError> {
        self.read("audit_lines", move |connection| Ok(all(connection, LINES, params![after, limit], read_line)?)).await
    }
}
