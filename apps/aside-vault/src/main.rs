//! The vault's program: configuration → store, keys, memory → the two listeners. Wiring only; it links no desk code.

mod audit;
mod config;
mod keys;
mod operator;
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
    /// Lists, rotates, moves and retires the keys of a vault that serves.
    Keys {
        #[command(subcommand)]
        command: operator::Keys,
    },
    /// Unseals the keys of a vault that serves: the passphrase or the PIN from standard input.
    Unseal(operator::Asked),
    /// Makes, lists and revokes keys of the vault's API.
    ApiKey {
        #[command(subcommand)]
        command: operator::ApiKey,
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

fn print(text: &str) {
    // A reader that closed the pipe does not want it.
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn run(command: Command) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(StartError::new)?;
    runtime.block_on(async {
        match command {
            Command::Serve { config, log } => serve::serve(&config, log.as_deref()).await,
            Command::Audit { config } => audit::print(&config).await,
            Command::Keys { command } => operator::keys(command).await,
            Command::Unseal(asked) => operator::unseal(asked).await,
            Command::ApiKey { command } => operator::api_key(command).await,
            Command::Openapi => {
                print(&aside_vault_http::openapi().to_pretty_json().map_err(StartError::new)?);
                Ok(())
            }
        }
    })
}
