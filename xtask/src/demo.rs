//! `cargo xtask demo`: from a fresh clone to a form that goes round.

use std::process::Command;

use crate::step::{Problem, Steps, command};
use crate::{needs, tree, web};

pub(crate) fn run(install: bool, rest: &[String]) -> Result<(), Problem> {
    needs::meet(needs::FOR_DEMO, install)?;
    let mut steps = Steps::of(2);
    steps.run("Build the faces", web::build)?;
    steps.run("Build the programs (a first build takes some minutes)", || {
        command(&tree::root(), "cargo", &["build", "--bins"])
    })?;
    let status = Command::new(tree::program("aside"))
        .arg("demo")
        .args(rest)
        .current_dir(tree::root())
        .status()
        .map_err(|error| format!("aside could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("aside demo ended with {status}")) }
}
