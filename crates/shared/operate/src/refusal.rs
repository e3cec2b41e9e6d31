//! Why a program does not start: one clear line and exit code 2.

use std::io::Write as _;
use std::process::ExitCode;

/// A reason not to start, in one line that says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

impl StartError {
    /// A reason out of anything that can say itself.
    #[must_use]
    pub fn new(reason: impl std::fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

/// Prints the reason on stderr and answers exit code 2.
#[must_use]
pub fn refuse(error: &StartError) -> ExitCode {
    let line = error.0.split_whitespace().collect::<Vec<_>>().join(" ");
    // Nobody is left to tell if stderr is closed.
    let _ = writeln!(std::io::stderr(), "{line}");
    ExitCode::from(2)
}
