//! Journeys over HTTP through both programs as processes: the whole way round, every refusal on it, and every failure.
//!
//! Build the programs first: `cargo build -p aside -p aside-desk -p aside-vault`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod audit_log;
mod commands;
mod crashes;
mod leaks;
mod outages;
mod proofs;
mod refusals;
mod rights;
mod round;
mod sign_in;
mod starts;
