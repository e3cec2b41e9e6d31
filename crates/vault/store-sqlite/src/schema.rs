//! Migrations, and the refusal to touch what a newer program wrote.

use refinery::embed_migrations;
use rusqlite::{Connection, OptionalExtension as _};

use crate::OpenError;

embed_migrations!("migrations");

/// The migration that gave sealed keys a table of their own.
const KEYS_MOVED: i64 = 5;

/// Brings the database to the newest schema.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let runner = migrations::runner().set_abort_divergent(true).set_abort_missing(true).set_grouped(true);
    let known = runner.get_migrations().iter().map(|migration| i64::from(migration.version())).max().unwrap_or(0);
    let found = applied(connection)?;
    if found > known {
        return Err(OpenError::NewerSchema { found, known });
    }
    runner.run(connection).map_err(|error| OpenError::Migration(error.to_string()))?;
    if (1..KEYS_MOVED).contains(&found) {
        // The former pages may still hold keys that are deleted one day where they are now.
        connection.execute_batch("VACUUM")?;
    }
    Ok(())
}

fn applied(connection: &Connection) -> rusqlite::Result<i64> {
    let history = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'", [], |_| Ok(()))
        .optional()?;
    match history {
        Some(()) => {
            connection.query_row("SELECT coalesce(max(version), 0) FROM refinery_schema_history", [], |row| row.get(0))
        }
        None => Ok(0),
    }
}
