//! What can stop a command inside the database.

use aside_vault_domain::{On, Refusal};
use aside_vault_store::Error;

/// Why a command stops.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The rules say no. `known` names the thing when the caller proved to be who may name it: then it is audited,
    /// whoever calls.
    Refused { refusal: Refusal, known: Option<Box<On>> },
    /// What it was made for has just changed: again, from the beginning.
    Busy,
    /// SQLite says no.
    Sql(rusqlite::Error),
    /// A row does not read as what this program writes, or a promise was broken.
    Broken(String),
}

/// What a command answers.
pub(crate) type Step<T> = Result<T, Fault>;

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal, known: None }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused { refusal, .. } => Self::Refused(refusal),
            Fault::Busy => Self::Busy,
            Fault::Sql(error) => Self::Failed(error.to_string()),
            Fault::Broken(text) => Self::Failed(text),
        }
    }
}
