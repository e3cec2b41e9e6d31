//! `aside demo`: both programs, a brand's sample site with the widget on it, and a first page that says where to go.
//!
//! For one person on one machine: it listens on 127.0.0.1 only, and its first page shows the agents' passwords.

mod ports;
mod site;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use aside_base::{Clock, ParseSiteError, Rng, SiteId};
use aside_operate::{Shutdown, StartError};
use serde::Serialize;

use crate::house::{Account, House, HouseError, Limits, Plan, Ports, ProgramError, Programs, SitePlan, TakenPort};

/// The brand of the sample site.
const SITE: &str = "northwind";

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
    agents: Vec<Person<'a>>,
    data: PathBuf,
}

#[derive(Debug, Serialize)]
struct Person<'a> {
    name: &'a str,
    display_name: &'a str,
    password: &'a str,
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
    let agents: &[_] = &[("dana", "Dana"), ("sam", "Sam")];
    let plan = Plan {
        folder: options.data.clone(),
        programs,
        ports,
        sites: vec![SitePlan { site: site.clone(), brand: "Northwind", agents, clocks: None }],
        limits: Limits::default(),
    };
    let shutdown = Shutdown::on_signal()?;
    ports::check(&options.data, ports)?;
    let house = House::prepare(&plan, &*clock, &*rng).await?;
    ports::keep(&house, ports)?;
    let sample = site::Sample::bind(&house, &site).await?;
    let mut running = house.start().await?;
    say_where(&house, &sample, options.json, terminal);

    let sample = tokio::spawn(sample.serve(shutdown.clone()));
    let ended = tokio::select! {
        () = shutdown.asked() => None,
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

fn say_where(house: &House, sample: &site::Sample, json: bool, terminal: &mut impl Write) {
    let places = Places {
        start: sample.start_origin(),
        site: sample.site_origin(),
        desk: &house.origins.desk,
        chat: &house.origins.chat,
        vault: &house.origins.vault,
        agents: house.accounts.iter().map(person).collect(),
        data: house.folders.root().to_owned(),
    };
    if json {
        say(terminal, &serde_json::to_string(&places).unwrap_or_default());
        return;
    }
    say(
        terminal,
        &format!(
            "\nAside is running.\n\n  Start here   {}\n  Data         {}\n\nCtrl-C stops it.",
            places.start,
            places.data.display()
        ),
    );
}

fn person(account: &Account) -> Person<'_> {
    Person { name: &account.name, display_name: &account.display_name, password: &account.password }
}

fn say(terminal: &mut impl Write, line: &str) {
    // A terminal that is gone must not stop the demo: it is stopped by a signal.
    let _ = writeln!(terminal, "{line}").and_then(|()| terminal.flush());
}
