//! `aside-vault audit`: the audit log for people and tools that ask from outside.

use std::io::Write as _;
use std::path::Path;

use aside_operate::{StartError, SystemRng, load};
use aside_vault_domain::AuditRow;
use aside_vault_store::Store as _;
use aside_vault_store_sqlite::SqliteStore;
use serde_json::{Value, json};

use crate::config::Config;

/// Rows read at a time.
const PAGE: u32 = 1000;

pub(crate) async fn print(file: &Path) -> Result<(), StartError> {
    let loaded = load::<Config>(file)?;
    let database = loaded.path(&loaded.config.data.folder).join("vault.sqlite");
    if !database.exists() {
        return Err(StartError(format!("{} is not there: the vault was never started", database.display())));
    }
    let store = SqliteStore::open(&database, &SystemRng::default())
        .map_err(|error| StartError(format!("{}: {error}", database.display())))?;
    let mut stdout = std::io::stdout().lock();
    let mut after = 0;
    loop {
        let rows = store.audit(after, PAGE).await.map_err(StartError::new)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.sequence;
        for row in &rows {
            // Whoever closed the pipe has seen enough.
            if writeln!(stdout, "{}", line(row)).is_err() {
                return Ok(());
            }
        }
    }
}

/// Who, what, when, from where, on what, with what result (A8).
fn line(row: &AuditRow) -> Value {
    let (kind, name, address) = &row.caller;
    let on = &row.on;
    let text = |id: Option<String>| id.map_or(Value::Null, Value::String);
    json!({
        "sequence": row.sequence,
        "at": row.at,
        "who": { "kind": kind, "name": name },
        "from": address,
        "what": row.act,
        "on": {
            "site": text(on.site.as_ref().map(ToString::to_string)),
            "session": text(on.session.map(|id| id.to_string())),
            "conversation": text(on.conversation.map(|id| id.to_string())),
            "invitation": text(on.invitation.map(|id| id.to_string())),
            "submission": text(on.submission.map(|id| id.to_string())),
            "view": text(on.view.map(|id| id.to_string())),
            "detail": text(on.detail.clone()),
        },
        "result": row.outcome,
    })
}
