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
use aside::crash;
use aside::demo::{self, Options};
use aside::house::Programs;
use aside::leak_hunt::{self, Hunt};
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
        /// Compare the rate beside so many stored submissions with that beside 10,000 instead
        #[arg(long, value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
        rows: Option<u64>,
        /// Say it as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Send thousands of marked answers through every path, crashes included, and search files and memory for them; exit code
    /// 1 when one is found
    LeakHunt {
        /// How long forms go round
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
        seconds: u64,
        /// Leak on purpose, to see that the hunt finds it
        #[arg(long, hide = true)]
        plant: bool,
    },
    /// Kill either program or both at random moments under load, and hold them to what they had acknowledged; exit code 1 when
    /// something does not hold
    Crash {
        /// How many falls
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        rounds: u32,
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
    /// The keys of a vault that serves: `aside keys list --config vault.toml`, as `aside-vault keys` does
    #[command(disable_help_flag = true)]
    Keys {
        /// What `aside-vault keys` takes
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// Unseal the keys of a vault that serves, with a passphrase on standard input: as `aside-vault unseal` does
    #[command(disable_help_flag = true)]
    Unseal {
        /// What `aside-vault unseal` takes
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<OsString>,
    },
    /// Keys of the vault's API: `aside api-key list --config vault.toml`, as `aside-vault api-key` does
    #[command(disable_help_flag = true)]
    ApiKey {
        /// What `aside-vault api-key` takes
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
        Command::Bench { seconds, clients, rows, json } => {
            let load = Load { span: Duration::from_secs(seconds), clients: clients.into() };
            match rows {
                Some(rows) => compare(rows, load, json).await,
                None => measure(load, json).await,
            }
        }
        Command::LeakHunt { seconds, plant } => hunt(Hunt { span: Duration::from_secs(seconds), plant }).await,
        Command::Crash { rounds } => crash(rounds).await,
        Command::Site { rest } => become_command(programs().map(|programs| programs.desk), "site", &rest),
        Command::Admin { rest } => become_command(programs().map(|programs| programs.desk), "admin", &rest),
        Command::Keys { rest } => become_command(programs().map(|programs| programs.vault), "keys", &rest),
        Command::Unseal { rest } => become_command(programs().map(|programs| programs.vault), "unseal", &rest),
        Command::ApiKey { rest } => become_command(programs().map(|programs| programs.vault), "api-key", &rest),
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

async fn compare(rows: u64, load: Load, json: bool) -> Result<ExitCode, StartError> {
    let folder = temporary_folder()?;
    let rng = Arc::new(SystemRng::default());
    let report = bench::compare(folder.path(), programs()?, rows, load, Arc::new(SystemClock), rng).await;
    let report = report.map_err(StartError::new)?;
    say(&if json { serde_json::to_string(&report).map_err(StartError::new)? } else { report.to_string() });
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn hunt(hunt: Hunt) -> Result<ExitCode, StartError> {
    let folder = temporary_folder()?;
    let rng = Arc::new(SystemRng::default());
    let report = leak_hunt::hunt(folder.path(), programs()?, hunt, Arc::new(SystemClock), rng).await;
    let report = report.map_err(StartError::new)?;
    say(&report.to_string());
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn crash(rounds: u32) -> Result<ExitCode, StartError> {
    let folder = temporary_folder()?;
    let rng = Arc::new(SystemRng::default());
    let report = crash::crash(folder.path(), programs()?, rounds, Arc::new(SystemClock), rng).await;
    let report = report.map_err(StartError::new)?;
    say(&report.to_string());
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

/// Becomes the program's own command: standard input, output and exit code are its.
fn become_command(
    program: Result<PathBuf, StartError>,
    command: &str,
    rest: &[OsString],
) -> Result<ExitCode, StartError> {
    let mut program = std::process::Command::new(program?);
    Err(StartError::new(program.arg(command).args(rest).exec()))
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
