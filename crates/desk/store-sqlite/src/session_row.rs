//! A session's row: reading it alone, and with all that a request asks of it.

use aside_base::{AgentId, SessionId, SiteId, Timestamp};
use aside_desk_domain::{LiveSession, Role, Session, SessionStage};
use rusqlite::{Connection, Row, params};

use crate::accounts::{agent_columns, read_agent};
use crate::row::{BlobId, address, all, id, moment, moment_or_none, named, one, parsed, site};

/// A session's columns in the order of [`read_session`], from the table aliased `s`.
macro_rules! session_columns {
    () => {
        "s.id, s.agent, s.site, s.started_at, s.ends_at, s.ended_at, s.stage, s.last_input_at, s.locked_at, s.address"
    };
}

/// How many they are.
const SESSION_COLUMNS: usize = 10;

macro_rules! select_live {
    () => {
        concat!(
            "SELECT ",
            session_columns!(),
            ", ",
            agent_columns!(),
            ", p.role, p.permissions, t.lock_after, t.forms_stopped_since IS NULL FROM sessions s ",
            "JOIN agents a ON a.id = s.agent AND a.state = 'active' JOIN profiles p ON p.site = a.site AND p.id = a.profile ",
            "JOIN sites t ON t.id = a.site "
        )
    };
}

pub(crate) use session_columns;

crate::statements::statements! {
    BY_TOKEN = concat!(select_live!(), "WHERE s.token = ? AND s.ended_at IS NULL AND s.ends_at > ?");
    BY_ID = concat!(select_live!(), "WHERE s.id = ? AND s.site = ? AND s.ended_at IS NULL AND s.ends_at > ?");
    LIVE = concat!(select_live!(), "WHERE s.ended_at IS NULL AND s.ends_at > ? AND s.stage = 'ready'");
    OF_AGENT = concat!("SELECT ", session_columns!(), " FROM sessions s WHERE s.agent = ? AND s.site = ? AND s.ended_at IS NULL AND s.ends_at > ? ORDER BY s.started_at DESC, s.id DESC");
}

/// A session from [`session_columns`] at the beginning of a row.
pub(crate) fn read_session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: id(row, 0)?,
        agent: id(row, 1)?,
        site: site(row, 2)?,
        started_at: moment(row, 3)?,
        ends_at: moment(row, 4)?,
        ended_at: moment_or_none(row, 5)?,
        stage: named(row, 6, &SessionStage::ALL, SessionStage::as_str)?,
        last_input_at: moment(row, 7)?,
        locked_at: moment_or_none(row, 8)?,
        from: address(row, 9)?,
    })
}

fn read_live(row: &Row<'_>) -> rusqlite::Result<LiveSession> {
    let session = read_session(row)?;
    let lock_after: Option<i64> = row.get(SESSION_COLUMNS + 6)?;
    let counts = session.stage == SessionStage::Ready && session.locked_at.is_none();
    let locks_at = lock_after.filter(|_| counts).map(|after| Timestamp(session.last_input_at.0.saturating_add(after)));
    Ok(LiveSession {
        agent: read_agent(row, SESSION_COLUMNS)?,
        role: named(row, SESSION_COLUMNS + 4, &Role::ALL, Role::as_str)?,
        permissions: parsed(row, SESSION_COLUMNS + 5)?,
        locks_at,
        forms_on: row.get(SESSION_COLUMNS + 7)?,
        session,
    })
}

/// The live session that a token opens.
pub(crate) fn by_token(
    connection: &Connection,
    token: [u8; 32],
    now: Timestamp,
) -> rusqlite::Result<Option<LiveSession>> {
    one(connection, BY_TOKEN, params![token, now.0], read_live)
}

/// A live session of a site.
pub(crate) fn live(
    connection: &Connection,
    site: &SiteId,
    session: SessionId,
    now: Timestamp,
) -> rusqlite::Result<Option<LiveSession>> {
    one(connection, BY_ID, params![session.blob(), site.as_str(), now.0], read_live)
}

/// All live and ready sessions.
pub(crate) fn all_live(connection: &Connection, now: Timestamp) -> rusqlite::Result<Vec<LiveSession>> {
    all(connection, LIVE, [now.0], read_live)
}

/// An account's live sessions, newest first.
pub(crate) fn of_agent(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    now: Timestamp,
) -> rusqlite::Result<Vec<Session>> {
    all(connection, OF_AGENT, params![agent.blob(), site.as_str(), now.0], read_session)
}
