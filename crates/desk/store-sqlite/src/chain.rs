//! The audit chain as a whole, and the mirror of the vault's.

use aside_base::Timestamp;
use aside_chain::{Anchor, ChainId, Checkpoint, Content, Entry, Fault as ChainFault, Hash, Place, Verifier};
use aside_chain_sqlite::{self as chain, ChainError};
use aside_desk_store::{AuditChain, Mirror, MirroredEntry, Overdue, StoreError, VaultMirror};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::SqliteStore;
use crate::fault::Fault;
use crate::row::{all, execute, one};

crate::statements::statements! {
    MIRROR = "SELECT c.number, c.id, c.after_sequence, c.after_hash FROM vault_chains c WHERE c.begun = (SELECT max(begun) FROM vault_chains)";
    LAST = "SELECT sequence, hash FROM vault_audit WHERE chain = ? ORDER BY sequence DESC LIMIT 1";
    BEGIN = "INSERT INTO vault_chains (id, after_sequence, after_hash, begun) VALUES (?, ?, ?, (SELECT coalesce(max(begun), 0) + 1 FROM vault_chains)) ON CONFLICT (id) DO UPDATE SET begun = excluded.begun";
    MIRROR_ADD = "INSERT INTO vault_audit (chain, sequence, body, body_hash, hash) VALUES (?, ?, ?, ?, ?)";
    MIRRORED = "SELECT sequence, hash, body, body_hash FROM vault_audit WHERE chain = ? AND sequence > ? ORDER BY sequence LIMIT ?";
    OVERDUE = "SELECT sequence, hash, at FROM vault_audit WHERE chain = ? ORDER BY sequence LIMIT ?";
    MOVE_ON = "UPDATE vault_chains SET after_sequence = ?2, after_hash = ?3 WHERE number = ?1";
    TAKE_AWAY = "DELETE FROM vault_audit WHERE chain = ?1 AND sequence <= ?2";
}

/// The chain that is mirrored, with its number in the tables.
pub(crate) struct Mirrored {
    pub(crate) number: i64,
    pub(crate) mirror: Mirror,
}

fn place(row: &Row<'_>, column: usize) -> rusqlite::Result<Place> {
    Ok(Place { sequence: row.get(column)?, hash: Hash(row.get(column + 1)?) })
}

pub(crate) fn mirrored(connection: &Connection) -> rusqlite::Result<Option<Mirrored>> {
    let found = one(connection, MIRROR, [], |row| {
        Ok((row.get::<_, i64>(0)?, ChainId::from_bytes(row.get(1)?), place(row, 2)?))
    })?;
    let Some((number, chain, after)) = found else { return Ok(None) };
    let last = one(connection, LAST, [number], |row| place(row, 0))?.unwrap_or(after);
    Ok(Some(Mirrored { number, mirror: Mirror { chain, after, last } }))
}

/// An entry of the mirror; the body is none where it is another desk's to see.
pub(crate) fn read_mirrored(row: &Row<'_>) -> rusqlite::Result<MirroredEntry> {
    Ok(MirroredEntry { place: place(row, 0)?, body: row.get(2)?, body_hash: Hash(row.get(3)?) })
}

pub(crate) fn mirror_page(
    connection: &Connection,
    number: i64,
    after: i64,
    limit: u32,
) -> rusqlite::Result<Vec<MirroredEntry>> {
    all(connection, MIRRORED, params![number, after, limit], read_mirrored)
}

/// What is proved of an entry: its body where there is one, so that a body that was changed alone is found.
fn entry_of(entry: &MirroredEntry) -> Entry<'_> {
    let content = entry.body.as_deref().map_or(Content::Withheld(entry.body_hash), Content::Body);
    Entry { place: entry.place, content }
}

#[async_trait]
impl AuditChain for SqliteStore {
    async fn chain_id(&self) -> Result<ChainId, StoreError> {
        self.read("chain_id", |db| Ok(chain::chain_id(db)?)).await
    }

    async fn local_key(&self) -> Result<Option<[u8; 16]>, StoreError> {
        self.read("local_key", |db| Ok(chain::local_key(db)?)).await
    }

    async fn keep_local_key(&self, fingerprint: [u8; 16]) -> Result<(), StoreError> {
        self.write("keep_local_key", move |db| Ok(chain::keep_local_key(db, &fingerprint)?)).await
    }

    async fn chain_head(&self) -> Result<Place, StoreError> {
        self.read("chain_head", |db| Ok(chain::head(db)?)).await
    }

    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        self.read("last_checkpoint", |db| Ok(chain::last_checkpoint(db)?)).await
    }

    async fn keep_checkpoint(&self, checkpoint: Checkpoint) -> Result<(), StoreError> {
        self.write("keep_checkpoint", move |db| Ok(chain::keep_checkpoint(db, &checkpoint)?)).await
    }

    async fn anchor(&self) -> Result<Option<Anchor>, StoreError> {
        self.read("anchor", |db| Ok(chain::anchor(db)?)).await
    }

    async fn prove_from(&self, place: Place, limit: u32) -> Result<Result<Place, ChainFault>, StoreError> {
        self.read("prove_from", move |db| match chain::prove_from(db, place, limit) {
            Ok(place) => Ok(Ok(place)),
            Err(ChainError::Fault(fault)) => Ok(Err(fault)),
            Err(ChainError::Database(error)) => Err(Fault::Sql(error)),
        })
        .await
    }

    async fn overdue(&self, before: Timestamp, limit: u32) -> Result<Option<Overdue>, StoreError> {
        self.read("overdue", move |db| {
            let due = chain::prunable(db, before, limit)?;
            Ok(due.map(|due| Overdue { place: due.place, last_at: due.last_at }))
        })
        .await
    }

    async fn take_away(&self, anchor: Anchor, now: Timestamp) -> Result<usize, StoreError> {
        self.write("take_away", move |db| Ok(chain::prune(db, &anchor, now)?)).await
    }
}

#[async_trait]
impl VaultMirror for SqliteStore {
    async fn mirror(&self) -> Result<Option<Mirror>, StoreError> {
        self.read("mirror", |db| Ok(mirrored(db)?.map(|found| found.mirror))).await
    }

    async fn begin_mirror(&self, chain: ChainId, after: Place) -> Result<(), StoreError> {
        self.write("begin_mirror", move |db| {
            execute(db, BEGIN, params![chain.as_bytes(), after.sequence, after.hash.0])?;
            Ok(())
        })
        .await
    }

    async fn add_mirrored(&self, entries: Vec<MirroredEntry>) -> Result<Result<Place, ChainFault>, StoreError> {
        self.write("add_mirrored", move |db| {
            let Some(Mirrored { number, mirror }) = mirrored(db)? else {
                return Err(Fault::Sql(rusqlite::Error::QueryReturnedNoRows));
            };
            let mut verifier = Verifier::after(mirror.chain, mirror.last);
            for entry in &entries {
                if let Err(fault) = verifier.entry(&entry_of(entry)) {
                    return Ok(Err(fault));
                }
                let Place { sequence, hash } = entry.place;
                execute(db, MIRROR_ADD, params![number, sequence, entry.body, entry.body_hash.0, hash.0])?;
            }
            Ok(Ok(verifier.last()))
        })
        .await
    }

    async fn prove_mirror_from(&self, place: Place, limit: u32) -> Result<Result<Place, ChainFault>, StoreError> {
        self.read("prove_mirror_from", move |db| {
            let Some(Mirrored { number, mirror }) = mirrored(db)? else { return Ok(Ok(place)) };
            let mut verifier = Verifier::after(mirror.chain, place);
            for entry in mirror_page(db, number, place.sequence, limit)? {
                if let Err(fault) = verifier.entry(&entry_of(&entry)) {
                    return Ok(Err(fault));
                }
            }
            Ok(Ok(verifier.last()))
        })
        .await
    }

    async fn take_mirrored_away(&self, before: Timestamp, limit: u32) -> Result<usize, StoreError> {
        self.write("take_mirrored_away", move |db| {
            let Some(Mirrored { number, .. }) = mirrored(db)? else { return Ok(0) };
            let oldest = all(db, OVERDUE, params![number, limit], |row| {
                Ok((place(row, 0)?, row.get::<_, Option<i64>>(2)?.map(Timestamp)))
            })?;
            // One whose time is not known goes with a later one whose time is.
            let old = |at: &Option<Timestamp>| at.is_none_or(|at| at < before);
            let gone = oldest.iter().take_while(|(_, at)| old(at)).filter(|(_, at)| at.is_some()).last();
            let Some((place, _)) = gone else { return Ok(0) };
            execute(db, MOVE_ON, params![number, place.sequence, place.hash.0])?;
            Ok(execute(db, TAKE_AWAY, params![number, place.sequence])?)
        })
        .await
    }
}
