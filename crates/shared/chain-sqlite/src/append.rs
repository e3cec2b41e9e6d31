//! Adding an entry: one look at the end of the table by its primary key, one row more.

use aside_chain::{Body, Hash, Place};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{anchor, chain_id};

/// Adds an entry in the transaction that is under way, and answers where it stands.
///
/// # Errors
/// SQLite's. The act that the entry tells of must not stand then.
pub fn append(connection: &Connection, body: &Body) -> rusqlite::Result<Place> {
    let text = body.to_text();
    let next = head(connection)?.next(&text);
    connection.prepare_cached("INSERT INTO audit (sequence, body, hash) VALUES (?1, ?2, ?3)")?.execute(params![
        next.sequence,
        text,
        next.hash.0
    ])?;
    Ok(next)
}

/// The last entry's place.
///
/// # Errors
/// SQLite's.
pub fn head(connection: &Connection) -> rusqlite::Result<Place> {
    let last = connection
        .prepare_cached("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")?
        .query_row([], |row| Ok(Place { sequence: row.get(0)?, hash: Hash(row.get(1)?) }))
        .optional()?;
    match last {
        Some(last) => Ok(last),
        None => before_first(connection),
    }
}

/// The place before the first entry that is there.
pub(crate) fn before_first(connection: &Connection) -> rusqlite::Result<Place> {
    match anchor(connection)? {
        Some(anchor) => Ok(anchor.place()),
        None => Ok(Place::before_first(chain_id(connection)?)),
    }
}
