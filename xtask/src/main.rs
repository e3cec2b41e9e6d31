//! The developer's commands: `cargo xtask demo`, `cargo xtask test`, and the checks they are made of.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks to its user")]

mod browser;
mod contract;
mod demo;
mod hunt;
mod layers;
mod needs;
mod proofs;
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
    /// Send thousands of marked answers through every path, crashes included, then search every file and both programs' memory
    /// for them. The last line sums up; the exit code is 1 when something is found.
    LeakHunt {
        /// How long forms go round.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Kill either program or both at random moments under load, and hold them to what they had acknowledged. The last line sums
    /// up; the exit code is 1 when something does not hold.
    Crash {
        /// How many falls.
        #[arg(long, default_value_t = 20)]
        rounds: u32,
    },
    /// Walk through the life of keys and invitations in every order of events.
    Model {
        /// Further than the tests do: minutes.
        #[arg(long)]
        deep: bool,
        /// Only scenarios whose name has these words.
        words: Vec<String>,
    },
    /// Play random lists of operations over both zones; a list that breaks something is kept.
    Simulate {
        /// How many lists.
        #[arg(long, default_value_t = 1_000)]
        lists: u32,
        /// The most operations in one.
        #[arg(long, default_value_t = 120)]
        longest: u32,
    },
    /// Run the fuzz targets guided by coverage (needs cargo-fuzz).
    Fuzz {
        /// How long each.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Only this one.
        target: Option<String>,
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
        Command::LeakHunt { seconds } => hunt::run(&["leak-hunt", "--seconds", &seconds.to_string()]),
        Command::Crash { rounds } => hunt::run(&["crash", "--rounds", &rounds.to_string()]),
        Command::Model { deep, words } => proofs::model(deep, &words),
        Command::Simulate { lists, longest } => proofs::simulate(lists, longest),
        Command::Fuzz { seconds, target } => proofs::fuzz(seconds, target.as_deref()),
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
