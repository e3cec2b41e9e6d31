//! The developer's commands: `cargo xtask demo`, `cargo xtask test`, and the checks they are made of.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks to its user")]

mod browser;
mod contract;
mod demo;
mod layers;
mod needs;
#[cfg(test)]
mod standards;
mod step;
mod test;
mod tree;
mod update;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs and proves Aside.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and start `aside demo`: a desk, a vault, a sample site and two agents on this machine.
    Demo {
        /// Install what is missing (as root this is done without asking).
        #[arg(long)]
        install: bool,
        /// Passed on to `aside demo`.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Run every check and test, the browser's included.
    Test {
        /// Install what is missing (as root this is done without asking).
        #[arg(long)]
        install: bool,
    },
    /// Build the faces: loader, widget and workspace, into web/dist.
    Web {
        /// Install what is missing (as root this is done without asking).
        #[arg(long)]
        install: bool,
    },
    /// Hold the dependency graph against layers.toml.
    Layers,
    /// Run the browser journeys alone. Everything must be built.
    Browser {
        /// Keep a picture of every page here.
        #[arg(long)]
        pictures: Option<std::path::PathBuf>,
    },
    /// Hold both programs to their OpenAPI documents with Schemathesis (needs Python 3.11 or newer and PyPI).
    Contract {
        /// Requests made up for each operation, at most.
        #[arg(long, default_value_t = 20)]
        examples: u32,
    },
    /// Regenerate what is generated and committed: both zones' OpenAPI documents and the types made from the desk's.
    Update {
        /// Change nothing; fail if something would change.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Demo { install, rest } => demo::run(install, &rest),
        Command::Test { install } => test::run(install),
        Command::Web { install } => needs::meet(needs::FOR_DEMO, install).and_then(|()| web::build()),
        Command::Layers => layers::check(),
        Command::Browser { pictures } => browser::run(pictures.as_deref()),
        Command::Contract { examples } => contract::run(examples),
        Command::Update { check } => update::run(check),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\n{problem}");
            ExitCode::FAILURE
        }
    }
}
