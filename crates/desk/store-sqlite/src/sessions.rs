//! Logins: started, moved on, locked, unlocked, swept.

use aside_base::{AgentId, KeyHash, SessionId, SiteId, Timestamp};
use aside_desk_domain::{
    Action, Actor, By, EndReason, Errand, FactorProof, IdleStep, LiveSession, Needs, Outcome, Policy, Session,
    SessionStage, SignInRefusal, StepRefusal, Target, password_is_due,
};
use aside_desk_store::{
    Aftermath, EndedSession, LockedSession, PassFactor, Sessions, SignIn, StoreError, Unlock, VerbError,
};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::fault::Fault;
use crate::row::{BlobId, all, execute, moment, one};
use crate::session_row::{self, read_session, session_columns};
use crate::{SqliteStore, accounts, attempts, audit, ending, errands, factors, policies};

/// How many sessions one sweep changes at most.
const SWEEP: u32 = 100;

/// The shortest time after which any policy locks or ends anything, in milliseconds.
const SHORTEST_IDLE: i64 = 60_000;

crate::statements::statements! {
    START = "INSERT INTO sessions (id, token, agent, site, started_at, ends_at, stage, last_input_at, address) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5, ?8)";
    MOVE_ON = "UPDATE sessions SET stage = ?3, token = ?4, last_input_at = ?5, held = 0 WHERE id = ?1 AND site = ?2 AND ended_at IS NULL";
    HELD = "SELECT held FROM sessions WHERE id = ?";
    NEW_TOKEN = "UPDATE sessions SET token = ?2, last_input_at = ?3, locked_at = NULL WHERE id = ?1";
    LOCK = "UPDATE sessions SET locked_at = ?2 WHERE id = ?1 AND locked_at IS NULL";
    INPUT = "UPDATE sessions SET last_input_at = ?2 WHERE id = ?1 AND last_input_at < ?2";
    SEEN = "UPDATE agents SET last_seen_at = ?2, password = coalesce(?3, password) WHERE id = ?1";
    PASSWORD_STATE = "SELECT first_password, password_at FROM agents WHERE id = ?";
    OLD = concat!("SELECT ", session_columns!(), " FROM sessions s WHERE s.ended_at IS NULL AND s.ends_at <= ? LIMIT ?");
    SILENT = concat!("SELECT ", session_columns!(), " FROM sessions s WHERE s.ended_at IS NULL AND s.last_input_at <= ? ORDER BY s.last_input_at");
}

/// What the account's login needs now.
pub(crate) fn needs(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    policy: &Policy,
    now: Timestamp,
) -> rusqlite::Result<Option<Needs>> {
    let Some(account) = accounts::account(connection, site, agent)? else { return Ok(None) };
    let read = |row: &Row<'_>| Ok((row.get(0)?, moment(row, 1)?));
    let Some((first, changed_at)) = one(connection, PASSWORD_STATE, [agent.blob()], read)? else { return Ok(None) };
    let has_factor = factors::has_factor(connection, agent)?;
    Ok(Some(Needs {
        has_factor,
        new_password: password_is_due(policy, first, has_factor, changed_at, now),
        wants_factor: policy.wants_factor(account.effective()),
    }))
}

/// Moves a session on to a stage, under another token. One that the vault keeps locked is unlocked there when it is ready.
pub(crate) fn move_on(
    connection: &Connection,
    site: &SiteId,
    session: SessionId,
    stage: SessionStage,
    token: KeyHash,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let held = one(connection, HELD, [session.blob()], |row| row.get(0))?.unwrap_or(false);
    if held && stage == SessionStage::Ready {
        errands::owe(connection, site, Errand::UnlockSession(session), now)?;
    }
    let row = params![session.blob(), site.as_str(), stage.as_str(), token.0, now.0];
    execute(connection, MOVE_ON, row).map(|_| ())
}

fn start(connection: &Connection, session: &Session, token: KeyHash) -> rusqlite::Result<()> {
    let row = params![
        session.id.blob(),
        token.0,
        session.agent.blob(),
        session.site.as_str(),
        session.started_at.0,
        session.ends_at.0,
        session.stage.as_str(),
        session.from.map(|address| address.to_string())
    ];
    execute(connection, START, row).map(|_| ())
}

fn sign_in(connection: &Connection, sign_in: &SignIn) -> Result<LiveSession, Fault<SignInRefusal>> {
    const CHANGED: Fault<SignInRefusal> = Fault::Refused(SignInRefusal::Changed);
    let SignIn { session, agent, site, password, rehashed, token, charge, device, from, now } = sign_in;
    let standing = accounts::credentials(connection, site, *agent)?.ok_or(CHANGED)?;
    if standing.usable() != Some(password) {
        return Err(CHANGED);
    }
    let policy = policies::policy_of(connection, site)?;
    let needs = needs(connection, site, *agent, &policy, *now)?.ok_or(CHANGED)?;
    attempts::refund(connection, charge)?;
    if let Some(cookie) = device {
        attempts::know_device(connection, *agent, *cookie, *now)?;
    }
    let rehashed = rehashed.as_ref().map(|hash| hash.as_phc());
    execute(connection, SEEN, params![agent.blob(), now.0, rehashed])?;
    let ends_at = now.plus_seconds(policy.session_hours.saturating_mul(3_600));
    let stage = needs.first();
    let begun = Session { stage, ends_at, ..Session::begun(*session, &standing.agent, *from, *now) };
    start(connection, &begun, *token)?;
    let by = By { who: Actor::Agent(*agent, *session), from: *from, at: *now };
    audit::note(connection, site, &by, Action::Login, Target::Session(*session), Outcome::Done)?;
    session_row::live(connection, site, *session, *now)?.ok_or(CHANGED)
}

fn pass_factor(connection: &Connection, pass: &PassFactor) -> Result<LiveSession, Fault<StepRefusal>> {
    const GONE: Fault<StepRefusal> = Fault::Refused(StepRefusal::Session);
    let PassFactor { site, session, proof, token, from, now } = pass;
    let live = session_row::live(connection, site, *session, *now)?.ok_or(GONE)?;
    if live.session.stage != SessionStage::SecondFactor {
        return Err(GONE);
    }
    let agent = live.agent.id;
    let kind = factors::use_up(connection, agent, *proof, *now)?.ok_or(Fault::Refused(StepRefusal::Factor))?;
    let policy = policies::policy_of(connection, site)?;
    let needs = needs(connection, site, agent, &policy, *now)?.ok_or(GONE)?;
    move_on(connection, site, *session, needs.after_factor(), *token, *now)?;
    let by = By { who: Actor::Agent(agent, *session), from: *from, at: *now };
    audit::note(connection, site, &by, Action::PassFactor, Target::Session(*session), Outcome::DoneBecause(kind))?;
    session_row::live(connection, site, *session, *now)?.ok_or(GONE)
}

fn lock(connection: &Connection, site: &SiteId, session: SessionId, by: &By) -> rusqlite::Result<bool> {
    let live = session_row::live(connection, site, session, by.at)?;
    let Some(live) = live.filter(|live| live.session.stage == SessionStage::Ready) else { return Ok(false) };
    if execute(connection, LOCK, params![live.session.id.blob(), by.at.0])? == 0 {
        return Ok(false);
    }
    errands::owe(connection, site, Errand::LockSession(session), by.at)?;
    audit::note(connection, site, by, Action::LockSession, Target::Session(session), Outcome::Done)?;
    Ok(true)
}

fn unlock(connection: &Connection, unlock: &Unlock) -> Result<LiveSession, Fault<StepRefusal>> {
    const GONE: Fault<StepRefusal> = Fault::Refused(StepRefusal::Session);
    let Unlock { site, session, charge, proof, token, from, now } = unlock;
    let live = session_row::live(connection, site, *session, *now)?.ok_or(GONE)?;
    let idle = policies::policy_of(connection, site)?.idle;
    let over = matches!(live.session.idle_step(&idle, *now), Some(IdleStep::End(_)));
    if live.session.stage != SessionStage::Ready || !live.is_locked(*now) || over {
        return Err(GONE);
    }
    if charge.is_none() && !matches!(proof, Some(FactorProof::Passkey { .. })) {
        return Err(Fault::Refused(StepRefusal::FactorNeeded));
    }
    let agent = live.agent.id;
    let shown = match proof {
        Some(proof) => factors::use_up(connection, agent, *proof, *now)?.ok_or(Fault::Refused(StepRefusal::Factor))?,
        None => "password",
    };
    if let Some(charge) = charge {
        attempts::refund(connection, charge)?;
    }
    execute(connection, NEW_TOKEN, params![session.blob(), token.0, now.0])?;
    errands::owe(connection, site, Errand::UnlockSession(*session), *now)?;
    let by = By { who: Actor::Agent(agent, *session), from: *from, at: *now };
    let outcome = Outcome::DoneBecause(shown);
    audit::note(connection, site, &by, Action::UnlockSession, Target::Session(*session), outcome)?;
    session_row::live(connection, site, *session, *now)?.ok_or(GONE)
}

fn note_input(connection: &Connection, site: &SiteId, session: SessionId, now: Timestamp) -> rusqlite::Result<()> {
    let Some(live) = session_row::live(connection, site, session, now)? else { return Ok(()) };
    let idle = policies::policy_of(connection, site)?.idle;
    // What should have locked by now is not kept open by an input that comes before the sweep.
    if live.session.locked_at.is_none() && live.session.idle_step(&idle, now).is_none() {
        execute(connection, INPUT, params![session.blob(), now.0])?;
    }
    Ok(())
}

/// Living sessions to which time does something now.
fn due(connection: &Connection, now: Timestamp) -> rusqlite::Result<Vec<(Session, IdleStep)>> {
    let mut candidates = all(connection, OLD, params![now.0, SWEEP], read_session)?;
    candidates.extend(all(connection, SILENT, [now.0.saturating_sub(SHORTEST_IDLE)], read_session)?);
    if candidates.is_empty() {
        return Ok(vec![]);
    }
    let policies = policies::policies(connection)?;
    let step = |session: Session| {
        let (_, policy) = policies.iter().find(|(site, _)| *site == session.site)?;
        session.idle_step(&policy.idle, now).map(|step| (session, step))
    };
    Ok(candidates.into_iter().filter_map(step).take(SWEEP as usize).collect())
}

fn sweep(connection: &Connection, now: Timestamp) -> rusqlite::Result<Aftermath> {
    let (mut aftermath, by) = (Aftermath::default(), By::desk(now));
    for (Session { id: session, site, .. }, step) in due(connection, now)? {
        match step {
            IdleStep::End(reason) => {
                if ending::end(connection, &site, session, reason, &by)? {
                    aftermath.ended.push(EndedSession { site, session, reason });
                }
            }
            IdleStep::Lock => {
                if lock(connection, &site, session, &by)? {
                    aftermath.locked.push(LockedSession { site, session });
                }
            }
        }
    }
    Ok(aftermath)
}

#[async_trait]
impl Sessions for SqliteStore {
    async fn sign_in(&self, login: SignIn) -> Result<LiveSession, VerbError<SignInRefusal>> {
        self.verb("sign_in", move |connection| sign_in(connection, &login)).await
    }

    async fn session_by_token(&self, token: KeyHash, now: Timestamp) -> Result<Option<LiveSession>, StoreError> {
        self.read("session_by_token", move |connection| Ok(session_row::by_token(connection, token.0, now)?)).await
    }

    async fn live_session(
        &self,
        site: &SiteId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<Option<LiveSession>, StoreError> {
        let site = site.clone();
        self.read("live_session", move |connection| Ok(session_row::live(connection, &site, session, now)?)).await
    }

    async fn live_sessions(&self, now: Timestamp) -> Result<Vec<LiveSession>, StoreError> {
        self.read("live_sessions", move |connection| Ok(session_row::all_live(connection, now)?)).await
    }

    async fn sessions_of(&self, site: &SiteId, agent: AgentId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let site = site.clone();
        self.read("sessions_of", move |connection| Ok(session_row::of_agent(connection, &site, agent, now)?)).await
    }

    async fn pass_factor(&self, pass: PassFactor) -> Result<LiveSession, VerbError<StepRefusal>> {
        self.verb("pass_factor", move |connection| pass_factor(connection, &pass)).await
    }

    async fn note_input(&self, site: &SiteId, session: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let site = site.clone();
        self.write("note_input", move |connection| Ok(note_input(connection, &site, session, now)?)).await
    }

    async fn lock_session(&self, site: &SiteId, session: SessionId, by: By) -> Result<bool, StoreError> {
        let site = site.clone();
        self.write("lock_session", move |connection| Ok(lock(connection, &site, session, &by)?)).await
    }

    async fn unlock_session(&self, key: Unlock) -> Result<LiveSession, VerbError<StepRefusal>> {
        self.verb("unlock_session", move |connection| unlock(connection, &key)).await
    }

    async fn end_session(
        &self,
        site: &SiteId,
        session: SessionId,
        reason: EndReason,
        by: By,
    ) -> Result<bool, StoreError> {
        let site = site.clone();
        self.write("end_session", move |connection| Ok(ending::end(connection, &site, session, reason, &by)?)).await
    }

    async fn sweep_sessions(&self, now: Timestamp) -> Result<Aftermath, StoreError> {
        // Every second: nothing is written while nothing is due.
        if self.read("sweep_sessions", move |connection| Ok(due(connection, now)?.is_empty())).await? {
            return Ok(Aftermath::default());
        }
        self.write("sweep_sessions", move |connection| Ok(sweep(connection, now)?)).await
    }
}
