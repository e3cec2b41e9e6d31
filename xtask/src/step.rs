//! Long steps, shown one by one with the time each took.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Why a step failed, in words that say what to do.
pub(crate) type Problem = String;

/// Counts the steps of one command.
pub(crate) struct Steps {
    total: usize,
    done: usize,
}

impl Steps {
    pub(crate) const fn of(total: usize) -> Self {
        Self { total, done: 0 }
    }

    /// Runs one step, naming it before and timing it after.
    pub(crate) fn run(&mut self, what: &str, step: impl FnOnce() -> Result<(), Problem>) -> Result<(), Problem> {
        self.done += 1;
        println!("\n[{}/{}] {what}", self.done, self.total);
        let start = now();
        step().map_err(|problem| format!("{what}: failed.\n{problem}"))?;
        println!("[{}/{}] {what}: done in {:.0} s", self.done, self.total, start.elapsed().as_secs_f64());
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "a tool that shows how long its steps take")]
fn now() -> Instant {
    Instant::now()
}

/// A command that runs in `folder` with this process's input and output.
pub(crate) fn command(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), Problem> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .status()
        .map_err(|error| format!("{program} could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{program} {}` ended with {status}", arguments.join(" "))) }
}
