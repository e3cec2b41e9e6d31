//! `aside bench`: whole lifecycles in a closed loop against both programs, and in the same run the floor of the web stack.
//!
//! A lifecycle is send, open, submit, grant, view, each over real HTTP and durable before it is answered. It lives in a
//! temporary folder on free ports and ends by itself. What it measures holds for this machine and this load only.

#![expect(clippy::disallowed_methods, reason = "a measuring tool looks at the wall")]

mod floor;
mod lifecycle;
mod report;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aside_base::{Clock, ParseSiteError, Rng, SiteId};

use crate::house::{House, HouseError, Limits, Plan, Ports, Programs, Role, SitePlan};
use crate::journey::{Agent, JourneyError, Setting};

pub use floor::serve as serve_floor;
use lifecycle::{Client, Measured};
pub use report::Report;

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

/// The limits that a bench raises, since all its load comes from one address.
const RAISED: Limits = Limits {
    public_posts_per_minute: 10_000_000,
    logins_per_minute: 100_000,
    messages_per_minute: 10_000_000,
    view_key_seconds: 10,
    off_the_record_minutes: 10,
};

/// Measures in `folder`; `own_program` serves the floor.
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
    let ports = Ports::free(&*rng).ok_or(BenchError::NoPorts)?;
    let echo_per_s = floor::measure(own_program, ports.desk, load).await?;

    let site: SiteId = "northwind".parse()?;
    let people = &AGENTS[..load.clients.clamp(1, AGENTS.len())];
    let sites = vec![SitePlan { site: site.clone(), brand: "Northwind", people, clocks: None }];
    let plan = Plan { folder: folder.to_owned(), programs, ports, sites, limits: RAISED };
    let house = House::prepare(&plan, &*clock, &*rng).await?;
    let running = house.start().await?;
    let setting = Setting { origins: house.origins.clone(), clock, rng };

    let mut agents = Vec::with_capacity(house.accounts.len());
    for account in &house.accounts {
        agents.push(Agent::at_work(&setting, account).await?);
    }
    let mut clients = Vec::with_capacity(load.clients);
    for number in 0..load.clients {
        let agent = agents[number % agents.len()].clone();
        clients.push(Client::at_work(&setting, agent, &site).await?);
    }
    let start = Instant::now();
    let tasks: Vec<_> = clients.into_iter().map(|client| tokio::spawn(client.walk_until(start + load.span))).collect();
    let mut measured = Measured::default();
    for task in tasks {
        measured.add(task.await?);
    }
    let took = start.elapsed();
    running.stop().await.map_err(HouseError::from)?;
    Ok(Report::new(load, took, &measured, echo_per_s, &RAISED))
}
