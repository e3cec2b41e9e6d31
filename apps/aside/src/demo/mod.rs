//! `aside demo`: both programs, a brand's sample site with the widget on it, and a first page that says where to go.
//!
//! For one person on one machine: it listens on 127.0.0.1 only, and its first page shows everybody's password and the codes
//! of everybody's code apps, so that one person can play them all.

mod people;
mod ports;
mod site;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use aside_base::{Clock, ParseSiteError, Rng, SiteId};
use aside_operate::{Shutdown, StartError};
use serde::Serialize;

use crate::house::{House, HouseError, Limits, Plan, Ports, ProgramError, Programs, Role, SitePlan, TakenPort};
use crate::journey::{JourneyError, Setting};

use people::Person;

/// The brand of the sample site.
const SITE: &str = "northwind";
/// Who works for it.
static PEOPLE: [(Role, &str, &str); 4] = [
    (Role::Agent, "dana", "Dana"),
    (Role::Agent, "sam", "Sam"),
    (Role::Manager, "maya", "Maya"),
    (Role::Admin, "robin", "Robin"),
];

/// How the demo is asked to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where its data is, made when absent.
    pub data: PathBuf,
    /// Take ports that are free instead of 8080 to 8083.
    pub free_ports: bool,
    /// Say where everything is as one JSON line, for programs that drive the demo.
    pub json: bool,
}

/// Why there is no demo, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A port is taken.
    #[error("{0}, or choose other ports with --free-ports")]
    Taken(TakenPort),
    /// The data names other ports.
    #[error(
        "{data} was made with the ports from {first} on: start with --free-ports to use them again, or give another \
         folder with --data", data = data.display()
    )]
    OtherPorts {
        /// The data.
        data: PathBuf,
        /// The first of its four ports.
        first: String,
    },
    /// The house does not stand.
    #[error(transparent)]
    House(HouseError),
    /// Somebody could not be brought to work.
    #[error("{who} could not sign in for the first time: {error}")]
    Arrival {
        /// The account.
        who: String,
        /// What was refused.
        error: JourneyError,
    },
    /// No four neighbouring ports are free.
    #[error("no free ports between 20000 and 32000")]
    NoPorts,
    /// A program has ended by itself; the other was stopped.
    #[error("{0}; both programs are stopped, start the demo again")]
    Ended(ProgramError),
    /// The sample site cannot be served.
    #[error(transparent)]
    Site(#[from] site::SiteError),
    /// A fixed name is wrong.
    #[error(transparent)]
    Name(#[from] ParseSiteError),
    /// The system refused something.
    #[error(transparent)]
    System(#[from] StartError),
}

impl From<HouseError> for DemoError {
    fn from(error: HouseError) -> Self {
        match error {
            HouseError::Taken(taken) => Self::Taken(taken),
            other => Self::House(other),
        }
    }
}

/// Where everything is.
#[derive(Debug, Serialize)]
struct Places<'a> {
    start: String,
    site: String,
    desk: &'a str,
    chat: &'a str,
    vault: &'a str,
    people: &'a [Person],
    data: PathBuf,
}

/// Runs until it is asked to stop. Says where everything is to `terminal`.
///
/// # Errors
/// When it cannot start, or a program ends by itself. Nothing is left running.
pub async fn run(
    options: &Options,
    programs: Programs,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    terminal: &mut impl Write,
) -> Result<(), DemoError> {
    let site: SiteId = SITE.parse()?;
    let ports = match options.free_ports {
        true => ports::kept_or_free(&options.data, &*rng).ok_or(DemoError::NoPorts)?,
        false => Ports::DEMO,
    };
    let plan = Plan {
        folder: options.data.clone(),
        programs,
        ports,
        sites: vec![SitePlan { site: site.clone(), brand: "Northwind", people: &PEOPLE, clocks: None }],
        limits: Limits::default(),
    };
    let shutdown = Shutdown::on_signal()?;
    ports::check(&options.data, ports)?;
    let house = House::prepare(&plan, &*clock, &*rng).await?;
    ports::keep(&house, ports)?;
    let mut running = house.start().await?;
    let setting = Setting { origins: house.origins.clone(), clock: Arc::clone(&clock), rng };
    let opened = open(&house, &site, &setting, options.json, terminal).await;
    let sample = match opened {
        Ok(sample) => tokio::spawn(sample.serve(shutdown.clone())),
        Err(error) => {
            running.stop().await.map_err(HouseError::from)?;
            return Err(error);
        }
    };
    let ended = tokio::select! {
        () = shutdown.clone().asked() => None,
        error = running.ended() => Some(error),
    };
    if let Some(error) = ended {
        sample.abort();
        running.stop().await.map_err(HouseError::from)?;
        return Err(DemoError::Ended(error));
    }
    if !options.json {
        say(terminal, "\nStopping …");
    }
    let clean = running.stop().await.map_err(HouseError::from)?;
    // It was asked to stop by the same signal; an error means only that it is gone already.
    let _ = sample.await;
    if !options.json {
        let how = if clean { "Stopped." } else { "Stopped, one program only after it was killed." };
        say(terminal, &format!("{how} Start again with the same data: {}", house.folders.root().display()));
    }
    Ok(())
}

/// Brings everybody to work who was not there before, and says where to begin.
async fn open(
    house: &House,
    site: &SiteId,
    setting: &Setting,
    json: bool,
    terminal: &mut impl Write,
) -> Result<site::Sample, DemoError> {
    let people = people::arrive(house, setting).await?;
    let sample = site::Sample::bind(house, site, &people, Arc::clone(&setting.clock)).await?;
    let places = Places {
        start: sample.start_origin(),
        site: sample.site_origin(),
        desk: &house.origins.desk,
        chat: &house.origins.chat,
        vault: &house.origins.vault,
        people: &people,
        data: house.folders.root().to_owned(),
    };
    if json {
        say(terminal, &serde_json::to_string(&places).unwrap_or_default());
        return Ok(sample);
    }
    say(
        terminal,
        &format!("\nAside is running.\n\n  Start here   {}\n  Data         {}\n", places.start, places.data.display()),
    );
    for person in &people {
        say(terminal, &format!("  {:<8} {:<6} {}", person.role.as_str(), person.name, person.password));
    }
    say(terminal, "\nThe first page shows their codes, which change every 30 seconds.\n\nCtrl-C stops it.");
    Ok(sample)
}

fn say(terminal: &mut impl Write, line: &str) {
    // A terminal that is gone must not stop the demo: it is stopped by a signal.
    let _ = writeln!(terminal, "{line}").and_then(|()| terminal.flush());
}
