//! The audit log: each entry in the transaction of what it tells, bound into the chain.

use std::collections::BTreeMap;

use aside_base::{SiteId, Timestamp};
use aside_chain::{Body, Who};
use aside_chain_sqlite::{Stored, append, page};
use aside_desk_domain::{Action, Actor, AuditLine, AuditRow, By, Outcome, RefusalCount, RefusalLine, Target};
use aside_desk_store::{AuditLog, StoreError};
use async_trait::async_trait;
use rusqlite::Connection;

use crate::SqliteStore;
use crate::row::{all, corrupt};

crate::statements::statements! {
    COUNTED = "SELECT sequence, body FROM audit WHERE sequence > ? AND json_extract(body, '$.count') IS NOT NULL ORDER BY sequence LIMIT ?";
}

fn actor(actor: Actor) -> (&'static str, Option<String>, Option<String>) {
    match actor {
        Actor::Agent(id, session) => ("agent", Some(id.to_string()), Some(session.to_string())),
        Actor::Stranger => ("stranger", None, None),
        Actor::ApiKey(id) => ("api_key", Some(id.to_string()), None),
        Actor::Visitor(id) => ("visitor", Some(id.to_string()), None),
        Actor::Operator => ("operator", None, None),
        Actor::Desk => ("desk", None, None),
    }
}

fn target(target: Target) -> (&'static str, Option<String>) {
    match target {
        Target::Site => ("site", None),
        Target::Agent(id) => ("agent", Some(id.to_string())),
        Target::Session(id) => ("session", Some(id.to_string())),
        Target::Visitor(id) => ("visitor", Some(id.to_string())),
        Target::Conversation(id) => ("conversation", Some(id.to_string())),
        Target::Invitation(id) => ("invitation", Some(id.to_string())),
        Target::Profile(id) => ("profile", Some(id.to_string())),
        Target::Passkey(id) => ("passkey", Some(id.to_string())),
        Target::ApiKey(id) => ("api_key", Some(id.to_string())),
        Target::Alert(id) => ("alert", Some(id.to_string())),
        Target::AuditLog => ("audit_log", None),
    }
}

/// Adds an entry in the transaction of what it tells.
pub(crate) fn add(connection: &Connection, row: &AuditRow) -> rusqlite::Result<()> {
    let (actor_kind, id, session) = actor(row.actor);
    let (target_kind, target) = target(row.target);
    let (result, reason) = match row.outcome {
        Outcome::Done => ("done", None),
        Outcome::DoneBecause(reason) => ("done", Some(reason)),
        Outcome::Refused(reason) => ("refused", Some(reason)),
    };
    let body = Body {
        at: row.at,
        site: row.site.as_ref().map(ToString::to_string),
        who: Who { kind: actor_kind.to_owned(), id },
        session,
        from: row.from.map(|address| address.to_string()),
        act: row.action.as_str().to_owned(),
        on: on(target_kind, target),
        result: result.to_owned(),
        reason: reason.map(str::to_owned),
        count: None,
        detail: row.detail.clone(),
    };
    append(connection, &body).map(|_| ())
}

/// A thing without an id stands there all the same: what was done to the site as a whole.
pub(crate) fn on(kind: &str, id: Option<String>) -> BTreeMap<String, String> {
    BTreeMap::from([(kind.to_owned(), id.unwrap_or_default())])
}

/// Adds the row of what somebody did.
pub(crate) fn note(
    connection: &Connection,
    site: &SiteId,
    by: &By,
    action: Action,
    target: Target,
    outcome: Outcome,
) -> rusqlite::Result<()> {
    note_change(connection, site, by, action, target, outcome, None)
}

/// Adds the row of what somebody did, with what it was before and is now.
pub(crate) fn note_change(
    connection: &Connection,
    site: &SiteId,
    by: &By,
    action: Action,
    target: Target,
    outcome: Outcome,
    detail: Option<String>,
) -> rusqlite::Result<()> {
    let By { who, from, at } = *by;
    add(connection, &AuditRow { at, site: Some(site.clone()), actor: who, from, action, target, outcome, detail })
}

/// What was counted of callers that nobody knows, as an entry.
pub(crate) fn of_counted(at: Timestamp, act: &str, from: Option<String>, account: Option<String>, count: u64) -> Body {
    Body {
        at,
        site: None,
        who: Who { kind: "unknown".to_owned(), id: None },
        session: None,
        from,
        act: act.to_owned(),
        on: account.map(|id| on("agent", Some(id))).unwrap_or_default(),
        result: "refused".to_owned(),
        reason: None,
        count: Some(count),
        detail: None,
    }
}

fn read(text: &str) -> rusqlite::Result<Body> {
    Body::parse(text).map_err(|error| corrupt(1, error))
}

fn line(stored: Stored) -> rusqlite::Result<AuditLine> {
    let body = read(&stored.body)?;
    let target = body.on.into_iter().next().unwrap_or_default();
    Ok(AuditLine {
        number: stored.place.sequence,
        at: body.at,
        site: body.site,
        actor: (body.who.kind, body.who.id),
        session: body.session,
        from: body.from,
        action: body.act,
        target: (target.0, Some(target.1).filter(|id| !id.is_empty())),
        outcome: body.result,
        reason: body.reason,
        count: body.count,
    })
}

fn refusal_line(number: i64, text: &str) -> rusqlite::Result<RefusalLine> {
    let mut body = read(text)?;
    let count = body.count.unwrap_or(0);
    Ok(RefusalLine { number, at: body.at, kind: body.act, from: body.from, account: body.on.remove("agent"), count })
}

#[async_trait]
impl AuditLog for SqliteStore {
    async fn record(&self, row: AuditRow) -> Result<(), StoreError> {
        self.write("record", move |connection| Ok(add(connection, &row)?)).await
    }

    async fn count_refusals(&self, counts: Vec<RefusalCount>) -> Result<(), StoreError> {
        self.write("count_refusals", move |connection| {
            for RefusalCount { row, count } in counts.into_iter().filter(|counted| counted.count > 0) {
                let at = Timestamp(row.minute.saturating_mul(60_000));
                let (network, account) = (row.from.map(|n| n.to_string()), row.account.map(|id| id.to_string()));
                append(connection, &of_counted(at, row.kind.as_str(), network, account, u64::from(count)))?;
            }
            Ok(())
        })
        .await
    }

    async fn refusal_lines(&self, after: i64, limit: u32) -> Result<Vec<RefusalLine>, StoreError> {
        self.read("refusal_lines", move |connection| {
            Ok(all(connection, COUNTED, rusqlite::params![after, limit], |row| {
                refusal_line(row.get(0)?, row.get_ref(1)?.as_str()?)
            })?)
        })
        .await
    }

    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<AuditLine>, StoreError> {
        self.read("audit_lines", move |connection| {
            let lines: rusqlite::Result<_> = page(connection, after, limit)?.into_iter().map(line).collect();
            Ok(lines?)
        })
        .await
    }
}
