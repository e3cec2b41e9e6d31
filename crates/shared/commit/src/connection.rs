//! Opening a database the one right way.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// The oldest SQLite without the WAL-reset bug: 3.51.3.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Pages in the write-ahead log before they are copied into the database: 16 MB. A page that changes with every commit is
/// copied once for many commits, and each copying costs two syncs.
const CHECKPOINT_PAGES: i64 = 4_000;
/// The writer's page cache in KiB: the upper levels of every index of a large database stay in it.
const WRITER_CACHE_KIB: i64 = 16_000;

/// The mode of a database's files: whoever can read one has everything in it that is not sealed.
const OWNER_ONLY: u32 = 0o600;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The linked SQLite has the WAL-reset corruption bug.
    #[error("SQLite {0} is too old: 3.51.3 or later is needed")]
    TooOld(&'static str),
    /// SQLite could not open or set up the file.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] rusqlite::Error),
    /// The file could not be made, or not kept from others.
    #[error("the database file cannot be made its owner's alone: {0}")]
    File(io::Error),
    /// The thread could not be started.
    #[error("a database thread cannot be started: {0}")]
    Thread(#[from] io::Error),
}

/// A durable connection for the writer: WAL, `synchronous=FULL`, `secure_delete=ON`.
pub(crate) fn writing(path: &Path) -> Result<Connection, OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::TooOld(rusqlite::version()));
    }
    make_private(path).map_err(OpenError::File)?;
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
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(256);
    keep_plans(&connection)?;
    Ok(connection)
}

/// Makes the file its owner's alone before SQLite opens it: its log and shared memory take its mode over. What an earlier
/// umask left wider is narrowed, the files beside it too.
fn make_private(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path) {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    for file in ["", "-wal", "-shm"].map(|end| beside(path, end)) {
        match fs::metadata(&file) {
            Ok(found) if found.permissions().mode() & 0o777 & !OWNER_ONLY == 0 => {}
            Ok(_) => fs::set_permissions(&file, Permissions::from_mode(OWNER_ONLY))?,
            // A database that was closed well has nothing beside it.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// A connection that can only read.
pub(crate) fn reading(path: &Path) -> Result<Connection, OpenError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(128);
    keep_plans(&connection)?;
    Ok(connection)
}

/// A prepared statement keeps its plan. Without this SQLite parses and plans a statement anew whenever a bound value could
/// have changed the plan, which costs more than the statement.
fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
