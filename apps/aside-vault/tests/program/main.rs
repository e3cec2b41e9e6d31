//! The program as a process: how it starts and ends, its operator's commands, and who may give them.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod folder;
mod keys;
mod operator;
mod start;
