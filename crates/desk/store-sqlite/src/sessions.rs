//! Logins.

use aside_base::{AgentId, KeyHash, SessionId, SiteId, Timestamp};
use aside_desk_domain::{Action, Actor, AuditRow, EndReason, Errand, LiveSession, Outcome, Session, Target, Where};
use aside_desk_store::{EndedSession, Sessions, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::accounts::{agent_columns, read_agent};
use crate::row::{BlobId, all, execute, id, moment, one, site};
use crate::{SqliteStore, audit, errands, sending};

/// How many sessions one verb ends at most.
const SWEEP: u32 = 100;

macro_rules! select_live {
    () => {
        concat!(
            "SELECT s.id, s.started_at, s.ends_at, ",
            agent_columns!(),
            " FROM sessions s JOIN agents a ON a.id = s.agent "
        )
    };
}

crate::statements::statements! {
    START = "INSERT INTO sessions (id, token, agent, site, started_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)";
    BY_TOKEN = concat!(select_live!(), "WHERE s.token = ? AND s.ended_at IS NULL AND s.ends_at > ?");
    LIVE = concat!(select_live!(), "WHERE s.ended_at IS NULL AND s.ends_at > ?");
    OLD = "SELECT site, id FROM sessions WHERE ended_at IS NULL AND ends_at <= ? LIMIT ?";
    END = "UPDATE sessions SET ended_at = ?3, end_reason = ?4 WHERE id = ?1 AND site = ?2 AND ended_at IS NULL RETURNING agent";
}

fn read_live(row: &Row<'_>) -> rusqlite::Result<LiveSession> {
    let agent = read_agent(row, 3)?;
    let session = Session {
        id: id(row, 0)?,
        agent: agent.id,
        site: agent.site.clone(),
        started_at: moment(row, 1)?,
        ends_at: moment(row, 2)?,
        ended_at: None,
    };
    Ok(LiveSession { session, agent })
}

/// Ends a session with all that hangs on it. False when it had ended.
fn end(
    connection: &Connection,
    site: &SiteId,
    session: SessionId,
    reason: EndReason,
    from: Where,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let key = params![session.blob(), site.as_str(), now.0, reason.as_str()];
    let Some(agent) = one(connection, END, key, |row| id::<AgentId>(row, 0))? else { return Ok(false) };
    sending::give_up_of_session(connection, session, now)?;
    errands::owe(connection, site, Errand::EndSession(session), now)?;
    let actor = match reason {
        EndReason::Logout => Actor::Agent(agent, session),
        EndReason::TooOld | EndReason::EndedByVault => Actor::Desk,
    };
    let row = AuditRow {
        at: now,
        site: Some(site.clone()),
        actor,
        from,
        action: Action::EndSession,
        target: Target::Session(session),
        outcome: Outcome::DoneBecause(reason.as_str()),
    };
    audit::add(connection, &row)?;
    Ok(true)
}

#[async_trait]
impl Sessions for SqliteStore {
    async fn start_session(&self, session: Session, token: KeyHash, from: Where) -> Result<(), StoreError> {
        self.write("start_session", move |connection| {
            let new = params![
                session.id.blob(),
                token.0,
                session.agent.blob(),
                session.site.as_str(),
                session.started_at.0,
                session.ends_at.0
            ];
            execute(connection, START, new)?;
            let row = AuditRow {
                at: session.started_at,
                site: Some(session.site),
                actor: Actor::Agent(session.agent, session.id),
                from,
                action: Action::Login,
                target: Target::Session(session.id),
                outcome: Outcome::Done,
            };
            Ok(audit::add(connection, &row)?)
        })
        .await
    }

    async fn session_by_token(&self, token: KeyHash, now: Timestamp) -> Result<Option<LiveSession>, StoreError> {
        self.read("session_by_token", move |connection| {
            Ok(one(connection, BY_TOKEN, params![token.0, now.0], read_live)?)
        })
        .await
    }

    async fn live_sessions(&self, now: Timestamp) -> Result<Vec<LiveSession>, StoreError> {
        self.read("live_sessions", move |connection| Ok(all(connection, LIVE, [now.0], read_live)?)).await
    }

    async fn end_session(
        &self,
        site: &SiteId,
        session: SessionId,
        reason: EndReason,
        from: Where,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let site = site.clone();
        self.write("end_session", move |connection| Ok(end(connection, &site, session, reason, from, now)?)).await
    }

    async fn end_old_sessions(&self, now: Timestamp) -> Result<Vec<EndedSession>, StoreError> {
        self.write("end_old_sessions", move |connection| {
            let old: Vec<(SiteId, SessionId)> =
                all(connection, OLD, params![now.0, SWEEP], |row| Ok((site(row, 0)?, id(row, 1)?)))?;
            let mut ended = Vec::with_capacity(old.len());
            for (site, session) in old {
                let reason = EndReason::TooOld;
                if end(connection, &site, session, reason, None, now)? {
                    ended.push(EndedSession { site, session, reason });
                }
            }
            Ok(ended)
        })
        .await
    }
}
