//! Counted tries: charged before they are judged, refunded when they were right.

use aside_base::{AddressPrefix, AgentId, KeyHash, SiteId, Timestamp};
use aside_desk_domain::{
    Action, Actor, AttemptRefusal, By, FACTOR_LOCKOUT, Gate, Lockout, NETWORK_WINDOW, NetworkTries, Outcome, Target,
    Tries, Where,
};
use aside_desk_store::{Attempt, Attempts, Charge, Failed, StoreError, VerbError};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::fault::Fault;
use crate::row::{BlobId, execute, moment, moment_or_none, one, site};
use crate::{SqliteStore, audit, policies};

/// How long a device is known, in seconds: 90 days.
const DEVICE_LIFE: u32 = 90 * 86_400;

/// How many rows of each table are forgotten at once.
const SWEEP: u32 = 5_000;

crate::statements::statements! {
    SITE_OF = "SELECT site FROM agents WHERE id = ?";
    TRIES = "SELECT failures, last_at, locked_until FROM attempts WHERE name = ?";
    CHARGE = "INSERT INTO attempts (name, agent, failures, last_at, locked_until) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET agent = excluded.agent, failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until";
    REFUND = "DELETE FROM attempts WHERE name = ?";
    DEVICE = "SELECT failures, last_at, locked_until FROM devices WHERE cookie = ? AND agent = ? AND ends_at > ?";
    CHARGE_DEVICE = "UPDATE devices SET failures = ?2, last_at = ?3, locked_until = ?4 WHERE cookie = ?1";
    KNOW_DEVICE = "INSERT INTO devices (cookie, agent, made_at, ends_at) VALUES (?, ?, ?, ?)";
    TRIM_DEVICES = "DELETE FROM devices WHERE agent = ?1 AND cookie NOT IN (SELECT cookie FROM devices WHERE agent = ?1 ORDER BY made_at DESC, cookie LIMIT 10)";
    NETWORK = "SELECT failures, since FROM networks WHERE network = ?";
    CHARGE_NETWORK = "INSERT INTO networks (network, failures, since) VALUES (?, ?, ?) ON CONFLICT (network) DO UPDATE SET failures = excluded.failures, since = excluded.since";
    REFUND_NETWORK = "UPDATE networks SET failures = max(failures - 1, 0) WHERE network = ?";
    SPEND = "INSERT INTO captchas (name, ends_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING";
    FACTOR_TRIES = "SELECT failures, last_at, locked_until FROM factor_attempts WHERE agent = ?";
    CHARGE_FACTOR = "INSERT INTO factor_attempts (agent, failures, last_at, locked_until) VALUES (?, ?, ?, ?) ON CONFLICT (agent) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, locked_until = excluded.locked_until";
    REFUND_FACTOR = "DELETE FROM factor_attempts WHERE agent = ?";
    FORGIVE = "DELETE FROM attempts WHERE agent = ?";
    FORGIVE_DEVICES = "UPDATE devices SET failures = 0, locked_until = NULL WHERE agent = ?";
    FORGET = "DELETE FROM attempts WHERE name IN (SELECT name FROM attempts WHERE last_at < ? LIMIT ?)";
    FORGET_DEVICES = "DELETE FROM devices WHERE cookie IN (SELECT cookie FROM devices WHERE ends_at <= ? LIMIT ?)";
    FORGET_NETWORKS = "DELETE FROM networks WHERE network IN (SELECT network FROM networks WHERE since < ? LIMIT ?)";
    FORGET_CAPTCHAS = "DELETE FROM captchas WHERE name IN (SELECT name FROM captchas WHERE ends_at <= ? LIMIT ?)";
}

fn read_tries(row: &Row<'_>) -> rusqlite::Result<Tries> {
    Ok(Tries { failures: row.get(0)?, last_at: moment(row, 1)?, locked_until: moment_or_none(row, 2)? })
}

/// The site's rule; the default for a site that is not there, as for one that is not named.
fn lockout(connection: &Connection, site: Option<&SiteId>) -> rusqlite::Result<Lockout> {
    let policy = site.map(|site| policies::policy(connection, site)).transpose()?.flatten();
    Ok(policy.map_or_else(Lockout::default, |policy| policy.lockout))
}

fn network_of(from: Where) -> String {
    from.map_or_else(String::new, |address| AddressPrefix::of(address).to_string())
}

fn network_tries(connection: &Connection, network: &str) -> rusqlite::Result<NetworkTries> {
    let read = |row: &Row<'_>| Ok(NetworkTries { failures: row.get(0)?, since: moment(row, 1)? });
    Ok(one(connection, NETWORK, [network], read)?.unwrap_or(NetworkTries::NONE))
}

/// The counters that a try goes by.
struct Counters {
    lockout: Lockout,
    tries: Tries,
    on_device: bool,
    network: NetworkTries,
}

fn counters(connection: &Connection, attempt: &Attempt) -> rusqlite::Result<Counters> {
    let device = match (attempt.device, attempt.agent) {
        (Some(cookie), Some(agent)) => {
            one(connection, DEVICE, params![cookie.0, agent.blob(), attempt.now.0], read_tries)?
        }
        _ => None,
    };
    let strangers = || one(connection, TRIES, [attempt.key.0], read_tries);
    Ok(Counters {
        lockout: lockout(connection, attempt.site.as_ref())?,
        on_device: device.is_some(),
        tries: device.map_or_else(|| strangers().map(|tries| tries.unwrap_or(Tries::NONE)), Ok)?,
        network: network_tries(connection, &network_of(attempt.from))?,
    })
}

/// What a try is refused with, if with anything. A captcha that came is looked at, not used up.
fn refusal(counters: &Counters, attempt: &Attempt) -> Option<AttemptRefusal> {
    let gate = counters.tries.gate(&counters.lockout, attempt.now).and(counters.network.gate(attempt.now));
    match gate {
        Gate::Open => None,
        Gate::Locked(until) => Some(AttemptRefusal::Locked(until)),
        Gate::Captcha(cost) => {
            let paid = attempt.captcha.is_some_and(|solved| solved.cost >= cost && attempt.now < solved.ends_at);
            (!paid).then_some(AttemptRefusal::Captcha(cost))
        }
    }
}

fn charge(connection: &Connection, charge: &Charge, tries: Tries) -> rusqlite::Result<()> {
    let (attempt, until) = (&charge.attempt, tries.locked_until.map(|until| until.0));
    if let (true, Some(cookie)) = (charge.on_device, attempt.device) {
        execute(connection, CHARGE_DEVICE, params![cookie.0, tries.failures, tries.last_at.0, until])?;
    } else {
        let agent = attempt.agent.map(|agent| agent.blob());
        execute(connection, CHARGE, params![attempt.key.0, agent, tries.failures, tries.last_at.0, until])?;
    }
    Ok(())
}

fn take(connection: &Connection, attempt: Attempt) -> Result<Charge, Fault<AttemptRefusal>> {
    let counters = counters(connection, &attempt)?;
    if let Some(refusal) = refusal(&counters, &attempt) {
        return Err(Fault::Refused(refusal));
    }
    if let Some(solved) = attempt.captcha
        && execute(connection, SPEND, params![solved.name, solved.ends_at.0])? == 0
    {
        return Err(Fault::Refused(AttemptRefusal::Captcha(solved.cost)));
    }
    let network = counters.network.charged(attempt.now);
    execute(connection, CHARGE_NETWORK, params![network_of(attempt.from), network.failures, network.since.0])?;
    let tries = counters.tries.charged(&counters.lockout, attempt.now);
    let taken = Charge { attempt, on_device: counters.on_device };
    charge(connection, &taken, tries)?;
    Ok(taken)
}

fn fail(connection: &Connection, taken: &Charge) -> rusqlite::Result<Failed> {
    let attempt = &taken.attempt;
    let Counters { lockout, tries, network, .. } = counters(connection, attempt)?;
    // Written again for every name alike: what a failure costs must not tell whether there is such an account.
    charge(connection, taken, tries)?;
    if let Some(agent) = attempt.agent
        && let Some(site) = one(connection, SITE_OF, [agent.blob()], |row| site(row, 0))?
    {
        let site = &site;
        let by = By { who: Actor::Stranger, from: attempt.from, at: attempt.now };
        let refused = Outcome::Refused("wrong_password");
        audit::note(connection, site, &by, Action::Login, Target::Agent(agent), refused)?;
        if tries.locked_until.is_some() && tries.last_at == attempt.now {
            let because = Outcome::DoneBecause(if taken.on_device { "device" } else { "account" });
            let by = By::desk(attempt.now);
            audit::note(connection, site, &by, Action::LockAccount, Target::Agent(agent), because)?;
        }
    }
    let gate = tries.gate(&lockout, attempt.now).and(network.gate(attempt.now));
    Ok(Failed { captcha: matches!(gate, Gate::Captcha(_)), locked_until: tries.locked_until })
}

/// A try was right: its counter is empty again, and its network owes one less.
pub(crate) fn refund(connection: &Connection, taken: &Charge) -> rusqlite::Result<()> {
    let attempt = &taken.attempt;
    execute(connection, REFUND_NETWORK, [network_of(attempt.from)])?;
    match attempt.device.filter(|_| taken.on_device) {
        Some(cookie) => execute(connection, CHARGE_DEVICE, params![cookie.0, 0, attempt.now.0, None::<i64>]),
        None => execute(connection, REFUND, [attempt.key.0]),
    }
    .map(|_| ())
}

/// A second factor was right.
pub(crate) fn refund_factor(connection: &Connection, agent: AgentId) -> rusqlite::Result<()> {
    execute(connection, REFUND_FACTOR, [agent.blob()]).map(|_| ())
}

/// Remembers a browser that signed in to the account: the ten newest, for 90 days each.
pub(crate) fn know_device(
    connection: &Connection,
    agent: AgentId,
    cookie: KeyHash,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let ends_at = now.plus_seconds(DEVICE_LIFE);
    execute(connection, KNOW_DEVICE, params![cookie.0, agent.blob(), now.0, ends_at.0])?;
    execute(connection, TRIM_DEVICES, [agent.blob()]).map(|_| ())
}

/// Takes all locks of an account away.
pub(crate) fn forgive(connection: &Connection, agent: AgentId) -> rusqlite::Result<()> {
    execute(connection, FORGIVE, [agent.blob()])?;
    execute(connection, FORGIVE_DEVICES, [agent.blob()])?;
    refund_factor(connection, agent)
}

fn take_factor(connection: &Connection, site: &SiteId, agent: AgentId, by: &By) -> Result<u32, Fault<AttemptRefusal>> {
    let tries = one(connection, FACTOR_TRIES, [agent.blob()], read_tries)?.unwrap_or(Tries::NONE);
    if let Gate::Locked(until) = tries.gate(&FACTOR_LOCKOUT, by.at) {
        return Err(Fault::Refused(AttemptRefusal::Locked(until)));
    }
    let tries = tries.charged(&FACTOR_LOCKOUT, by.at);
    let until = tries.locked_until.map(|until| until.0);
    execute(connection, CHARGE_FACTOR, params![agent.blob(), tries.failures, tries.last_at.0, until])?;
    if until.is_some() {
        let because = Outcome::DoneBecause("second_factor");
        audit::note(connection, site, by, Action::LockAccount, Target::Agent(agent), because)?;
    }
    Ok(tries.left(&FACTOR_LOCKOUT))
}

#[async_trait]
impl Attempts for SqliteStore {
    async fn attempt_gate(&self, attempt: Attempt) -> Result<Option<AttemptRefusal>, StoreError> {
        self.read("attempt_gate", move |connection| Ok(refusal(&counters(connection, &attempt)?, &attempt))).await
    }

    async fn take_attempt(&self, attempt: Attempt) -> Result<Charge, VerbError<AttemptRefusal>> {
        self.verb("take_attempt", move |connection| take(connection, attempt)).await
    }

    async fn fail_attempt(&self, charge: Charge) -> Result<Failed, StoreError> {
        self.write("fail_attempt", move |connection| Ok(fail(connection, &charge)?)).await
    }

    async fn take_factor_attempt(
        &self,
        site: &SiteId,
        agent: AgentId,
        from: Where,
        now: Timestamp,
    ) -> Result<u32, VerbError<AttemptRefusal>> {
        let (site, by) = (site.clone(), By { from, ..By::desk(now) });
        self.verb("take_factor_attempt", move |connection| take_factor(connection, &site, agent, &by)).await
    }

    async fn forget_attempts(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write("forget_attempts", move |connection| {
            // A day is the longest lock.
            execute(connection, FORGET, params![now.0 - 86_400_000, SWEEP])?;
            execute(connection, FORGET_DEVICES, params![now.0, SWEEP])?;
            let window = i64::try_from(NETWORK_WINDOW.as_millis()).unwrap_or(i64::MAX);
            execute(connection, FORGET_NETWORKS, params![now.0 - window, SWEEP])?;
            execute(connection, FORGET_CAPTCHAS, params![now.0, SWEEP])?;
            Ok(())
        })
        .await
    }
}
