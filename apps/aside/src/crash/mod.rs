//! `aside crash`: either program, or both, killed at random moments under load, again and again; after each fall both are held
//! to everything that they had acknowledged.
//!
//! No acknowledged submission is lost, no one-time key is accepted twice, and the desk misses no event and applies none twice.

mod check;
mod ledger;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aside_base::{Clock, Rng};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::house::{House, Limits, Program, ProgramError, Programs, Role, Running};
use crate::journey::ZoneLink;
use crate::testbed::{Person, Testbed, TestbedError, UNHURRIED};

use check::{Verdict, check};
use ledger::Client;

/// Clients at once.
const CLIENTS: usize = 4;
/// A fall comes within so many milliseconds of load.
const WITHIN_MS: u64 = 600;
/// How long a busy machine may take for the first submission.
const LOAD_WITHIN: Duration = Duration::from_secs(20);

static AGENTS: [Person; 2] = [(Role::Agent, "dana", "Dana"), (Role::Agent, "sam", "Sam")];

/// What all rounds came to.
#[derive(Debug, Default)]
pub struct Report {
    /// Rounds.
    pub rounds: u32,
    /// Falls of the desk alone, the vault alone, and both.
    pub falls: [u32; 3],
    verdict: Verdict,
}

impl Report {
    /// Whether everything held.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.verdict.broken.is_empty() && self.verdict.acknowledged > 0
    }

    /// Submissions that were acknowledged before a fall.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.verdict.acknowledged
    }

    /// Used keys that were tried again.
    #[must_use]
    pub fn replays(&self) -> u64 {
        self.verdict.replays
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for broken in &self.verdict.broken {
            writeln!(f, "BROKEN {broken}")?;
        }
        let [desk, vault, both] = self.falls;
        let Verdict { forms, acknowledged, unknown, replays, broken } = &self.verdict;
        write!(
            f,
            "crash: {} broken in {} rounds ({desk} falls of the desk, {vault} of the vault, {both} of both); {forms} forms, \
             {acknowledged} submissions acknowledged, {unknown} forms cut in the middle of a call, {replays} used keys tried again",
            broken.len(),
            self.rounds,
        )
    }
}

/// Lets the programs fall `rounds` times in `folder`.
///
/// # Errors
/// When the house does not stand. What does not hold is no error: the report has it.
pub async fn crash(
    folder: &Path,
    programs: Programs,
    rounds: u32,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
) -> Result<Report, TestbedError> {
    // A key that was granted before a fall is still alive after it: what refuses it then is that it was used.
    let limits = Limits { view_key_seconds: 60, ..UNHURRIED };
    let testbed = Testbed::prepare(folder, programs, &AGENTS, limits, clock, rng).await?;
    let (mut running, agents) = testbed.open().await?;
    let Testbed { house, site, setting } = &testbed;
    let link = ZoneLink::new(&house.certificates, Some(&house.certificates.desk), house.ports.zone)?;
    let mut report = Report::default();
    for _ in 0..rounds {
        let acknowledged = Arc::new(Notify::new());
        let mut walking = Vec::with_capacity(CLIENTS);
        for number in 0..CLIENTS {
            let client =
                Client::at_work(setting, agents[number % agents.len()].clone(), site, Arc::clone(&acknowledged))
                    .await?;
            walking.push(tokio::spawn(client.walk()));
        }
        // Every other fall comes once something is there to lose; the others come whenever they come.
        if report.rounds.is_multiple_of(2) {
            // Rung or not: the fall comes.
            let _ = timeout(LOAD_WITHIN, acknowledged.notified()).await;
        }
        let [victim, low, high] = setting.rng.bytes();
        let moment = u64::from(u16::from_be_bytes([high, low])) % WITHIN_MS;
        tokio::time::sleep(Duration::from_millis(moment)).await;
        let victim = usize::from(victim) % 3;
        report.falls[victim] += 1;
        let fallen = fall(running, victim).await?;
        let mut clients = Vec::with_capacity(CLIENTS);
        for client in walking {
            clients.push(client.await?);
        }
        running = rise(fallen, house).await?;
        for client in clients {
            report.verdict.add(check(client, &link, site).await?);
        }
        report.rounds += 1;
    }
    running.stop().await?;
    Ok(report)
}

/// Kills the desk (0), the vault (1) or both (2), and answers what still stands.
async fn fall(running: Running, victim: usize) -> Result<(Option<Program>, Option<Program>), ProgramError> {
    let Running { desk, vault } = running;
    Ok(match victim {
        0 => {
            desk.kill().await?;
            (None, Some(vault))
        }
        1 => {
            vault.kill().await?;
            (Some(desk), None)
        }
        _ => {
            let (desk, vault) = tokio::join!(desk.kill(), vault.kill());
            desk?;
            vault?;
            (None, None)
        }
    })
}

async fn rise((desk, vault): (Option<Program>, Option<Program>), house: &House) -> Result<Running, ProgramError> {
    let start = async |standing: Option<Program>, launch| match standing {
        Some(program) => Ok(program),
        None => Program::start(launch).await,
    };
    let (desk, vault) = tokio::join!(start(desk, house.desk()), start(vault, house.vault()));
    Ok(Running { desk: desk?, vault: vault? })
}
