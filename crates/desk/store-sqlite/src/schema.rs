//! The schema: made, migrated, and refused when it is not ours or newer than this program.

use rusqlite::Connection;

use crate::{accounts, former};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Marks a file as a desk's database, so that the vault's or anybody else's is never migrated by mistake: "AsDk".
pub(crate) const APPLICATION: i32 = 0x4173_446B;

/// Why the desk's database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite, or its threads.
    #[error(transparent)]
    Open(#[from] aside_commit::OpenError),
    /// Another program's database.
    #[error("the file is not a desk's database")]
    Foreign,
    /// A schema that a newer program wrote, or one that was changed by hand.
    #[error("the database has a schema that this version does not know; run the version that wrote it, or a newer one")]
    UnknownSchema,
    /// A migration failed; the database is as it was before it.
    #[error("the database could not be migrated: {0}")]
    Migration(String),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Open(aside_commit::OpenError::Database(error))
    }
}

pub(crate) fn runner() -> refinery::Runner {
    embedded::migrations::runner().set_abort_divergent(true).set_abort_missing(true)
}

/// Brings the schema up to what this program knows.
pub(crate) fn prepare(connection: &mut Connection) -> Result<(), OpenError> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    match (tables, application) {
        (_, APPLICATION) => {}
        (0, 0) => connection.pragma_update(None, "application_id", APPLICATION)?,
        _ => return Err(OpenError::Foreign),
    }
    // A migration that makes a table anew must not be taken for one that deletes its rows.
    connection.pragma_update(None, "foreign_keys", "OFF")?;
    let migrated = runner().run(connection);
    connection.pragma_update(None, "foreign_keys", "ON")?;
    match migrated {
        Ok(_) if connection.prepare("PRAGMA foreign_key_check")?.exists([])? => {
            Err(OpenError::Migration("a row refers to one that is not there".to_owned()))
        }
        Ok(_) => {
            former::carry_over(connection)?;
            let transaction = connection.transaction()?;
            accounts::complete_sites(&transaction)?;
            Ok(transaction.commit()?)
        }
        Err(error) => match error.kind() {
            refinery::error::Kind::MissingVersion(_) | refinery::error::Kind::DivergentVersion(..) => {
                Err(OpenError::UnknownSchema)
            }
            _ => Err(OpenError::Migration(error.to_string())),
        },
    }
}
