//! What can go wrong with a stored chain.

use aside_chain::Fault;

/// Why a chain could not be proved.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// It is not whole.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// It could not be read.
    #[error("the audit log cannot be read: {0}")]
    Database(#[from] rusqlite::Error),
}

/// A stored statement that does not read as what this program writes, or that may not be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// It does not read.
    #[error("a stored checkpoint or anchor cannot be read")]
    Unreadable,
    /// It speaks of an entry that is not there, or is another.
    #[error("a checkpoint or anchor must speak of an entry of this chain")]
    NotOfThisChain,
    /// Entries are kept for a year at least, whatever is asked.
    #[error("an entry younger than a year is not taken away")]
    TooYoung,
}

impl StoredError {
    /// As SQLite's callers see it.
    pub(crate) fn into_sql(self) -> rusqlite::Error {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(self))
    }
}
