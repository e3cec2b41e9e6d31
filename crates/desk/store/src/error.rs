//! How a verb fails: a refusal of the domain, or the database's own trouble.

/// The database's own trouble. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// More waits than can be written soon: 503 with `Retry-After`.
    #[error("the store is busy")]
    Busy,
    /// It failed. The text is for the log, never for a client.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// The failure of a verb that can refuse.
#[derive(Debug, thiserror::Error)]
pub enum VerbError<R> {
    /// The domain says no. Nothing was changed, unless the verb says otherwise.
    #[error("{0}")]
    Refused(R),
    /// The database's own trouble.
    #[error(transparent)]
    Store(StoreError),
}

impl<R> From<StoreError> for VerbError<R> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
