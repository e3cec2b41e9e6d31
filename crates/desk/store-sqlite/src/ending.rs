//! How sessions end, whatever the reason.

use aside_base::{AgentId, SessionId, SiteId};
use aside_desk_domain::{Action, By, EndReason, Errand, Outcome, Target};
use aside_desk_store::{Aftermath, EndedSession};
use rusqlite::{Connection, params};

use crate::row::{BlobId, all, execute, id};
use crate::{audit, errands, sending};

crate::statements::statements! {
    END = "UPDATE sessions SET ended_at = ?3, end_reason = ?4 WHERE id = ?1 AND site = ?2 AND ended_at IS NULL";
    LIVING_OF_AGENT = "SELECT id FROM sessions WHERE agent = ? AND ended_at IS NULL";
}

/// Ends a session with all that hangs on it. False when it had ended.
pub(crate) fn end(
    connection: &Connection,
    site: &SiteId,
    session: SessionId,
    reason: EndReason,
    by: &By,
) -> rusqlite::Result<bool> {
    if execute(connection, END, params![session.blob(), site.as_str(), by.at.0, reason.as_str()])? == 0 {
        return Ok(false);
    }
    sending::give_up_of_session(connection, session, by.at)?;
    errands::owe(connection, site, Errand::EndSession(session), by.at)?;
    let outcome = Outcome::DoneBecause(reason.as_str());
    audit::note(connection, site, by, Action::EndSession, Target::Session(session), outcome)?;
    Ok(true)
}

/// Ends all sessions of an account but `except`.
pub(crate) fn end_all_of(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    except: Option<SessionId>,
    reason: EndReason,
    by: &By,
    aftermath: &mut Aftermath,
) -> rusqlite::Result<()> {
    let living: Vec<SessionId> = all(connection, LIVING_OF_AGENT, [agent.blob()], |row| id(row, 0))?;
    for session in living.into_iter().filter(|session| Some(*session) != except) {
        if end(connection, site, session, reason, by)? {
            aftermath.ended.push(EndedSession { site: site.clone(), session, reason });
        }
    }
    Ok(())
}
