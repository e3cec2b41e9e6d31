//! Agents' second factors: set up, used to confirm, deleted.

use aside_base::{AgentId, SiteId, Timestamp};
use aside_vault_domain::{
    Act, CONFIRMED_SECONDS, CodeApp, Confirmation, Factors, NewFactor, Occasion, On, Passkey, Proof, Proved, Refusal,
    SealedCodeSecret, Session, Tries, Usable,
};
use aside_vault_store::{AddFactor, Confirm};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::audit::Tried;
use crate::fault::{Fault, Step};
use crate::{agents, audit, key_ring, rows, sessions, views};

/// Whether the agent has a second factor.
pub(crate) fn any(connection: &Connection, site: &SiteId, agent: AgentId) -> Step<bool> {
    let any = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM code_apps WHERE site = ?1 AND agent = ?2)
                 OR EXISTS (SELECT 1 FROM passkeys WHERE site = ?1 AND agent = ?2)",
        )?
        .query_row(params![site.as_str(), agent.as_uuid().as_bytes()], |row| row.get(0))?;
    Ok(any)
}

/// Which of the agent's factors were set up at `latest` at the latest.
pub(crate) fn usable(
    connection: &Connection,
    site: &SiteId,
    agent: Option<AgentId>,
    latest: Timestamp,
) -> Step<Usable> {
    let usable = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM code_apps WHERE site = ?1 AND agent = ?2 AND since <= ?3),
                    EXISTS (SELECT 1 FROM passkeys WHERE site = ?1 AND agent = ?2 AND since <= ?3)",
        )?
        .query_row(params![site.as_str(), agent.as_ref().map(|id| id.as_uuid().as_bytes()), latest.0], |row| {
            Ok(Usable { code: row.get(0)?, passkeys: row.get(1)? })
        })?;
    Ok(usable)
}

pub(crate) fn read(connection: &Connection, site: &SiteId, agent: AgentId) -> Step<Factors> {
    let of = params![site.as_str(), agent.as_uuid().as_bytes()];
    let code = connection
        .prepare_cached("SELECT since, key_version, sealed, last_step FROM code_apps WHERE site = ?1 AND agent = ?2")?
        .query_row(of, |row| {
            Ok(CodeApp {
                since: rows::time(row, 0)?,
                secret: SealedCodeSecret { version: row.get(1)?, sealed: row.get(2)? },
                last_step: row.get::<_, i64>(3)?.try_into().map_err(|_| rows::broken(3, "not a step"))?,
            })
        })
        .optional()?;
    let passkeys = connection
        .prepare_cached(
            "SELECT credential, public_key, counter, backup_eligible, name, since FROM passkeys
             WHERE site = ?1 AND agent = ?2 ORDER BY since, credential",
        )?
        .query_map(of, |row| {
            Ok(Passkey {
                id: row.get(0)?,
                public_key: row.get(1)?,
                counter: row.get(2)?,
                backup_eligible: row.get(3)?,
                name: row.get(4)?,
                since: rows::time(row, 5)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let tries = connection
        .prepare_cached("SELECT wrong_codes, locked_until FROM agents WHERE site = ?1 AND agent = ?2")?
        .query_row(of, |row| Ok(Tries { wrong: row.get(0)?, locked_until: rows::time_or_none(row, 1)? }))
        .optional()?;
    Ok(Factors { code, passkeys, tries: tries.unwrap_or_default() })
}

pub(crate) fn add(connection: &Connection, occasion: &Occasion, asked: AddFactor) -> Step<()> {
    let (mut session, agent) = session(connection, asked.viewer)?;
    let (kind, now) = (kind_of(&asked.factor), occasion.now);
    let on = On { detail: Some(kind.to_owned()), ..sessions::on(&session) };
    let known = |refusal| Fault::Refused { refusal, known: Some(Box::new(on.clone())) };
    session.check_seeing(asked.lease).map_err(known)?;
    let mut factors = read(connection, &session.site, agent)?;
    let first = factors.is_empty();
    if let NewFactor::Passkey { id, .. } = &asked.factor
        && is_taken(connection, id)?
    {
        return Err(known(Refusal::NotValid));
    }
    factors.add(asked.factor.clone(), session.confirmation(now).is_some(), now).map_err(known)?;
    agents::hear_of(connection, &session.site, agent, session.rights)?;
    insert(connection, &session.site, agent, asked.factor, now)?;
    if first {
        // It was shown to work just now. Another one confirms nothing: it would hide that an older one did.
        session.confirmed = Some(Confirmation { at: now, since: now });
        sessions::save(connection, &session)?;
    }
    Ok(audit::done(connection, occasion, Act::FactorAdded, &on)?)
}

/// Answers until when the confirmation lasts, or, with the wrong code counted, the refusal.
pub(crate) fn confirm(
    connection: &Connection,
    occasion: &Occasion,
    asked: &Confirm,
) -> Step<Result<Timestamp, Refusal>> {
    let (mut session, agent) = session(connection, asked.viewer)?;
    let now = occasion.now;
    let shown = match asked.proof {
        Proof::Code { .. } | Proof::WrongCode => "code".to_owned(),
        Proof::Passkey { .. } => "passkey".to_owned(),
        Proof::WrongPasskey { reason } => format!("passkey: {reason}"),
    };
    let on = On { view: asked.view, detail: Some(shown), ..sessions::on(&session) };
    let known = |refusal| Fault::Refused { refusal, known: Some(Box::new(on.clone())) };
    session.check_seeing(asked.lease).map_err(known)?;
    let latest = match asked.view {
        None => None,
        Some(view) => {
            let (view, invitation, of) = views::found(connection, view)?;
            view.check(&invitation, &of, asked.viewer, asked.lease).map_err(known)?;
            Some(view.latest_factor(&invitation, now))
        }
    };
    let mut factors = read(connection, &session.site, agent)?;
    let proved = factors.prove(&asked.proof, latest, now).map_err(known)?;
    save(connection, &session.site, agent, &factors, &asked.proof)?;
    match proved {
        Proved::Right { since } => {
            session.confirmed = Some(Confirmation { at: now, since });
            sessions::save(connection, &session)?;
            audit::done(connection, occasion, Act::Confirmed, &on)?;
            Ok(Ok(now.plus_seconds(CONFIRMED_SECONDS)))
        }
        Proved::Wrong(refusal) => {
            let tried = Tried { act: Act::Confirmed, on: On::default() };
            audit::refused(connection, occasion, tried, refusal, Some(Box::new(on)))?;
            Ok(Err(refusal))
        }
    }
}

pub(crate) fn reset(connection: &Connection, occasion: &Occasion, site: &SiteId, agent: AgentId) -> Step<()> {
    let of = params![site.as_str(), agent.as_uuid().as_bytes()];
    let codes = connection.prepare_cached("DELETE FROM code_apps WHERE site = ?1 AND agent = ?2")?.execute(of)?;
    let passkeys = connection.prepare_cached("DELETE FROM passkeys WHERE site = ?1 AND agent = ?2")?.execute(of)?;
    if codes + passkeys == 0 {
        return Ok(());
    }
    connection
        .prepare_cached("UPDATE agents SET wrong_codes = 0, locked_until = NULL WHERE site = ?1 AND agent = ?2")?
        .execute(of)?;
    sessions::forget_confirmations(connection, site, agent)?;
    let on = On { site: Some(site.clone()), agent: Some(agent), ..On::default() };
    Ok(audit::done(connection, occasion, Act::FactorsReset, &on)?)
}

/// The session of an enrolled browser, with its agent.
fn session(connection: &Connection, viewer: aside_base::KeyHash) -> Step<(Session, AgentId)> {
    let session = sessions::of_viewer(connection, viewer)?;
    let session = session.ok_or(Refusal::NoRight(aside_vault_domain::NoRight::OtherBrowser))?;
    let agent =
        session.agent.ok_or_else(|| Fault::Broken(format!("session {} has a viewer and no agent", session.id)))?;
    Ok((session, agent))
}

const fn kind_of(factor: &NewFactor) -> &'static str {
    match factor {
        NewFactor::Code { .. } => "code",
        NewFactor::Passkey { .. } => "passkey",
    }
}

/// Whether a passkey is somebody's already.
fn is_taken(connection: &Connection, id: &[u8]) -> Step<bool> {
    let found = connection
        .prepare_cached("SELECT 1 FROM passkeys WHERE credential = ?1")?
        .query_row([id], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

fn insert(connection: &Connection, site: &SiteId, agent: AgentId, factor: NewFactor, now: Timestamp) -> Step<()> {
    let agent = agent.as_uuid().as_bytes();
    match factor {
        NewFactor::Code { secret, step } => {
            key_ring::refuse_retired(connection, site, secret.version)?;
            connection
                .prepare_cached(
                    "INSERT INTO code_apps (site, agent, since, key_version, sealed, last_step)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (site, agent) DO UPDATE SET since = excluded.since, key_version = excluded.key_version,
                         sealed = excluded.sealed, last_step = excluded.last_step",
                )?
                .execute(params![site.as_str(), agent, now.0, secret.version, secret.sealed, stored(step)?])?
        }
        NewFactor::Passkey { id, public_key, counter, backup_eligible, name } => connection
            .prepare_cached(
                "INSERT INTO passkeys (credential, site, agent, since, name, public_key, counter, backup_eligible)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![id, site.as_str(), agent, now.0, name, public_key, counter, backup_eligible])?,
    };
    Ok(())
}

/// Writes back what a proof has moved.
fn save(connection: &Connection, site: &SiteId, agent: AgentId, factors: &Factors, proof: &Proof) -> Step<()> {
    let tries = factors.tries;
    connection
        .prepare_cached("UPDATE agents SET wrong_codes = ?3, locked_until = ?4 WHERE site = ?1 AND agent = ?2")?
        .execute(params![
            site.as_str(),
            agent.as_uuid().as_bytes(),
            tries.wrong,
            tries.locked_until.map(|until| until.0)
        ])?;
    match proof {
        Proof::WrongCode | Proof::WrongPasskey { .. } => {}
        Proof::Code { .. } => {
            let last_step = factors.code.as_ref().map_or(Ok(0), |code| stored(code.last_step))?;
            connection
                .prepare_cached("UPDATE code_apps SET last_step = ?3 WHERE site = ?1 AND agent = ?2")?
                .execute(params![site.as_str(), agent.as_uuid().as_bytes(), last_step])?;
        }
        Proof::Passkey { id, counter } => {
            connection
                .prepare_cached("UPDATE passkeys SET counter = ?2 WHERE credential = ?1")?
                .execute(params![id, counter])?;
        }
    }
    Ok(())
}

fn stored(step: u64) -> Step<i64> {
    i64::try_from(step).map_err(|_| Fault::Broken("a step beyond all time".into()))
}
