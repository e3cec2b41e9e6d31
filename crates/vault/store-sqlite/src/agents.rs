//! What agents may do, as their desk says.

use aside_base::{AgentId, SiteId};
use aside_vault_domain::{Act, Occasion, On};
use aside_vault_store::Ended;
use aside_wire::{AgentRights, CancelReason};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Step;
use crate::{audit, invitations, rows, sessions, views};

const fn named(rights: AgentRights) -> [(&'static str, bool); 5] {
    [
        ("secure_forms", rights.secure_forms),
        ("card_numbers", rights.card_numbers),
        ("history", rights.history),
        ("copy", rights.copy),
        ("export", rights.export),
    ]
}

/// Keeps the rights of an agent that nothing is known of yet.
pub(crate) fn hear_of(connection: &Connection, site: &SiteId, agent: AgentId, rights: AgentRights) -> Step<()> {
    connection
        .prepare_cached(
            "INSERT INTO agents (site, agent, secure_forms, card_numbers, history, copy, export)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            site.as_str(),
            agent.as_uuid().as_bytes(),
            rights.secure_forms,
            rights.card_numbers,
            rights.history,
            rights.copy,
            rights.export
        ])?;
    Ok(())
}

fn rights(connection: &Connection, site: &SiteId, agent: AgentId) -> Step<Option<AgentRights>> {
    let found = connection
        .prepare_cached(
            "SELECT secure_forms, card_numbers, history, copy, export FROM agents WHERE site = ?1 AND agent = ?2",
        )?
        .query_row(params![site.as_str(), agent.as_uuid().as_bytes()], |row| rows::rights(row, 0))
        .optional()?;
    Ok(found)
}

pub(crate) fn set_rights(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    agent: AgentId,
    wanted: AgentRights,
) -> Step<Ended> {
    let former = rights(connection, site, agent)?;
    if former == Some(wanted) {
        return Ok(Ended::default());
    }
    hear_of(connection, site, agent, wanted)?;
    connection
        .prepare_cached(
            "UPDATE agents SET secure_forms = ?3, card_numbers = ?4, history = ?5, copy = ?6, export = ?7
             WHERE site = ?1 AND agent = ?2",
        )?
        .execute(params![
            site.as_str(),
            agent.as_uuid().as_bytes(),
            wanted.secure_forms,
            wanted.card_numbers,
            wanted.history,
            wanted.copy,
            wanted.export
        ])?;
    let detail = named(wanted).map(|(name, has)| format!("{name}={has}")).join(" ");
    let on = On { site: Some(site.clone()), agent: Some(agent), detail: Some(detail), ..On::default() };
    audit::done(connection, occasion, Act::RightsChanged, &on)?;
    let former = former.unwrap_or_default();
    let mut ended = Ended::default();
    if former.secure_forms && !wanted.secure_forms {
        let with_rights = invitations::with_rights_of_agent(connection, site, agent)?;
        ended = invitations::lose_rights(connection, occasion, with_rights, CancelReason::RightLost)?;
    }
    if named(former).into_iter().zip(named(wanted)).any(|((_, had), (_, has))| had && !has) {
        for session in sessions::living_of_agent(connection, site, agent)? {
            ended.views.extend(views::close_of_session(connection, occasion, session)?);
        }
    }
    Ok(ended)
}
