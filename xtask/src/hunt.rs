//! `cargo xtask leak-hunt` and `cargo xtask crash`: long proofs against both programs.

use std::process::Command;

use crate::step::{Problem, Steps, command};
use crate::tree;

/// Builds both programs and runs `aside` with `arguments`; its last line sums up what was seen.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Problem> {
    let mut steps = Steps::of(1);
    steps.run("Build the programs", || command(&tree::root(), "cargo", &["build", "--bins", "--quiet"]))?;
    let program = tree::program("aside");
    let status = Command::new(&program)
        .args(arguments)
        .current_dir(tree::root())
        .status()
        .map_err(|error| format!("{} could not be started: {error}", program.display()))?;
    // What was found stands above, the summary last: nothing is said after it.
    if status.success() { Ok(()) } else { std::process::exit(status.code().unwrap_or(1)) }
}
