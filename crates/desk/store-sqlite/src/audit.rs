//! The audit log and the counted refusals.

use aside_base::{AgentId, ConversationId, InvitationId, SessionId, VisitorId};
use aside_desk_domain::{Actor, AuditLine, AuditRow, Outcome, RefusalMinute, Target};
use aside_desk_store::{AuditLog, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::SqliteStore;
use crate::row::{BlobId, all, execute, moment, one};

crate::statements::statements! {
    ADD = "INSERT INTO audit (at, site, actor_kind, actor, session, address, action, target_kind, target, outcome, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    LINES = "SELECT number, at, site, actor_kind, actor, session, address, action, target_kind, target, outcome, reason FROM audit WHERE number > ? ORDER BY number LIMIT ?";
    COUNT = "INSERT INTO refusals (minute, kind, prefix, count) VALUES (?, ?, ?, 1) ON CONFLICT (minute, kind, prefix) DO UPDATE SET count = count + 1";
    REFUSALS = "SELECT count FROM refusals WHERE minute = ? AND kind = ? AND prefix = ?";
}

type Name = Option<[u8; 16]>;

fn actor(actor: Actor) -> (&'static str, Name, Name) {
    let agent = |id: AgentId| Some(id.blob());
    match actor {
        Actor::Agent(id, session) => ("agent", agent(id), Some(SessionId::blob(&session))),
        Actor::LoginTo(id) => ("login_to", agent(id), None),
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

#[async_trait]
impl AuditLog for SqliteStore {
    async fn record(&self, row: AuditRow) -> Result<(), StoreError> {
        self.write("record", move |connection| Ok(add(connection, &row)?)).await
    }

    async fn count_refusal(&self, refusal: RefusalMinute) -> Result<(), StoreError> {
        self.write("count_refusal", move |connection| {
            execute(connection, COUNT, params![refusal.minute, refusal.kind.as_str(), refusal.from.to_string()])?;
            Ok(())
        })
        .await
    }

    async fn refusals(&self, refusal: RefusalMinute) -> Result<u64, StoreError> {
        self.read("refusals", move |connection| {
            let key = params![refusal.minute, refusal.kind.as_str(), refusal.from.to_string()];
            let count: Option<i64> = one(connection, REFUSALS, key, |row| row.get(0))?;
            Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
        })
        .await
    }

    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<AuditLine>, StoreError> {
        self.read("audit_lines", move |connection| Ok(all(connection, LINES, params![after, limit], read_line)?)).await
    }
}
