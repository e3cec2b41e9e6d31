//! What follows from a change of what somebody may do: spans of rights, the vault's record, sends under way, open sessions.

use aside_base::{AgentId, SiteId, Timestamp};
use aside_desk_domain::{Errand, Permissions, Policy, RightsSpan, VIEWING, vault_rights};
use aside_desk_store::Aftermath;
use rusqlite::{Connection, params};

use crate::row::{BlobId, all, execute, id, moment, moment_or_none, parsed};
use crate::{accounts, errands, factors, policies, sending};

crate::statements::statements! {
    SPAN_BEGINS = "INSERT INTO rights_spans (agent, granted, from_at, site) VALUES (?, ?, ?, ?)";
    SPAN_ENDS = "UPDATE rights_spans SET until = ?3 WHERE agent = ?1 AND granted = ?2 AND until IS NULL";
    SPANS = "SELECT agent, granted, from_at, until FROM rights_spans WHERE site = ?1 AND from_at < ?3 AND (until IS NULL OR until > ?2) ORDER BY from_at, number";
    UNREADY = "UPDATE sessions SET stage = 'set_up_factor', held = 1 WHERE agent = ? AND ended_at IS NULL AND ends_at > ? AND stage = 'ready' RETURNING id";
}

/// Writes what follows when an account's effective permissions become others.
pub(crate) fn settle(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    before: Permissions,
    after: Permissions,
    now: Timestamp,
    aftermath: &mut Aftermath,
) -> rusqlite::Result<()> {
    if before == after {
        return Ok(());
    }
    begin_spans(connection, site, agent, after.without(before), now)?;
    for right in before.without(after).iter().filter(|right| VIEWING.has(*right)) {
        execute(connection, SPAN_ENDS, params![agent.blob(), right.as_str(), now.0])?;
    }
    let (had, has) = (vault_rights(before), vault_rights(after));
    if had != has {
        errands::owe(connection, site, Errand::SetRights(agent, has), now)?;
    }
    if had.secure_forms && !has.secure_forms {
        sending::give_up_of_agent(connection, agent, now)?;
    }
    if !aftermath.rights.contains(&agent) {
        aftermath.rights.push(agent);
    }
    let policy = policies::policy_of(connection, site)?;
    restage(connection, site, &policy, agent, now, aftermath)
}

/// Begins the spans of those of `gained` that let somebody see answers.
pub(crate) fn begin_spans(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    gained: Permissions,
    since: Timestamp,
) -> rusqlite::Result<()> {
    for right in gained.iter().filter(|right| VIEWING.has(*right)) {
        execute(connection, SPAN_BEGINS, params![agent.blob(), right.as_str(), since.0, site.as_str()])?;
    }
    Ok(())
}

/// Takes ready sessions back to setting up a second factor, where the account needs one now and has none. Until it has, the
/// vault keeps them locked.
pub(crate) fn restage(
    connection: &Connection,
    site: &SiteId,
    policy: &Policy,
    agent: AgentId,
    now: Timestamp,
    aftermath: &mut Aftermath,
) -> rusqlite::Result<()> {
    let Some(account) = accounts::account(connection, site, agent)? else { return Ok(()) };
    if !policy.wants_factor(account.effective()) || factors::has_factor(connection, agent)? {
        return Ok(());
    }
    let sessions = all(connection, UNREADY, params![agent.blob(), now.0], |row| id(row, 0))?;
    if !sessions.is_empty() && !aftermath.rights.contains(&agent) {
        aftermath.rights.push(agent);
    }
    for session in sessions {
        errands::owe(connection, site, Errand::LockSession(session), now)?;
    }
    Ok(())
}

/// The spans that touch `from` to `until`.
pub(crate) fn spans(
    connection: &Connection,
    site: &SiteId,
    from: Timestamp,
    until: Timestamp,
) -> rusqlite::Result<Vec<RightsSpan>> {
    all(connection, SPANS, params![site.as_str(), from.0, until.0], |row| {
        Ok(RightsSpan {
            agent: id(row, 0)?,
            right: parsed(row, 1)?,
            from: moment(row, 2)?,
            until: moment_or_none(row, 3)?,
        })
    })
}
