//! The log of before the chain, carried over into it once.

use aside_chain::Body;
use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::append;

/// Appends what `former` selects, row by row as `body` reads it, and drops the tables that a migration left for this,
/// `audit_before_chain` and `refusals_before_chain`; all in one transaction. Does nothing where they are gone.
///
/// # Errors
/// As SQLite or `body` says; nothing was changed then.
pub fn carry_over(
    connection: &mut Connection,
    former: &str,
    body: impl Fn(&Row<'_>) -> rusqlite::Result<Body>,
) -> rusqlite::Result<()> {
    let waits = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'audit_before_chain'", [], |_| Ok(()))
        .optional()?;
    if waits.is_none() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    {
        let mut former = transaction.prepare(former)?;
        let mut rows = former.query([])?;
        while let Some(row) = rows.next()? {
            append(&transaction, &body(row)?)?;
        }
    }
    transaction.execute_batch("DROP TABLE audit_before_chain; DROP TABLE refusals_before_chain")?;
    transaction.commit()
}
