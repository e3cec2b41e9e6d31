//! How a verb inside the writing thread fails, and what its caller is told.

use std::convert::Infallible;

use aside_commit::CommitError;
use aside_desk_store::{StoreError, VerbError};

/// A refusal of the domain, or SQLite's trouble.
#[derive(Debug)]
pub(crate) enum Fault<R> {
    /// The domain says no: what the verb wrote so far is undone.
    Refused(R),
    /// SQLite failed, or holds what this program never wrote.
    Sql(rusqlite::Error),
}

/// The fault of a verb that cannot refuse.
pub(crate) type Plain = Fault<Infallible>;

impl<R> From<rusqlite::Error> for Fault<R> {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl<R> Fault<R> {
    pub(crate) fn into_verb(self, name: &'static str) -> VerbError<R> {
        match self {
            Self::Refused(refusal) => VerbError::Refused(refusal),
            Self::Sql(error) => StoreError::Failed(format!("{name}: {error}")).into(),
        }
    }
}

impl Plain {
    pub(crate) fn into_store(self, name: &'static str) -> StoreError {
        match self {
            Self::Refused(never) => match never {},
            Self::Sql(error) => StoreError::Failed(format!("{name}: {error}")),
        }
    }
}

/// The writer's or readers' own trouble.
pub(crate) fn of_commit(error: CommitError) -> StoreError {
    match error {
        CommitError::Full => StoreError::Busy,
        CommitError::Stopped | CommitError::Failed(_) | CommitError::Unknown => StoreError::Failed(error.to_string()),
    }
}
