//! Agents' sessions: started, enrolled, ended.

use aside_base::{AgentId, KeyHash, Purpose, SessionId, SiteId, Timestamp};
use aside_vault_domain::{Act, Confirmation, NoRight, Occasion, On, Otk, Refusal, Session};
use aside_vault_store::{Ended, MintKey, Started};
use aside_wire::{AgentRights, CancelReason, StartSession};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::{Fault, Step};
use crate::{agents, audit, factors, invitations, otks, rows, views};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, sessions.site, sessions.agent, agent_name, enrol_key, viewer, started_at, ended_at,
                    sessions.locked_at, confirmed_at, confirmed_since, secure_forms, card_numbers, history, copy,
                    export
             FROM sessions LEFT JOIN agents ON agents.site = sessions.site AND agents.agent = sessions.agent ",
            $rest
        )
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
        locked_at: rows::time_or_none(row, 8)?,
        confirmed: rows::time_or_none(row, 9)?
            .zip(rows::time_or_none(row, 10)?)
            .map(|(at, since)| Confirmation { at, since }),
        rights: rows::rights(row, 11)?,
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

/// What an audit row says of it.
pub(crate) fn on(session: &Session) -> On {
    On { site: Some(session.site.clone()), agent: session.agent, session: Some(session.id), ..On::default() }
}

/// A session that nothing was heard of yet but an end or a lock.
fn unheard(site: SiteId, id: SessionId, now: Timestamp) -> Session {
    Session {
        id,
        site,
        agent: None,
        agent_name: String::new(),
        enrol_key: None,
        viewer: None,
        started_at: now,
        ended_at: None,
        locked_at: None,
        confirmed: None,
        rights: AgentRights::default(),
    }
}

fn insert(connection: &Connection, session: &Session) -> Step<()> {
    connection
        .prepare_cached(
            "INSERT INTO sessions (id, site, agent, agent_name, enrol_key, started_at, ended_at, locked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            session.id.as_uuid().as_bytes(),
            session.site.as_str(),
            session.agent.as_ref().map(|id| id.as_uuid().as_bytes()),
            session.agent_name,
            session.enrol_key.map(|key| key.0),
            session.started_at.0,
            session.ended_at.map(|at| at.0),
            session.locked_at.map(|at| at.0),
        ])?;
    Ok(())
}

/// Writes back everything that the rules may change.
pub(crate) fn save(connection: &Connection, session: &Session) -> Step<()> {
    connection
        .prepare_cached(
            "UPDATE sessions SET enrol_key = ?2, viewer = ?3, ended_at = ?4, agent = ?5, agent_name = ?6, locked_at = ?7,
                    confirmed_at = ?8, confirmed_since = ?9
             WHERE id = ?1",
        )?
        .execute(params![
            session.id.as_uuid().as_bytes(),
            session.enrol_key.map(|key| key.0),
            session.viewer.map(|viewer| viewer.0),
            session.ended_at.map(|at| at.0),
            session.agent.as_ref().map(|id| id.as_uuid().as_bytes()),
            session.agent_name,
            session.locked_at.map(|at| at.0),
            session.confirmed.map(|confirmed| confirmed.at.0),
            session.confirmed.map(|confirmed| confirmed.since.0),
        ])?;
    Ok(())
}

pub(crate) fn start(
    connection: &Connection,
    occasion: &Occasion,
    site: SiteId,
    start: StartSession,
    enrol: MintKey,
) -> Step<Started> {
    let known = find(connection, start.session)?;
    let session = match known {
        Some(mut session) => {
            // Ended before it was heard of: there was no agent then.
            if session.site == site && session.ended_at.is_some() {
                return Err(Refusal::NoRight(NoRight::SessionEnded).into());
            }
            if session.site != site || session.agent.is_some_and(|agent| agent != start.agent) {
                return Err(Refusal::NotValid.into());
            }
            if !session.offer_enrolment(enrol.hash)? {
                let factor = factors::any(connection, &session.site, start.agent)?;
                return Ok(Started { enrol_kept: false, factor });
            }
            // Locked before it was heard of: now it is.
            session.agent = Some(start.agent);
            session.agent_name = start.agent_name;
            save(connection, &session)?;
            session
        }
        None => {
            let session = Session {
                agent: Some(start.agent),
                agent_name: start.agent_name,
                enrol_key: Some(enrol.hash),
                ..unheard(site, start.session, occasion.now)
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
    agents::hear_of(connection, &session.site, start.agent, start.rights)?;
    audit::done(connection, occasion, Act::SessionStarted, &on(&session))?;
    Ok(Started { enrol_kept: true, factor: factors::any(connection, &session.site, start.agent)? })
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
            let session = Session { ended_at: Some(now), ..unheard(site, id, now) };
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

pub(crate) fn lock(connection: &Connection, occasion: &Occasion, site: SiteId, id: SessionId) -> Step<Ended> {
    let session = match find(connection, id)? {
        Some(session) if session.site != site => return Err(Refusal::NotValid.into()),
        Some(mut session) => {
            if !session.lock(occasion.now) {
                return Ok(Ended::default());
            }
            save(connection, &session)?;
            session
        }
        // The lock came first: remembered, so that a late start finds it locked.
        None => {
            let session = Session { locked_at: Some(occasion.now), ..unheard(site, id, occasion.now) };
            insert(connection, &session)?;
            session
        }
    };
    audit::done(connection, occasion, Act::SessionLocked, &on(&session))?;
    Ok(Ended { views: views::close_of_session(connection, occasion, id)?, ..Ended::default() })
}

pub(crate) fn unlock(connection: &Connection, occasion: &Occasion, site: &SiteId, id: SessionId) -> Step<()> {
    let Some(mut session) = find(connection, id)? else { return Ok(()) };
    if session.site != *site {
        return Err(Refusal::NotValid.into());
    }
    if session.unlock() {
        save(connection, &session)?;
        audit::done(connection, occasion, Act::SessionUnlocked, &on(&session))?;
    }
    Ok(())
}

/// The living sessions of an agent.
pub(crate) fn living_of_agent(connection: &Connection, site: &SiteId, agent: AgentId) -> Step<Vec<SessionId>> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM sessions WHERE site = ?1 AND agent = ?2 AND ended_at IS NULL")?;
    let ids = statement.query_map(params![site.as_str(), agent.as_uuid().as_bytes()], |row| {
        rows::uuid(row, 0).map(SessionId::from_uuid)
    })?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// Forgets what the agent's factors have confirmed.
pub(crate) fn forget_confirmations(connection: &Connection, site: &SiteId, agent: AgentId) -> Step<()> {
    connection
        .prepare_cached(
            "UPDATE sessions SET confirmed_at = NULL, confirmed_since = NULL
             WHERE site = ?1 AND agent = ?2 AND ended_at IS NULL AND confirmed_at IS NOT NULL",
        )?
        .execute(params![site.as_str(), agent.as_uuid().as_bytes()])?;
    Ok(())
}
