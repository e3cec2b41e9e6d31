//! The store on SQLite, held to the conformance suite, and what only SQLite can be asked.

use std::sync::Arc;

use aside_desk_domain::Sequence;
use aside_desk_store::conformance::{Backend, Scene};
use aside_desk_store::{Entries, Store};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::{OpenError, SqliteStore};

/// A database in a folder of its own.
struct Folder {
    folder: TempDir,
    store: Option<SqliteStore>,
}

impl Folder {
    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("desk.sqlite")
    }

    /// A connection beside the store's, as an intruder or an operator would open.
    fn beside(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }
}

impl Backend for Folder {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.store.clone().unwrap())
    }

    fn reopen(&mut self) {
        // The former program is gone before the next begins.
        self.store = None;
        self.store = Some(SqliteStore::open(&self.path()).unwrap());
    }
}

fn open() -> Folder {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(&folder.path().join("desk.sqlite")).unwrap();
    Folder { folder, store: Some(store) }
}

mod erasing;
mod upgrade;

mod conformance {
    use super::open;

    aside_desk_store::conformance!(open);
}

fn statements() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    [
        crate::accounts::ALL,
        crate::alerts::ALL,
        crate::attempts::ALL,
        crate::audit::ALL,
        crate::chain::ALL,
        crate::conversations::ALL,
        crate::ending::ALL,
        crate::entries::ALL,
        crate::errands::ALL,
        crate::factors::ALL,
        crate::invitations::ALL,
        crate::history::ALL,
        crate::keeping::ALL,
        crate::keys::ALL,
        crate::list::ALL,
        crate::passwords::ALL,
        crate::people::ALL,
        crate::policies::ALL,
        crate::posts::ALL,
        crate::privacy::ALL,
        crate::profiles::ALL,
        crate::rights::ALL,
        crate::sending::ALL,
        crate::session_row::ALL,
        crate::sessions::ALL,
        crate::stream::ALL,
        crate::trail::ALL,
        crate::transfers::ALL,
        crate::visitors::ALL,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_statement_is_prepared_and_none_walks_through_a_growing_table() {
    let folder = open();
    let connection = folder.beside();
    for (name, sql) in statements() {
        let mut plan =
            connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap_or_else(|e| panic!("{name}: {e}"));
        let nothing = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps: Vec<String> = plan
            .query_map(rusqlite::params_from_iter(nothing), |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        // All sites are few; a subquery walks through what its own index chose.
        let walks = |step: &String| {
            let all = step.strip_prefix("SCAN ").filter(|rest| !rest.contains("USING"));
            all.is_some_and(|table| {
                table != "sites" && table != "c" && table != "CONSTANT ROW" && !table.starts_with('(')
            })
        };
        assert!(!steps.iter().any(walks), "{name}: {steps:?}");
        assert!(!steps.is_empty() || sql.starts_with("INSERT"), "{name}");
    }
}

#[tokio::test]
async fn the_logs_are_only_added_to() {
    let folder = open();
    let scene = Scene::set(&folder).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.store.close_conversation(scene.close(&session, conversation)).await.unwrap();
    let refusal = aside_desk_domain::RefusalMinute::of(
        aside_desk_domain::RefusalKind::Login,
        "203.0.113.7".parse().unwrap(),
        scene.now(),
    );
    let count = aside_desk_domain::RefusalCount { row: refusal, count: 1 };
    scene.store.count_refusals(vec![count]).await.unwrap();
    let end = aside_desk_domain::EndReason::Logout;
    scene.store.end_session(&scene.site, session.id, end, scene.by(None)).await.unwrap();
    let connection = folder.beside();
    for sql in [
        "UPDATE entries SET text = 'forged'",
        "DELETE FROM entries",
        "UPDATE audit SET body = '{}'",
        "DELETE FROM audit",
        "UPDATE sessions SET ended_at = NULL",
        "UPDATE conversations SET closed_at = NULL",
    ] {
        let error = connection.execute(sql, []).expect_err(sql);
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::ConstraintViolation), "{sql}");
    }
}

#[test]
fn a_schema_of_a_newer_program_is_refused() {
    let folder = open();
    let path = folder.path();
    let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (9999, 'later', '2030-01-01T00:00:00Z', '1')";
    folder.beside().execute(newer, []).unwrap();
    drop(folder.store);
    let error = SqliteStore::open(&path).map(|_| ()).unwrap_err();
    assert!(matches!(error, OpenError::UnknownSchema), "{error}");
}

#[test]
fn a_file_that_is_not_a_desks_database_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let vault = folder.path().join("vault.sqlite");
    let connection = Connection::open(&vault).unwrap();
    connection.execute_batch("CREATE TABLE answers (id INTEGER PRIMARY KEY)").unwrap();
    drop(connection);
    assert!(matches!(SqliteStore::open(&vault).map(|_| ()), Err(OpenError::Foreign)));
    let tables: i64 = Connection::open(&vault)
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1);

    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database, and long enough to look like one to nobody").unwrap();
    assert!(SqliteStore::open(&text).is_err());
    assert!(SqliteStore::open(&folder.path().join("missing").join("desk.sqlite")).is_err());
}

#[tokio::test]
async fn what_was_answered_is_in_the_files_at_that_moment() {
    let folder = open();
    let scene = Scene::set(&folder).await;
    let visitor = scene.visitor().await;
    for turn in 1..=5_usize {
        scene.says(&visitor, &format!("message {turn}")).await;
        // What a kill leaves behind: the files as they are, nothing closed, nothing checkpointed.
        let left = TempDir::new().unwrap();
        for file in std::fs::read_dir(folder.folder.path()).unwrap() {
            let file = file.unwrap();
            // The index of the log is shared memory, and rebuilt.
            if !file.file_name().to_string_lossy().ends_with("-shm") {
                std::fs::copy(file.path(), left.path().join(file.file_name())).unwrap();
            }
        }
        let found = SqliteStore::open(&left.path().join("desk.sqlite")).unwrap();
        let log = found.entries_after(&scene.site, Sequence(0), 100).await.unwrap();
        assert_eq!(log, scene.log().await);
        assert_eq!(log.len(), turn);
    }
}

#[test]
fn a_new_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = open();
    for entry in std::fs::read_dir(folder.folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
    }
}

#[test]
fn no_column_is_made_for_answers_or_keys() {
    let folder = open();
    let connection = folder.beside();
    let mut columns = connection
        .prepare("SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'")
        .unwrap();
    let columns: Vec<String> = columns.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(columns.len() > 60);
    for word in ["answer", "otk", "key", "cvv", "pan", "card", "value", "link"] {
        let named: Vec<_> = columns.iter().filter(|column| column.split(['.', '_']).any(|part| part == word)).collect();
        assert!(named.is_empty(), "{word}: {named:?}");
    }
    // A secret that opens something stands as its hash, by a constraint of the table.
    let clear = connection.execute(
        "INSERT INTO sessions (id, token, agent, site, started_at, ends_at) VALUES (zeroblob(16), 'token', zeroblob(16), 'a', 0, 0)",
        [],
    );
    assert!(clear.is_err());
}
