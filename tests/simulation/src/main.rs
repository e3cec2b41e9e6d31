//! `cargo xtask simulate`: plays random lists of operations, more of them and longer ones than the tests do.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks to its user")]

use std::process::ExitCode;

use aside_simulation::{Chance, many};
use clap::Parser;

/// Plays random lists of operations over both zones, and keeps the seed of one that breaks something.
#[derive(Parser)]
struct Arguments {
    /// How many lists.
    #[arg(long, default_value_t = 1_000)]
    lists: u32,
    /// The most operations in one.
    #[arg(long, default_value_t = 120)]
    longest: usize,
}

fn main() -> ExitCode {
    let Arguments { lists, longest } = Arguments::parse();
    match many(lists, longest, Chance::New) {
        Ok(played) => {
            println!("{played:#?}\nsimulate: {lists} lists of up to {longest} operations, every invariant held");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            eprintln!(
                "{broken}\n\nThe seed is kept in tests/simulation/seeds.txt: the tests run it first from now on."
            );
            ExitCode::FAILURE
        }
    }
}
