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

use aside_base::{Clock, Rng};

use crate::house::{House, ProgramError, Programs, Role, Running};
use crate::journey::Visitor;
use crate::leak::{Finding, Image, Mark, search, search_memory};
use crate::testbed::{Person, Testbed, TestbedError, UNHURRIED};

pub use report::{Memory, Report};
use walk::{Walked, Walker};

/// Clients at once: most of a walk is waiting for the disk, which writes for all of them together.
const CLIENTS: usize = 32;
/// How often a program is killed while they walk, at least once in a hunt.
const CRASH_EVERY: Duration = Duration::from_secs(15);
/// How long connections may take to be put away once their clients have gone.
const SETTLES: Duration = Duration::from_secs(15);

static AGENTS: [Person; 4] = [
    (Role::Agent, "dana", "Dana"),
    (Role::Agent, "sam", "Sam"),
    (Role::Agent, "mira", "Mira"),
    (Role::Agent, "jonas", "Jonas"),
];

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
    /// There was nothing to hunt in.
    #[error(transparent)]
    Testbed(#[from] TestbedError),
    /// A file or a program's memory cannot be searched.
    #[error("{what} cannot be searched: {error}")]
    Search {
        /// What.
        what: &'static str,
        /// What the system said.
        error: io::Error,
    },
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
    let testbed = Testbed::prepare(folder, programs, &AGENTS, UNHURRIED, clock, rng).await?;
    let Testbed { house, site, setting } = &testbed;
    log_everything(house).map_err(searching("a configuration"))?;
    let (mut running, agents) = testbed.open().await?;
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
        running = crash(running, crashes).await.map_err(TestbedError::from)?;
        crashes += 1;
    }
    let mut walked = Walked::default();
    for walker in walkers {
        walked.add(walker.await.map_err(TestbedError::from)?);
    }
    let marks = marks::all();
    if hunt.plant {
        let mut visitor = Visitor::visit(setting, site).await.map_err(TestbedError::from)?;
        visitor.say(&marks::Answers::make_up(&*setting.rng).note).await.map_err(TestbedError::from)?;
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
    let ended = running.stop().await.map_err(TestbedError::from)?;
    look(&mut findings).map_err(searching("the house"))?;
    findings.sort_by(|a, b| (&a.file, &a.mark).cmp(&(&b.file, &b.mark)));
    findings.dedup();
    Ok(Report { walked, crashes, memory, files: size_of(house.folders.root()), ended, findings })
}

/// Kills one of the two at once and starts it again.
async fn crash(running: Running, number: u32) -> Result<Running, ProgramError> {
    let Running { mut desk, mut vault } = running;
    if number.is_multiple_of(2) {
        vault = vault.kill_and_restart().await?;
    } else {
        desk = desk.kill_and_restart().await?;
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
    let image = tokio::task::spawn_blocking(move || search_memory(id, &marks)).await.map_err(TestbedError::from)?;
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
