//! Second factors: which there are, how one is used up, how they come and go.

use aside_base::{AgentId, KeyHash, SessionId, SiteId, Timestamp};
use aside_desk_domain::{
    Action, By, EndReason, Errand, FactorName, FactorProof, FactorRefusal, Factors, MOST_PASSKEYS, Outcome,
    PasskeyRecord, PeopleRefusal, SessionStage, Target, TotpRecord, may_remove, may_use_counter, may_use_step,
};
use aside_desk_store::{Aftermath, FactorRecords, FactorSet, NewFactor, SetUpFactor, StoreError, VerbError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::fault::Fault;
use crate::row::{BlobId, all, execute, id, moment, moment_or_none, one};
use crate::{SqliteStore, accounts, attempts, audit, ending, errands, policies, session_row, sessions};

crate::statements::statements! {
    TOTP = "SELECT sealed, since, last_step FROM totp_factors WHERE agent = ?";
    SET_TOTP = "INSERT INTO totp_factors (agent, sealed, since, last_step) VALUES (?, ?, ?, ?) ON CONFLICT (agent) DO UPDATE SET sealed = excluded.sealed, since = excluded.since, last_step = excluded.last_step";
    USE_STEP = "UPDATE totp_factors SET last_step = ?2 WHERE agent = ?1";
    REMOVE_TOTP = "DELETE FROM totp_factors WHERE agent = ?";
    PASSKEYS = "SELECT id, name, credential, verifier, counter, backup_eligible, since, last_used_at FROM passkeys WHERE agent = ? ORDER BY since, id";
    ADD_PASSKEY = "INSERT INTO passkeys (id, agent, name, credential, verifier, counter, backup_eligible, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (credential) DO NOTHING";
    COUNTER = "SELECT counter FROM passkeys WHERE id = ? AND agent = ?";
    USE_PASSKEY = "UPDATE passkeys SET counter = ?2, last_used_at = ?3 WHERE id = ?1";
    REMOVE_PASSKEY = "DELETE FROM passkeys WHERE id = ? AND agent = ?";
    REMOVE_PASSKEYS = "DELETE FROM passkeys WHERE agent = ?";
    CODES_LEFT = "SELECT count(*) FROM recovery_codes WHERE agent = ?";
    ADD_CODE = "INSERT INTO recovery_codes (agent, code) VALUES (?, ?) ON CONFLICT DO NOTHING";
    USE_CODE = "DELETE FROM recovery_codes WHERE agent = ? AND code = ?";
    REMOVE_CODES = "DELETE FROM recovery_codes WHERE agent = ?";
    HAS_FACTOR = "SELECT EXISTS (SELECT 1 FROM totp_factors WHERE agent = ?1) OR EXISTS (SELECT 1 FROM passkeys WHERE agent = ?1)";
}

fn read_totp(row: &Row<'_>) -> rusqlite::Result<TotpRecord> {
    Ok(TotpRecord { sealed: row.get(0)?, since: moment(row, 1)?, last_step: row.get::<_, i64>(2)?.unsigned_abs() })
}

fn read_passkey(row: &Row<'_>) -> rusqlite::Result<PasskeyRecord> {
    Ok(PasskeyRecord {
        id: id(row, 0)?,
        name: row.get(1)?,
        credential: row.get(2)?,
        public_key: row.get(3)?,
        counter: row.get(4)?,
        backup_eligible: row.get(5)?,
        since: moment(row, 6)?,
        last_used_at: moment_or_none(row, 7)?,
    })
}

fn factors(connection: &Connection, agent: AgentId) -> rusqlite::Result<Factors> {
    Ok(Factors {
        totp: one(connection, TOTP, [agent.blob()], read_totp)?,
        passkeys: all(connection, PASSKEYS, [agent.blob()], read_passkey)?,
        recovery_codes_left: one(connection, CODES_LEFT, [agent.blob()], |row| row.get(0))?.unwrap_or(0),
    })
}

/// Whether the account has a code app or a passkey.
pub(crate) fn has_factor(connection: &Connection, agent: AgentId) -> rusqlite::Result<bool> {
    Ok(one(connection, HAS_FACTOR, [agent.blob()], |row| row.get(0))?.unwrap_or(false))
}

/// A step as SQLite counts. Unix time divided by 30 stays far below its limit.
fn step_number(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

/// Uses a proof up. The name of its kind; none when it cannot be used (again).
pub(crate) fn use_up(
    connection: &Connection,
    agent: AgentId,
    proof: FactorProof,
    now: Timestamp,
) -> rusqlite::Result<Option<&'static str>> {
    let used = match proof {
        FactorProof::Totp { step } => {
            let totp = one(connection, TOTP, [agent.blob()], read_totp)?;
            let fresh = totp.is_some_and(|totp| may_use_step(totp.last_step, step));
            fresh && execute(connection, USE_STEP, params![agent.blob(), step_number(step)])? == 1
        }
        FactorProof::Passkey { id, counter } => {
            let before = one(connection, COUNTER, params![id.blob(), agent.blob()], |row| row.get(0))?;
            let fresh = before.is_some_and(|before| may_use_counter(before, counter));
            fresh && execute(connection, USE_PASSKEY, params![id.blob(), counter, now.0])? == 1
        }
        FactorProof::RecoveryCode(code) => execute(connection, USE_CODE, params![agent.blob(), code.0])? == 1,
    };
    if !used {
        return Ok(None);
    }
    attempts::refund_factor(connection, agent)?;
    Ok(Some(match proof {
        FactorProof::Totp { .. } => "totp",
        FactorProof::Passkey { .. } => "passkey",
        FactorProof::RecoveryCode(_) => "recovery_code",
    }))
}

fn keep_codes(connection: &Connection, agent: AgentId, codes: &[KeyHash]) -> rusqlite::Result<()> {
    for code in codes {
        execute(connection, ADD_CODE, params![agent.blob(), code.0])?;
    }
    Ok(())
}

fn set_up(connection: &Connection, set_up: &SetUpFactor) -> Result<FactorSet, Fault<FactorRefusal>> {
    let SetUpFactor { site, session, factor, recovery, token, by } = set_up;
    let live = session_row::live(connection, site, *session, by.at)?.ok_or(Fault::Refused(FactorRefusal::Session))?;
    let stage = live.session.stage;
    if live.is_locked(by.at) || !matches!(stage, SessionStage::Ready | SessionStage::SetUpFactor) {
        return Err(Fault::Refused(FactorRefusal::Session));
    }
    let agent = live.agent.id;
    let standing = factors(connection, agent)?;
    let (target, kind) = match factor {
        NewFactor::Totp(TotpRecord { sealed, since, last_step }) => {
            execute(connection, SET_TOTP, params![agent.blob(), sealed, since.0, step_number(*last_step)])?;
            (Target::Agent(agent), "totp")
        }
        NewFactor::Passkey(passkey) => {
            if standing.passkeys.len() >= MOST_PASSKEYS {
                return Err(Fault::Refused(FactorRefusal::TooMany));
            }
            let PasskeyRecord { id, name, credential, public_key, counter, backup_eligible, since, .. } = passkey;
            let row = params![id.blob(), agent.blob(), name, credential, public_key, counter, backup_eligible, since.0];
            if execute(connection, ADD_PASSKEY, row)? == 0 {
                return Err(Fault::Refused(FactorRefusal::Taken));
            }
            (Target::Passkey(*id), "passkey")
        }
    };
    let recovery_kept = standing.recovery_codes_left == 0;
    if recovery_kept {
        keep_codes(connection, agent, recovery)?;
    }
    audit::note(connection, site, by, Action::AddFactor, target, Outcome::DoneBecause(kind))?;
    sessions::move_on(connection, site, *session, SessionStage::Ready, *token, by.at)?;
    let live = session_row::live(connection, site, *session, by.at)?.ok_or(Fault::Refused(FactorRefusal::Session))?;
    Ok(FactorSet { live, recovery_kept })
}

fn remove(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    factor: FactorName,
    by: &By,
) -> Result<(), Fault<FactorRefusal>> {
    let account = accounts::account(connection, site, agent)?.ok_or(Fault::Refused(FactorRefusal::NotFound))?;
    let standing = factors(connection, agent)?;
    let there = match factor {
        FactorName::Totp => standing.totp.is_some(),
        FactorName::Passkey(id) => standing.passkeys.iter().any(|passkey| passkey.id == id),
    };
    if !there {
        return Err(Fault::Refused(FactorRefusal::NotFound));
    }
    may_remove(standing.count(), &policies::policy_of(connection, site)?, account.permissions)
        .map_err(Fault::Refused)?;
    let (target, kind) = match factor {
        FactorName::Totp => {
            execute(connection, REMOVE_TOTP, [agent.blob()])?;
            (Target::Agent(agent), "totp")
        }
        FactorName::Passkey(id) => {
            execute(connection, REMOVE_PASSKEY, params![id.blob(), agent.blob()])?;
            (Target::Passkey(id), "passkey")
        }
    };
    if standing.count() == 1 {
        execute(connection, REMOVE_CODES, [agent.blob()])?;
    }
    Ok(audit::note(connection, site, by, Action::RemoveFactor, target, Outcome::DoneBecause(kind))?)
}

fn renew_codes(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
    codes: &[KeyHash],
    by: &By,
) -> Result<(), Fault<FactorRefusal>> {
    if accounts::account(connection, site, agent)?.is_none() || !has_factor(connection, agent)? {
        return Err(Fault::Refused(FactorRefusal::NotFound));
    }
    execute(connection, REMOVE_CODES, [agent.blob()])?;
    keep_codes(connection, agent, codes)?;
    Ok(audit::note(connection, site, by, Action::RenewRecoveryCodes, Target::Agent(agent), Outcome::Done)?)
}

fn reset(connection: &Connection, site: &SiteId, agent: AgentId, by: &By) -> Result<Aftermath, Fault<PeopleRefusal>> {
    if accounts::account(connection, site, agent)?.is_none() {
        return Err(Fault::Refused(PeopleRefusal::NotFound));
    }
    if by.agent() == Some(agent) {
        return Err(Fault::Refused(PeopleRefusal::Own));
    }
    let mut aftermath = Aftermath::default();
    for gone in [REMOVE_TOTP, REMOVE_PASSKEYS, REMOVE_CODES] {
        execute(connection, gone, [agent.blob()])?;
    }
    attempts::refund_factor(connection, agent)?;
    ending::end_all_of(connection, site, agent, None::<SessionId>, EndReason::FactorReset, by, &mut aftermath)?;
    errands::owe(connection, site, Errand::ResetFactors(agent), by.at)?;
    audit::note(connection, site, by, Action::ResetFactors, Target::Agent(agent), Outcome::Done)?;
    Ok(aftermath)
}

#[async_trait]
impl FactorRecords for SqliteStore {
    async fn factors(&self, site: &SiteId, agent: AgentId) -> Result<Factors, StoreError> {
        let site = site.clone();
        self.read("factors", move |connection| match accounts::account(connection, &site, agent)? {
            Some(_) => Ok(factors(connection, agent)?),
            None => Ok(Factors::default()),
        })
        .await
    }

    async fn set_up_factor(&self, new: SetUpFactor) -> Result<FactorSet, VerbError<FactorRefusal>> {
        self.verb("set_up_factor", move |connection| set_up(connection, &new)).await
    }

    async fn remove_factor(
        &self,
        site: &SiteId,
        agent: AgentId,
        factor: FactorName,
        by: By,
    ) -> Result<(), VerbError<FactorRefusal>> {
        let site = site.clone();
        self.verb("remove_factor", move |connection| remove(connection, &site, agent, factor, &by)).await
    }

    async fn renew_recovery_codes(
        &self,
        site: &SiteId,
        agent: AgentId,
        codes: Vec<KeyHash>,
        by: By,
    ) -> Result<(), VerbError<FactorRefusal>> {
        let site = site.clone();
        self.verb("renew_recovery_codes", move |connection| renew_codes(connection, &site, agent, &codes, &by)).await
    }

    async fn reset_factors(
        &self,
        site: &SiteId,
        agent: AgentId,
        by: By,
    ) -> Result<Aftermath, VerbError<PeopleRefusal>> {
        let site = site.clone();
        self.verb("reset_factors", move |connection| reset(connection, &site, agent, &by)).await
    }
}
