//! Group commit over SQLite: one thread writes, everything that waits shares one durable COMMIT.
//!
//! A command is a closure over the connection. Each runs in a savepoint of its own, so that one that refuses undoes only
//! itself; callers are answered after the COMMIT, never before. The batch grows with load by itself: there is no timer.
//! Knows no table and no rule; never answers for something that is not on the disk.

mod connection;
mod readers;
mod writer;

pub use connection::OpenError;
pub use readers::Readers;
pub use writer::Writer;

/// Why a command was not carried out. Nothing of it is on the disk, except after [`CommitError::Unknown`].
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// The queue is full: try again in a moment (503 with Retry-After).
    #[error("the write queue is full")]
    Full,
    /// The writer has stopped.
    #[error("the writer has stopped")]
    Stopped,
    /// The database failed; the private text is for the log.
    #[error("the database failed: {0}")]
    Failed(String),
    /// The command panicked or its thread ended before it could answer.
    #[error("the outcome is not known")]
    Unknown,
}
