//! The `aside` command: reads the command line, runs one command, answers with an exit code. Nothing is decided here.

use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use aside::audit;
use aside::bench::{self, Load};
use aside::demo::{self, Options};
use aside::house::Programs;
use aside::tour;
use aside_chain::PublicKey;
use aside_operate::{StartError, SystemClock, SystemRng, install_provider, own_program, refuse};
use clap::{Parser, Subcommand};

/// Secure forms inside a live conversation: both programs on this machine.
#[derive(Debug, Parser)]
#[command(name = "aside", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run both programs on this machine, with two agents and a brand's sample site
    Demo {
        /// Where to keep the demo's data
        #[arg(long, default_value = "data/demo")]
        data: PathBuf,
        /// Use free ports instead of 8080 to 8083
        #[arg(long)]
        free_ports: bool,
        /// Say where everything is as one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Walk one form all the way round on free ports, checking what must be refused, and say what was seen
    Tour {
        /// Say it as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Measure whole lifecycles against both programs with durable storage, and the floors of this machine
    Bench {
        /// How long to measure
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
        seconds: u64,
        /// How many clients at once
        #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=512))]
        clients: u16,
        /// Say it as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Make a site: `aside site create northwind --config desk.toml …`, as `aside-desk site` does
    #[command(disable_help_flag = true)]
    Site {
        /// What `aside-desk site` takes
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// Make a site's first admin, with a password on standard input: `aside admin create --config desk.toml …`
    #[command(disable_help_flag = true)]
    Admin {
        /// What `aside-desk admin` takes
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// The audit log, offline
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Serve what the bench measures as its floors: an empty echo, and the least that a store can do
    #[command(hide = true)]
    Floor {
        /// Where to listen on 127.0.0.1
        #[arg(long)]
        port: u16,
        /// Where to keep what is put away
        #[arg(long)]
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Prove that nothing in a log was changed, removed, inserted or put in another order; exit code 1 when something was
    Verify {
        /// Databases (desk.sqlite, vault.sqlite) or exports in JSON lines
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// What was shipped: a checkpoint file, or lines of a syslog
        #[arg(long)]
        checkpoint: Option<PathBuf>,
        /// The public key that must have signed, as the panel shows it
        #[arg(long)]
        key: Option<PublicKey>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    install_provider();
    let result = match Arguments::parse().command {
        Command::Demo { data, free_ports, json } => run_demo(&Options { data, free_ports, json }).await,
        Command::Tour { json } => walk_tour(json).await,
        Command::Bench { seconds, clients, json } => {
            measure(Load { span: Duration::from_secs(seconds), clients: clients.into() }, json).await
        }
        Command::Site { rest } => ask_desk("site", &rest),
        Command::Admin { rest } => ask_desk("admin", &rest),
        Command::Audit { command: AuditCommand::Verify { files, checkpoint, key } } => {
            verify(&files, checkpoint.as_deref(), key.as_ref())
        }
        Command::Floor { port, folder } => bench::serve_floor(port, folder).await.map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| refuse(&error))
}

async fn run_demo(options: &Options) -> Result<ExitCode, StartError> {
    let mut terminal = std::io::stdout();
    demo::run(options, programs()?, Arc::new(SystemClock), Arc::new(SystemRng::default()), &mut terminal)
        .await
        .map_err(StartError::new)?;
    Ok(ExitCode::SUCCESS)
}

async fn walk_tour(json: bool) -> Result<ExitCode, StartError> {
    let folder = temporary_folder()?;
    let mut terminal = std::io::stdout();
    let listener: Option<&mut (dyn std::io::Write + Send)> = if json { None } else { Some(&mut terminal) };
    let report =
        tour::walk(folder.path(), programs()?, Arc::new(SystemClock), Arc::new(SystemRng::default()), listener)
            .await
            .map_err(StartError::new)?;
    if json {
        say(&serde_json::to_string(&report).map_err(StartError::new)?);
    } else {
        let checks = report.steps.iter().map(|step| step.checks.len()).sum::<usize>();
        let failed = report.steps.iter().flat_map(|step| &step.checks).filter(|check| !check.ok).count();
        say(&format!("\n{checks} checks, {failed} failed"));
    }
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(load: Load, json: bool) -> Result<ExitCode, StartError> {
    let folder = temporary_folder()?;
    let own = own_program().map_err(StartError::new)?;
    let report =
        bench::measure(folder.path(), programs()?, &own, load, Arc::new(SystemClock), Arc::new(SystemRng::default()))
            .await
            .map_err(StartError::new)?;
    if json {
        say(&serde_json::to_string(&report).map_err(StartError::new)?);
    } else {
        say(&report.to_string());
    }
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn verify(files: &[PathBuf], shipped: Option<&Path>, key: Option<&PublicKey>) -> Result<ExitCode, StartError> {
    let shipped = shipped.map(audit::shipped).transpose()?;
    let mut whole = true;
    for file in files {
        for found in audit::verify(file, shipped.as_deref(), key)? {
            whole &= found.is_whole();
            say(&format!("{}: {found}", file.display()));
        }
    }
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Becomes the desk's own command: standard input, output and exit code are its.
fn ask_desk(command: &str, rest: &[OsString]) -> Result<ExitCode, StartError> {
    let mut desk = std::process::Command::new(programs()?.desk);
    Err(StartError::new(desk.arg(command).args(rest).exec()))
}

fn programs() -> Result<Programs, StartError> {
    let own: PathBuf = own_program().map_err(StartError::new)?;
    Programs::beside(&own).map_err(StartError::new)
}

fn temporary_folder() -> Result<tempfile::TempDir, StartError> {
    tempfile::Builder::new().prefix("aside-").tempdir().map_err(StartError::new)
}

fn say(text: &str) {
    // Nobody reads any more: the exit code still tells.
    let _ = writeln!(std::io::stdout(), "{text}");
}
