//! The tables of an audit chain in SQLite, the same in both zones: added to in the transaction of the act itself, read back, proved.

mod append;
mod error;
mod former;
mod proof;
mod read;
mod signed;

pub use append::{append, head};
pub use error::{ChainError, StoredError};
pub use former::carry_over;
pub use proof::{prove, prove_from};
pub use read::{Stored, page};
pub use signed::{
    KEPT_AT_LEAST_DAYS, Prunable, anchor, chain_id, checkpoints, keep_checkpoint, keep_local_key, last_checkpoint,
    local_key, prunable, prune,
};

/// What a zone's migration makes: the text stands in it word for word.
pub const TABLES: &str = include_str!("tables.sql");

#[cfg(test)]
mod tests;
