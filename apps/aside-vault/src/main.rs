//! The vault's program: configuration → store, keys, memory → the two listeners. Wiring only; it links no desk code.

mod audit;
mod config;
mod keys;
mod serve;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use aside_operate::{StartError, install_provider, refuse};
use clap::{Parser, Subcommand};

/// Wipes each block of memory as it is freed: buffers that no code of ours can reach hold answers too, for a moment.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// The vault of Aside: form pages, answers, tokens, keys.
#[derive(Parser)]
#[command(name = "aside-vault", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the form pages and the zone link.
    Serve {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
        /// How much to log: error, warn, info or debug. Wins over the configuration.
        #[arg(long)]
        log: Option<String>,
    },
    /// Prints the audit log, one JSON object a line. Works while the vault serves.
    Audit {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Prints the OpenAPI document of both faces.
    Openapi,
}

fn main() -> ExitCode {
    install_provider();
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error),
    }
}

fn run(command: Command) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(StartError::new)?;
    runtime.block_on(async {
        match command {
            Command::Serve { config, log } => serve::serve(&config, log.as_deref()).await,
            Command::Audit { config } => audit::print(&config).await,
            Command::Openapi => {
                let document = aside_vault_http::openapi().to_pretty_json().map_err(StartError::new)?;
                // A reader that closed the pipe does not want it.
                let _ = writeln!(std::io::stdout(), "{document}");
                Ok(())
            }
        }
    })
}
