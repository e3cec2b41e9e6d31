//! Agents' sessions: started, enrolled, ended.

use aside_base::{AgentId, KeyHash, Purpose, SessionId, SiteId};
use aside_vault_domain::{Act, NoRight, Occasion, On, Otk, Refusal, Session};
use aside_vault_store::{Ended, MintKey};
use aside_wire::{CancelReason, StartSession};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::{Fault, Step};
use crate::{audit, invitations, otks, rows, views};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, site, agent, agent_name, enrol_key, viewer, started_at, ended_at FROM sessions ", $rest)
    };
}

fn read(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId::from_uuid(rows::uuid(row, 0)?),
        site: rows::parsed(row, 1)?,
        agent: rows::uuid_or_none(row, 2)?.map(AgentId::from_uuid),
        agent_name: row.get(3)?,
        enrol_key: rows::hash_or_none(row, 4)?,
        viewer: rows::hash_or_none(row, 5)?,
        started_at: rows::time(row, 6)?,
        ended_at: rows::time_or_none(row, 7)?,
    })
}

pub(crate) fn find(connection: &Connection, id: SessionId) -> Step<Option<Session>> {
    let mut statement = connection.prepare_cached(select!("WHERE id = ?1"))?;
    Ok(statement.query_row([id.as_uuid().as_bytes()], read).optional()?)
}

pub(crate) fn of_viewer(connection: &Connection, viewer: KeyHash) -> Step<Option<Session>> {
    let mut statement = connection.prepare_cached(select!("WHERE viewer = ?1"))?;
    Ok(statement.query_row([viewer.0], read).optional()?)
}

/// The session, if it belongs to the site.
pub(crate) fn of_site(connection: &Connection, site: &SiteId, id: SessionId) -> Step<Session> {
    find(connection, id)?.filter(|session| session.site == *site).ok_or(Fault::from(Refusal::NotValid))
}

fn on(session: &Session) -> On {
    On { site: Some(session.site.clone()), session: Some(session.id), ..On::default() }
}

fn insert(connection: &Connection, session: &Session) -> Step<()> {
    connection
        .prepare_cached(
            "INSERT INTO sessions (id, site, agent, agent_name, enrol_key, started_at, ended_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            session.id.as_uuid().as_bytes(),
            session.site.as_str(),
            session.agent.as_ref().map(|id| id.as_uuid().as_bytes()),
            session.agent_name,
            session.enrol_key.map(|key| key.0),
            session.started_at.0,
            session.ended_at.map(|at| at.0),
        ])?;
    Ok(())
}

fn save(connection: &Connection, session: &Session) -> Step<()> {
    connection
        .prepare_cached("UPDATE sessions SET enrol_key = ?2, viewer = ?3, ended_at = ?4 WHERE id = ?1")?
        .execute(params![
            session.id.as_uuid().as_bytes(),
            session.enrol_key.map(|key| key.0),
            session.viewer.map(|viewer| viewer.0),
            session.ended_at.map(|at| at.0),
        ])?;
    Ok(())
}

pub(crate) fn start(
    connection: &Connection,
    occasion: &Occasion,
    site: SiteId,
    start: StartSession,
    enrol: MintKey,
) -> Step<bool> {
    let known = find(connection, start.session)?;
    let session = match known {
        Some(mut session) => {
            // Ended before it was heard of: there was no agent then.
            if session.site == site && session.ended_at.is_some() {
                return Err(Refusal::NoRight(NoRight::SessionEnded).into());
            }
            if session.site != site || session.agent != Some(start.agent) {
                return Err(Refusal::NotValid.into());
            }
            if !session.offer_enrolment(enrol.hash)? {
                return Ok(false);
            }
            save(connection, &session)?;
            session
        }
        None => {
            let session = Session {
                id: start.session,
                site,
                agent: Some(start.agent),
                agent_name: start.agent_name,
                enrol_key: Some(enrol.hash),
                viewer: None,
                started_at: occasion.now,
                ended_at: None,
            };
            insert(connection, &session)?;
            session
        }
    };
    let otk = Otk {
        hash: enrol.hash,
        purpose: Purpose::Enrol,
        site: session.site.clone(),
        invitation: None,
        session: Some(session.id),
        expires_at: enrol.expires_at,
        used_at: None,
    };
    otks::insert(connection, &otk)?;
    audit::done(connection, occasion, Act::SessionStarted, &on(&session))?;
    Ok(true)
}

pub(crate) fn enrol(connection: &Connection, occasion: &Occasion, key: KeyHash, viewer: KeyHash) -> Step<Session> {
    let otk = otks::find(connection, key)?;
    let session = otk.session.map(|id| find(connection, id)).transpose()?.flatten();
    let mut session = session.ok_or(Refusal::NotValid)?;
    session.enrol(&otk, viewer, occasion.now)?;
    otks::consume(connection, &otk, occasion.now)?;
    save(connection, &session)?;
    audit::done(connection, occasion, Act::ViewerEnrolled, &on(&session))?;
    Ok(session)
}

pub(crate) fn ended(connection: &Connection, site: &SiteId, sessions: Vec<SessionId>) -> Step<Vec<SessionId>> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM sessions WHERE id = ?1 AND site = ?2 AND ended_at IS NULL")?;
    let mut ended = Vec::new();
    for session in sessions {
        let lives =
            statement.query_row(params![session.as_uuid().as_bytes(), site.as_str()], |_| Ok(())).optional()?.is_some();
        if !lives {
            ended.push(session);
        }
    }
    Ok(ended)
}

pub(crate) fn end(connection: &Connection, occasion: &Occasion, site: SiteId, id: SessionId) -> Step<Ended> {
    let now = occasion.now;
    let session = match find(connection, id)? {
        Some(session) if session.site != site => return Err(Refusal::NotValid.into()),
        Some(session) if session.ended_at.is_some() => return Ok(Ended::default()),
        Some(mut session) => {
            session.end(now);
            save(connection, &session)?;
            session
        }
        // The end came first: remembered, so that a late start finds it ended.
        None => {
            let session = Session {
                id,
                site,
                agent: None,
                agent_name: String::new(),
                enrol_key: None,
                viewer: None,
                started_at: now,
                ended_at: Some(now),
            };
            insert(connection, &session)?;
            session
        }
    };
    audit::done(connection, occasion, Act::SessionEnded, &on(&session))?;
    let mut ended = invitations::lose_rights(
        connection,
        occasion,
        invitations::with_rights_of_session(connection, id)?,
        CancelReason::SessionEnded,
    )?;
    ended.views = views::close_of_session(connection, occasion, id)?;
    Ok(ended)
}
