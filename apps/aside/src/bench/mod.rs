//! `aside bench`: whole lifecycles in a closed loop against both programs, and in the same run the floors of this machine.
//!
//! A lifecycle is send, open, submit, grant, view, each over real HTTP and durable before it is answered. Floors and
//! lifecycles take turns, so that a machine that others use too slows both alike. It lives in a temporary folder on free
//! ports and ends by itself. What it measures holds for this machine and this load only.

mod disk;
mod floor;
mod lifecycle;
mod pair;
mod process;
mod report;
mod rows;
mod workplace;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aside_base::{Clock, ParseSiteError, Rng, SiteId};

use crate::house::{House, HouseError, Limits, Origins, Plan, Ports, Programs, Role, SitePlan};
use crate::journey::{JourneyError, Setting};
use crate::testbed::UNHURRIED;

pub use floor::serve as serve_floor;
use floor::{Floor, Round, Stay};
pub use report::Report;
pub use rows::{RowsReport, compare};
use workplace::{Shift, Workplace};

/// How many turns floors and lifecycles take.
const TURNS: u32 = 4;
/// The longest turn of a floor: enough to be steady, short beside the lifecycles.
const FLOOR_TURN: Duration = Duration::from_secs(1);
/// How long the disk alone is measured.
const DISK: Duration = Duration::from_millis(500);

/// How hard to push.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// How long lifecycles are measured.
    pub span: Duration,
    /// How many clients walk them at once.
    pub clients: usize,
}

/// Why there is no figure.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The house does not stand.
    #[error(transparent)]
    House(#[from] HouseError),
    /// No four neighbouring ports are free.
    #[error("no free ports between 20000 and 32000")]
    NoPorts,
    /// A site's name is wrong.
    #[error(transparent)]
    Site(#[from] ParseSiteError),
    /// A client could not get to work.
    #[error(transparent)]
    Journey(#[from] JourneyError),
    /// The system does not tell what a program costs, or the disk takes nothing.
    #[error("nothing can be measured: {0}")]
    System(#[from] io::Error),
    /// A program that was just started is not there.
    #[error("a program ended before it was measured")]
    Gone,
    /// Nothing fills a vault here.
    #[error("{} is not there or failed: cargo build --release --workspace", .0.display())]
    NoFill(PathBuf),
    /// A measuring task broke off.
    #[error("a measuring task broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// Who works: each signs in once, with all that the site's policy asks for, and then serves several visitors at once, as
/// agents do.
static AGENTS: [(Role, &str, &str); 8] = [
    (Role::Agent, "dana", "Dana"),
    (Role::Agent, "sam", "Sam"),
    (Role::Agent, "mira", "Mira"),
    (Role::Agent, "jonas", "Jonas"),
    (Role::Agent, "priya", "Priya"),
    (Role::Agent, "tomas", "Tomas"),
    (Role::Agent, "aiko", "Aiko"),
    (Role::Agent, "leila", "Leila"),
];

/// The limits that a bench raises: whoever works signs in anew for each house.
const RAISED: Limits = Limits { logins_per_minute: 100_000, ..UNHURRIED };

/// Measures in `folder`; `own_program` serves the floors.
///
/// # Errors
/// When the house cannot be built or nobody gets to work. A lifecycle that fails is counted, not an error.
pub async fn measure(
    folder: &Path,
    programs: Programs,
    own_program: &Path,
    load: Load,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
) -> Result<Report, BenchError> {
    let floor_ports = Ports::free(&*rng).ok_or(BenchError::NoPorts)?;
    let setting = Setting { origins: Origins::of(&floor_ports), clock, rng };
    let mut floor = Floor::start(own_program, folder, floor_ports.desk, load.clients, &setting).await?;

    let mut workplace = open(folder, programs, load.clients, &setting).await?;
    let probe = folder.to_owned();
    let syncs = tokio::task::spawn_blocking(move || disk::syncs_per_second(&probe, DISK)).await??;
    let (mut echoes, mut pairs, mut shift) = (Stay::default(), Stay::default(), Shift::default());
    let turn = load.span / TURNS;
    for _ in 0..TURNS {
        echoes.add(floor.stay(Round::Echo, turn.min(FLOOR_TURN)).await?);
        pairs.add(floor.stay(Round::Pair, turn.min(FLOOR_TURN)).await?);
        shift.add(workplace.work(turn).await?);
    }
    let loaded = workplace.memory()?;
    let report = Report::new(load, &shift, workplace.idle(), loaded, (echoes, pairs, syncs), &RAISED);
    floor.stop().await?;
    workplace.close().await?;
    Ok(report)
}

/// A house in a folder of its own below `folder`, at work.
async fn open(folder: &Path, programs: Programs, clients: usize, setting: &Setting) -> Result<Workplace, BenchError> {
    let (plan, house) = prepare(&folder.join("house"), programs, clients, setting).await?;
    let setting = Setting { origins: house.origins.clone(), ..setting.clone() };
    Workplace::open(&plan, &house, &setting, clients).await
}

/// A house in `folder`, ready to start.
async fn prepare(
    folder: &Path,
    programs: Programs,
    clients: usize,
    setting: &Setting,
) -> Result<(Plan, House), BenchError> {
    let ports = Ports::free(&*setting.rng).ok_or(BenchError::NoPorts)?;
    let site: SiteId = "northwind".parse()?;
    let people = &AGENTS[..clients.clamp(1, AGENTS.len())];
    let sites = vec![SitePlan { site, brand: "Northwind", people, clocks: None }];
    let plan = Plan { folder: folder.to_owned(), programs, ports, sites, limits: RAISED };
    let house = House::prepare(&plan, &*setting.clock, &*setting.rng).await?;
    Ok((plan, house))
}
