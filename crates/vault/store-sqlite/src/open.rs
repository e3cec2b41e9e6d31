//! Opening the database: migrations, the house's identity, and the two ways in, writing and reading.

use std::path::Path;

use aside_base::Rng;
use aside_commit::{CommitError, Readers, Writer};
use aside_vault_domain::Occasion;
use aside_vault_store::{Error, Result};
use rusqlite::{Connection, params};
use tokio::sync::watch;
use uuid::Uuid;

use crate::fault::{Fault, Step};
use crate::{audit, former, rows, schema};

/// Why the vault's database refuses to start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It could not be opened at all.
    #[error(transparent)]
    Open(#[from] aside_commit::OpenError),
    /// A newer Aside has written it.
    #[error(
        "the database has schema version {found}, this program knows up to {known}: run the newer program, or restore a backup"
    )]
    NewerSchema {
        /// The database's.
        found: i64,
        /// The newest this program can read.
        known: i64,
    },
    /// A migration failed, or the migrations it went through are not this program's.
    #[error("the database cannot be migrated: {0}")]
    Migration(String),
    /// It is no database of a vault.
    #[error("the database cannot be read: {0}")]
    Database(#[from] rusqlite::Error),
}

/// Reads of a few rows by their key, or of one short page: done where they are asked for. Whatever may read more goes to a
/// thread of its own.
const SHORT: &[&str] = &[
    "ended_sessions",
    "events",
    "find_open_key",
    "find_submit_key",
    "find_form",
    "check_submit",
    "check_view",
    "session_of_viewer",
    "site",
    "site_key",
    "definition",
    "status",
];

/// The vault's store on SQLite.
#[derive(Clone)]
pub struct SqliteStore {
    // Before the writer: it must be the last to close the file.
    readers: Readers,
    writer: Writer,
    database: Uuid,
    fresh: bool,
    committed: watch::Sender<u64>,
}

impl SqliteStore {
    /// Opens the database at `path`, makes it if it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`OpenError`] says in one line what is wrong; nothing was changed unless a migration was under way.
    pub fn open(path: &Path, rng: &dyn Rng) -> std::result::Result<Self, OpenError> {
        let ids = [Uuid::from_bytes(rng.bytes()), Uuid::from_bytes(rng.bytes())];
        let (mut database, mut fresh) = (Uuid::nil(), false);
        let writer = Writer::open(path, |connection| -> std::result::Result<(), OpenError> {
            schema::migrate(connection)?;
            former::carry_over(connection)?;
            (database, fresh) = found_or_made(connection, ids)?;
            Ok(())
        })?;
        let readers = Readers::open(path, 2)?;
        Ok(Self { writer, readers, database, fresh, committed: watch::Sender::new(0) })
    }

    /// The database's random id, which its key file names too.
    #[must_use]
    pub const fn database(&self) -> Uuid {
        self.database
    }

    /// Whether nothing was ever sealed for it: only then may a key file be made. Later a missing one is a reason not to start.
    #[must_use]
    pub const fn fresh(&self) -> bool {
        self.fresh
    }

    /// Runs a change. A refusal leaves nothing behind but the audit row that [`audit::refused`] writes for known callers.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        name: &'static str,
        occasion: Occasion,
        tried: audit::Tried,
        command: impl FnOnce(&Connection, &Occasion) -> Step<T> + Send + 'static,
    ) -> Result<T> {
        self.write(name, move |connection| {
            let before = connection.total_changes();
            match command(connection, &occasion) {
                Err(Fault::Refused { refusal, known }) => {
                    if connection.total_changes() != before {
                        // A command that wrote before it decided is a fault of ours: undo it all.
                        return Err(Fault::Broken(format!("{name} refused after it had written")));
                    }
                    audit::refused(connection, &occasion, tried, refusal, known)?;
                    Ok(Err(refusal))
                }
                Err(fault) => Err(fault),
                Ok(done) => Ok(Ok(done)),
            }
        })
        .await?
        .map_err(Error::Refused)
    }

    /// Runs a change that the rules do not refuse.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        name: &'static str,
        command: impl FnOnce(&Connection) -> Step<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.write(name, command).await.map_err(committed)?.map_err(Error::from)
    }

    /// Runs a read.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        name: &'static str,
        command: impl FnOnce(&Connection) -> Step<T> + Send + 'static,
    ) -> Result<T> {
        let outcome = if SHORT.contains(&name) {
            self.readers.look(name, command).await
        } else {
            self.readers.read(name, command).await
        };
        outcome.map_err(committed)?.map_err(Error::from)
    }

    /// Moves the log into the database and cuts it to nothing.
    pub(crate) async fn truncate_log(&self) -> Result<()> {
        self.writer.truncate_log().await.map_err(committed)
    }

    /// Tells whoever waits for events to look.
    pub(crate) fn announce(&self) {
        self.committed.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(crate) fn committed(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }
}

fn committed(error: CommitError) -> Error {
    match error {
        CommitError::Full => Error::Busy,
        other => Error::Failed(other.to_string()),
    }
}

/// The database's id, made at its first opening, and whether nothing was sealed yet.
fn found_or_made(connection: &Connection, [database, epoch]: [Uuid; 2]) -> rusqlite::Result<(Uuid, bool)> {
    connection.execute(
        "INSERT INTO house (only, database, epoch) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING",
        params![database.as_bytes(), epoch.as_bytes()],
    )?;
    connection.query_row("SELECT database, NOT EXISTS (SELECT 1 FROM site_keys) FROM house", [], |row| {
        Ok((rows::uuid(row, 0)?, row.get(1)?))
    })
}
