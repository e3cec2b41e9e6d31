//! Opening a database the one right way.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// The oldest SQLite without the WAL-reset bug: 3.51.3.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The linked SQLite has the WAL-reset corruption bug.
    #[error("SQLite {0} is too old: 3.51.3 or later is needed")]
    TooOld(&'static str),
    /// SQLite could not open or set up the file.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] rusqlite::Error),
    /// The thread could not be started.
    #[error("a database thread cannot be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// A durable connection for the writer: WAL, `synchronous=FULL`, `secure_delete=ON`.
pub(crate) fn writing(path: &Path) -> Result<Connection, OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::TooOld(rusqlite::version()));
    }
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// A connection that can only read.
pub(crate) fn reading(path: &Path) -> Result<Connection, OpenError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}
