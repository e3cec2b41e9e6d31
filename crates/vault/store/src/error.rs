//! Why a verb did not do what was asked.

use aside_vault_domain::Refusal;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules say no; where the caller is known, that was audited.
    #[error("refused: {}", .0.as_str())]
    Refused(Refusal),
    /// Too much at once; nothing was changed, try again later.
    #[error("the store is busy")]
    Busy,
    /// The store failed; nothing was changed. The text is private: for the log, never for a client.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// What a verb answers.
pub type Result<T> = std::result::Result<T, Error>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
