//! Reading entries in their order.

use aside_chain::{Content, Entry, Hash, Place};
use rusqlite::{Connection, params};

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where.
    pub place: Place,
    /// Its body's text.
    pub body: String,
}

impl Stored {
    /// For the proof.
    #[must_use]
    pub const fn entry(&self) -> Entry<'_> {
        Entry { place: self.place, content: Content::Body(self.body.as_str()) }
    }
}

/// The entries after number `after`, oldest first, at most `limit`.
///
/// # Errors
/// SQLite's.
pub fn page(connection: &Connection, after: i64, limit: u32) -> rusqlite::Result<Vec<Stored>> {
    connection
        .prepare_cached("SELECT sequence, body, hash FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2")?
        .query_map(params![after, limit], |row| {
            Ok(Stored { place: Place { sequence: row.get(0)?, hash: Hash(row.get(2)?) }, body: row.get(1)? })
        })?
        .collect()
}
