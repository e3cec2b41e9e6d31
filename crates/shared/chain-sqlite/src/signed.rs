//! What is signed: checkpoints, and the anchor that stands for what was taken away; and which key signs.

use aside_base::Timestamp;
use aside_chain::{Anchor, ChainId, Checkpoint, Hash, Place};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::append::before_first;
use crate::error::StoredError;

const DAY_MILLIS: i64 = 86_400_000;

/// Entries younger than this are never taken away (PCI 10.5.1: twelve months).
pub const KEPT_AT_LEAST_DAYS: i64 = 365;

/// Entries whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prunable {
    /// The last of them.
    pub place: Place,
    /// When it was written.
    pub last_at: Timestamp,
}

/// Which chain this is.
///
/// # Errors
/// SQLite's.
pub fn chain_id(connection: &Connection) -> rusqlite::Result<ChainId> {
    let id = connection.prepare_cached("SELECT id FROM chain")?.query_row([], |row| row.get(0))?;
    Ok(ChainId::from_bytes(id))
}

/// The fingerprint of the key that signs here; none before the first start.
///
/// # Errors
/// SQLite's.
pub fn local_key(connection: &Connection) -> rusqlite::Result<Option<[u8; 16]>> {
    connection.prepare_cached("SELECT signer FROM chain")?.query_row([], |row| row.get(0))
}

/// Keeps the fingerprint of the key that signs here, once and for good.
///
/// # Errors
/// SQLite's.
pub fn keep_local_key(connection: &Connection, fingerprint: &[u8; 16]) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE chain SET signer = ?1 WHERE signer IS NULL")?.execute([fingerprint]).map(|_| ())
}

/// Keeps a checkpoint; a former one of the same day makes room for it.
///
/// # Errors
/// SQLite's, and [`StoredError::NotOfThisChain`] when it speaks of no entry of this chain.
pub fn keep_checkpoint(connection: &Connection, checkpoint: &Checkpoint) -> rusqlite::Result<()> {
    if checkpoint.chain != chain_id(connection)? || !stands(connection, checkpoint.place())? {
        return Err(StoredError::NotOfThisChain.into_sql());
    }
    let day = checkpoint.at.0.div_euclid(DAY_MILLIS);
    connection
        .prepare_cached("INSERT OR REPLACE INTO checkpoints (sequence, day, line) VALUES (?1, ?2, ?3)")?
        .execute(params![checkpoint.sequence, day, checkpoint.to_line()])
        .map(|_| ())
}

fn stands(connection: &Connection, place: Place) -> rusqlite::Result<bool> {
    let hash = connection
        .prepare_cached("SELECT hash FROM audit WHERE sequence = ?1")?
        .query_row([place.sequence], |row| row.get(0).map(Hash))
        .optional()?;
    Ok(hash == Some(place.hash))
}

/// The checkpoints that are kept, oldest first.
///
/// # Errors
/// SQLite's, and [`StoredError::Unreadable`].
pub fn checkpoints(connection: &Connection) -> rusqlite::Result<Vec<Checkpoint>> {
    connection
        .prepare_cached("SELECT line FROM checkpoints ORDER BY sequence")?
        .query_map([], |row| row.get::<_, String>(0))?
        .map(|line| read_checkpoint(&line?))
        .collect()
}

/// The newest checkpoint.
///
/// # Errors
/// SQLite's, and [`StoredError::Unreadable`].
pub fn last_checkpoint(connection: &Connection) -> rusqlite::Result<Option<Checkpoint>> {
    connection
        .prepare_cached("SELECT line FROM checkpoints ORDER BY sequence DESC LIMIT 1")?
        .query_row([], |row| row.get::<_, String>(0))
        .optional()?
        .map(|line| read_checkpoint(&line))
        .transpose()
}

fn read_checkpoint(line: &str) -> rusqlite::Result<Checkpoint> {
    Checkpoint::in_line(line).ok_or_else(|| StoredError::Unreadable.into_sql())
}

/// The anchor, where entries were taken away.
///
/// # Errors
/// SQLite's, and [`StoredError::Unreadable`].
pub fn anchor(connection: &Connection) -> rusqlite::Result<Option<Anchor>> {
    connection
        .prepare_cached("SELECT line FROM anchor")?
        .query_row([], |row| row.get::<_, String>(0))
        .optional()?
        .map(|line| serde_json::from_str(&line).map_err(|_| StoredError::Unreadable.into_sql()))
        .transpose()
}

/// The oldest entries, at most `limit`, that were all written before `before`; none when the first is younger.
///
/// # Errors
/// SQLite's.
pub fn prunable(connection: &Connection, before: Timestamp, limit: u32) -> rusqlite::Result<Option<Prunable>> {
    let first = before_first(connection)?.sequence;
    let mut statement = connection
        .prepare_cached("SELECT sequence, hash, at FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2")?;
    let mut rows = statement.query(params![first, limit])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let at = Timestamp(row.get(2)?);
        if at >= before {
            break;
        }
        let place = Place { sequence: row.get(0)?, hash: Hash(row.get(1)?) };
        last = Some(Prunable { place, last_at: at });
    }
    Ok(last)
}

/// Takes the entries up to `anchor` away and keeps the anchor in their place. Answers how many.
///
/// # Errors
/// SQLite's; [`StoredError::NotOfThisChain`] when it speaks of no entry of this chain; [`StoredError::TooYoung`] when one of the
/// entries is younger than [`KEPT_AT_LEAST_DAYS`] at `now`.
pub fn prune(connection: &Connection, anchor: &Anchor, now: Timestamp) -> rusqlite::Result<usize> {
    if anchor.chain != chain_id(connection)? || !stands(connection, anchor.place())? {
        return Err(StoredError::NotOfThisChain.into_sql());
    }
    let youngest: Option<i64> = connection
        .prepare_cached("SELECT max(at) FROM audit WHERE sequence <= ?1")?
        .query_row([anchor.sequence], |row| row.get(0))?;
    if youngest.is_some_and(|at| at > now.0 - KEPT_AT_LEAST_DAYS * DAY_MILLIS) {
        return Err(StoredError::TooYoung.into_sql());
    }
    connection
        .prepare_cached(
            "INSERT INTO anchor (only, sequence, line) VALUES (1, ?1, ?2)
             ON CONFLICT (only) DO UPDATE SET sequence = excluded.sequence, line = excluded.line",
        )?
        .execute(params![anchor.sequence, anchor.to_line()])?;
    let gone = connection.prepare_cached("DELETE FROM audit WHERE sequence <= ?1")?.execute([anchor.sequence])?;
    connection.prepare_cached("DELETE FROM checkpoints WHERE sequence < ?1")?.execute([anchor.sequence])?;
    Ok(gone)
}
