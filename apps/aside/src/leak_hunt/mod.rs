//! `aside leak-hunt`: thousands of forms with marked answers through every path, mistakes and crashes included; then a search
//! of everything that either program wrote, and of both programs' memory.
//!
//! The desk must never hold an answer, in memory or on disk. The vault must hold none in clear once it is over: read, wiped,
//! its conversation closed.

#![expect(clippy::disallowed_methods, reason = "a measuring tool looks at the wall")]

mod marks;
mod report;
mod walk;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aside_base::{Clock, ParseSiteError, Rng, SiteId};

use crate::house::{House, HouseError, Limits, Plan, Ports, Program, Programs, Role, Running, SitePlan};
use crate::journey::{Agent, JourneyError, Setting, Visitor};
use crate::leak::{Finding, Image, Mark, search, search_memory};

pub use report::{Memory, Report};
use walk::{Walked, Walker};

/// Clients at once.
const CLIENTS: usize = 6;
/// How often a program is killed while they walk, at least once in a hunt.
const CRASH_EVERY: Duration = Duration::from_secs(5);
/// How long connections may take to be put away once their clients have gone.
const SETTLES: Duration = Duration::from_secs(15);

static AGENTS: [(Role, &str, &str); 3] =
    [(Role::Agent, "dana", "Dana"), (Role::Agent, "sam", "Sam"), (Role::Agent, "mira", "Mira")];

/// What to hunt.
#[derive(Debug, Clone, Copy)]
pub struct Hunt {
    /// How long forms go round.
    pub span: Duration,
    /// Plants a leak on purpose: a marked text in the chat, which the desk keeps. The hunt must find it, or it is blind.
    pub plant: bool,
}

/// Why there was no hunt.
#[derive(Debug, thiserror::Error)]
pub enum HuntError {
    /// The house does not stand, or fell and did not rise.
    #[error(transparent)]
    House(#[from] HouseError),
    /// No four neighbouring ports are free.
    #[error("no free ports between 20000 and 32000")]
    NoPorts,
    /// A site's name is wrong.
    #[error(transparent)]
    Site(#[from] ParseSiteError),
    /// Nobody got to work.
    #[error(transparent)]
    Journey(#[from] JourneyError),
    /// A file or a program's memory cannot be searched.
    #[error("{what} cannot be searched: {error}")]
    Search {
        /// What.
        what: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// A client broke off.
    #[error("a client broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// Hunts in `folder`.
///
/// # Errors
/// When there is nothing to hunt in. A find is no error: the report has it.
pub async fn hunt(
    folder: &Path,
    programs: Programs,
    hunt: Hunt,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
) -> Result<Report, HuntError> {
    let ports = Ports::free(&*rng).ok_or(HuntError::NoPorts)?;
    let site: SiteId = "northwind".parse()?;
    let sites = vec![SitePlan { site: site.clone(), brand: "Northwind", people: &AGENTS, clocks: None }];
    let limits = Limits {
        public_posts_per_minute: 10_000_000,
        logins_per_minute: 10_000,
        messages_per_minute: 10_000_000,
        ..Limits::default()
    };
    let plan = Plan { folder: folder.join("house"), programs, ports, sites, limits };
    let house = House::prepare(&plan, &*clock, &*rng).await?;
    log_everything(&house).map_err(searching("a configuration"))?;
    let setting = Setting { origins: house.origins.clone(), clock, rng };
    let mut running = house.start().await?;

    let mut agents = Vec::new();
    for account in &house.accounts {
        agents.push(Agent::at_work(&setting, account).await?);
    }
    let end = Instant::now() + hunt.span;
    let walkers: Vec<_> = (0..CLIENTS)
        .map(|number| Walker {
            agent: agents[number % agents.len()].clone(),
            setting: setting.clone(),
            site: site.clone(),
            vault_port: house.ports.vault,
        })
        .map(|walker| tokio::spawn(walker.walk_until(end)))
        .collect();
    let mut crashes = 0;
    let every = CRASH_EVERY.min(hunt.span / 2);
    while Instant::now() + every < end {
        tokio::time::sleep(every).await;
        running = crash(running, crashes).await?;
        crashes += 1;
    }
    let mut walked = Walked::default();
    for walker in walkers {
        walked.add(walker.await?);
    }
    let marks = marks::all();
    if hunt.plant {
        let mut visitor = Visitor::visit(&setting, &site).await?;
        visitor.say(&marks::Answers::make_up(&*setting.rng).note).await?;
    }
    for mut agent in agents {
        // What an agent had open ends with the session; one that a crash has ended already is over as well.
        let _ = agent.logout().await;
    }
    let memory = look_into(&running, &marks).await?;
    let mut findings = [&memory.desk, &memory.vault].into_iter().flat_map(|image| image.findings.clone()).collect();
    let look = |findings: &mut Vec<Finding>| -> io::Result<()> {
        findings.extend(search(house.folders.root(), &marks)?);
        Ok(())
    };
    // With their logs beside them, and then as they stay when both have ended in order.
    look(&mut findings).map_err(searching("the house"))?;
    let ended = running.stop().await.map_err(HouseError::from)?;
    look(&mut findings).map_err(searching("the house"))?;
    findings.sort_by(|a, b| (&a.file, &a.mark).cmp(&(&b.file, &b.mark)));
    findings.dedup();
    Ok(Report { walked, crashes, memory, files: size_of(house.folders.root()), ended, findings })
}

/// Kills one of the two at once and starts it again.
async fn crash(running: Running, number: u32) -> Result<Running, HuntError> {
    let Running { mut desk, mut vault } = running;
    let fallen = async |program: Program| program.kill_and_restart().await.map_err(HouseError::from);
    if number.is_multiple_of(2) {
        vault = fallen(vault).await?;
    } else {
        desk = fallen(desk).await?;
    }
    Ok(Running { desk, vault })
}

/// Searches both programs' memory. The vault's answers are over by now; its connections need a moment to be put away, so that
/// only what stays is a find.
async fn look_into(running: &Running, marks: &[Mark]) -> Result<Memory, HuntError> {
    let gone = || searching("memory")(io::ErrorKind::NotFound.into());
    let (desk, vault) = (running.desk.id().ok_or_else(gone)?, running.vault.id().ok_or_else(gone)?);
    let until = Instant::now() + SETTLES;
    loop {
        let memory = Memory { desk: image(desk, marks).await?, vault: image(vault, marks).await? };
        let clean = memory.desk.findings.is_empty() && memory.vault.findings.is_empty();
        if clean || Instant::now() >= until {
            return Ok(memory);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn image(id: u32, marks: &[Mark]) -> Result<Image, HuntError> {
    let marks = marks.to_vec();
    let image = tokio::task::spawn_blocking(move || search_memory(id, &marks)).await?;
    image.map_err(searching("a program's memory (that takes root, or the same user and a program that may be dumped)"))
}

fn searching(what: &'static str) -> impl Fn(io::Error) -> HuntError {
    move |error| HuntError::Search { what, error }
}

/// Both programs log at their most talkative.
fn log_everything(house: &House) -> io::Result<()> {
    for program in [house.desk(), house.vault()] {
        OpenOptions::new().append(true).open(&program.config)?.write_all(b"\n[log]\nlevel = \"debug\"\n")?;
    }
    Ok(())
}

/// Bytes of all files below `folder`.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => size_of(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
