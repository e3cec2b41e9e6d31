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

use aside_base::{Clock, ParseSiteError, Rng, SiteId};

use crate::house::{House, HouseError, Limits, Plan, Ports, Program, Programs, Role, Running, SitePlan};
use crate::journey::{Agent, JourneyError, Setting, ZoneLink};

use tokio::sync::Notify;
use tokio::time::timeout;

use check::{Verdict, check};
use ledger::Client;

/// Clients at once.
const CLIENTS: usize = 4;
/// A fall comes within so many milliseconds of load.
const WITHIN_MS: u64 = 600;
/// How long a busy machine may take for the first submission.
const LOAD_WITHIN: Duration = Duration::from_secs(20);

static AGENTS: [(Role, &str, &str); 2] = [(Role::Agent, "dana", "Dana"), (Role::Agent, "sam", "Sam")];

/// Why there was no fall to look at.
#[derive(Debug, thiserror::Error)]
pub enum CrashError {
    /// The house does not stand, or did not rise again.
    #[error(transparent)]
    House(#[from] HouseError),
    /// No four neighbouring ports are free.
    #[error("no free ports between 20000 and 32000")]
    NoPorts,
    /// A site's name is wrong.
    #[error(transparent)]
    Site(#[from] ParseSiteError),
    /// A client could not get to work, or had no answer long after both programs were back.
    #[error(transparent)]
    Journey(#[from] JourneyError),
    /// A client broke off.
    #[error("a client broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

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
) -> Result<Report, CrashError> {
    let ports = Ports::free(&*rng).ok_or(CrashError::NoPorts)?;
    let site: SiteId = "northwind".parse()?;
    let sites = vec![SitePlan { site: site.clone(), brand: "Northwind", people: &AGENTS, clocks: None }];
    let limits = Limits {
        public_posts_per_minute: 10_000_000,
        logins_per_minute: 10_000,
        messages_per_minute: 10_000_000,
        // A key that was granted before a fall is still alive after it: what refuses it then is that it was used.
        view_key_seconds: 60,
        ..Limits::default()
    };
    let plan = Plan { folder: folder.join("house"), programs, ports, sites, limits };
    let house = House::prepare(&plan, &*clock, &*rng).await?;
    let setting = Setting { origins: house.origins.clone(), clock, rng };
    let mut running = house.start().await?;
    let mut agents = Vec::new();
    for account in &house.accounts {
        agents.push(Agent::at_work(&setting, account).await?);
    }
    let link = ZoneLink::new(&house.certificates, Some(&house.certificates.desk), ports.zone)?;
    let mut report = Report::default();
    for _ in 0..rounds {
        let acknowledged = Arc::new(Notify::new());
        let mut walking = Vec::with_capacity(CLIENTS);
        for number in 0..CLIENTS {
            let client =
                Client::at_work(&setting, agents[number % agents.len()].clone(), &site, Arc::clone(&acknowledged))
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
        running = rise(fallen, &house).await?;
        for client in clients {
            report.verdict.add(check(client, &link, &site).await?);
        }
        report.rounds += 1;
    }
    running.stop().await.map_err(HouseError::from)?;
    Ok(report)
}

/// Kills the desk (0), the vault (1) or both (2), and answers what still stands.
async fn fall(running: Running, victim: usize) -> Result<(Option<Program>, Option<Program>), CrashError> {
    let Running { desk, vault } = running;
    let kill = async |program: Program| program.kill().await.map(drop).map_err(HouseError::from);
    Ok(match victim {
        0 => {
            kill(desk).await?;
            (None, Some(vault))
        }
        1 => {
            kill(vault).await?;
            (Some(desk), None)
        }
        _ => {
            let (desk, vault) = tokio::join!(kill(desk), kill(vault));
            desk?;
            vault?;
            (None, None)
        }
    })
}

async fn rise((desk, vault): (Option<Program>, Option<Program>), house: &House) -> Result<Running, CrashError> {
    let start = async |standing: Option<Program>, launch| match standing {
        Some(program) => Ok(program),
        None => Program::start(launch).await.map_err(HouseError::from),
    };
    let (desk, vault) = tokio::join!(start(desk, house.desk()), start(vault, house.vault()));
    Ok(Running { desk: desk?, vault: vault? })
}
