//! Group commit against a real database file.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use aside_commit::{OpenError, Readers, Writer};
use rusqlite::Connection;
use tempfile::TempDir;

fn house() -> (TempDir, Writer, Readers) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.sqlite");
    let writer = Writer::open(&path, |connection| -> Result<(), OpenError> {
        connection.execute_batch("CREATE TABLE IF NOT EXISTS number (value INTEGER PRIMARY KEY)")?;
        Ok(())
    })
    .unwrap();
    let readers = Readers::open(&path, 2).unwrap();
    (folder, writer, readers)
}

/// The modes of the database and of the files beside it.
fn modes(folder: &TempDir) -> Vec<(String, u32)> {
    let mut modes: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().permissions().mode() & 0o777))
        .collect();
    modes.sort();
    modes
}

fn all_of_mode(mode: u32) -> Vec<(String, u32)> {
    ["test.sqlite", "test.sqlite-shm", "test.sqlite-wal"].map(|name| (name.to_owned(), mode)).to_vec()
}

fn insert(connection: &Connection, value: i64) -> rusqlite::Result<usize> {
    connection.prepare_cached("INSERT INTO number (value) VALUES (?1)")?.execute([value])
}

async fn count(readers: &Readers) -> i64 {
    readers
        .read("count", |connection| connection.query_row("SELECT count(*) FROM number", [], |row| row.get(0)))
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn a_write_that_was_answered_is_seen_by_every_reader() {
    let (_folder, writer, readers) = house();
    writer.write("insert", |connection| insert(connection, 1)).await.unwrap().unwrap();
    assert_eq!(count(&readers).await, 1);
}

#[tokio::test]
async fn a_command_that_refuses_undoes_itself_and_no_other() {
    let (_folder, writer, readers) = house();
    let mut waiting = Vec::new();
    for value in 0..200 {
        let writer = writer.clone();
        waiting.push(tokio::spawn(async move {
            writer
                .write("insert", move |connection| {
                    insert(connection, value).map_err(|error| error.to_string())?;
                    if value % 2 == 0 { Ok(()) } else { Err("odd".to_owned()) }
                })
                .await
                .unwrap()
        }));
    }
    let mut kept = 0;
    for answer in waiting {
        kept += i64::from(answer.await.unwrap().is_ok());
    }
    assert_eq!(kept, 100);
    assert_eq!(count(&readers).await, 100);
}

#[tokio::test]
async fn a_command_that_is_alone_and_refuses_leaves_nothing_and_the_next_goes_on() {
    let (_folder, writer, readers) = house();
    for value in [1, 2] {
        let refused = writer.write("insert", move |connection| -> Result<(), rusqlite::Error> {
            insert(connection, value)?;
            Err(rusqlite::Error::QueryReturnedNoRows)
        });
        assert!(refused.await.unwrap().is_err());
    }
    writer.write("insert", |connection| insert(connection, 3)).await.unwrap().unwrap();
    assert_eq!(count(&readers).await, 1);
}

#[tokio::test]
async fn a_look_sees_what_was_answered_and_cannot_write() {
    let (_folder, writer, readers) = house();
    for value in 1..=20 {
        writer.write("insert", move |connection| insert(connection, value)).await.unwrap().unwrap();
        let last = readers.look("last", |connection| {
            connection.query_row("SELECT max(value) FROM number", [], |row| row.get::<_, i64>(0))
        });
        assert_eq!(last.await.unwrap().unwrap(), value);
    }
    assert!(readers.look("insert", |connection| insert(connection, 99)).await.unwrap().is_err());
    assert_eq!(count(&readers).await, 20);
}

#[tokio::test]
async fn of_64_racers_for_one_row_exactly_one_wins() {
    let (_folder, writer, _readers) = house();
    let start = Arc::new(tokio::sync::Barrier::new(64));
    let mut racers = Vec::new();
    for _ in 0..64 {
        let (writer, start) = (writer.clone(), Arc::clone(&start));
        racers.push(tokio::spawn(async move {
            start.wait().await;
            writer.write("race", |connection| insert(connection, 7)).await.unwrap().is_ok()
        }));
    }
    let mut winners = 0;
    for racer in racers {
        winners += u32::from(racer.await.unwrap());
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn a_command_that_panics_stops_the_writer_and_nothing_waits_for_ever() {
    let (folder, writer, _readers) = house();
    writer.write("insert", |connection| insert(connection, 1)).await.unwrap().unwrap();
    let lost = writer.write("panic", |_| -> Result<(), ()> { panic!("planted") }).await;
    assert!(lost.is_err());
    let after = writer.write("insert", |connection| insert(connection, 2)).await;
    assert!(after.is_err());
    drop(writer);
    let connection = Connection::open(folder.path().join("test.sqlite")).unwrap();
    let rows: i64 = connection.query_row("SELECT count(*) FROM number", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1, "what was acknowledged before stays");
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (_folder, _writer, readers) = house();
    assert!(readers.read("insert", |connection| insert(connection, 1)).await.unwrap().is_err());
}

#[tokio::test]
async fn everything_answered_is_there_after_opening_again() {
    let (folder, writer, readers) = house();
    for value in 0..50 {
        writer.write("insert", move |connection| insert(connection, value)).await.unwrap().unwrap();
    }
    drop((writer, readers));
    let path = folder.path().join("test.sqlite");
    let again = Readers::open(&path, 1).unwrap();
    assert_eq!(count(&again).await, 50);
}

#[tokio::test]
async fn a_database_its_log_and_its_shared_memory_are_their_owners_alone() {
    let (folder, writer, _readers) = house();
    writer.write("insert", |connection| insert(connection, 1)).await.unwrap().unwrap();
    assert_eq!(modes(&folder), all_of_mode(0o600));
}

#[tokio::test]
async fn files_that_an_earlier_umask_left_wider_are_narrowed() {
    let (folder, writer, _readers) = house();
    writer.write("insert", |connection| insert(connection, 1)).await.unwrap().unwrap();
    for (name, _) in modes(&folder) {
        fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o644)).unwrap();
    }
    let again = Writer::open(&folder.path().join("test.sqlite"), |_| Ok::<_, OpenError>(())).unwrap();
    again.write("insert", |connection| insert(connection, 2)).await.unwrap().unwrap();
    assert_eq!(modes(&folder), all_of_mode(0o600));
}

#[tokio::test]
async fn a_closed_database_is_one_file_though_it_was_read() {
    let (folder, writer, readers) = house();
    writer.write("insert", |connection| insert(connection, 1)).await.unwrap().unwrap();
    let count =
        |connection: &Connection| connection.query_row("SELECT count(*) FROM number", [], |row| row.get::<_, i64>(0));
    for _ in 0..20 {
        assert_eq!(readers.read("count", count).await.unwrap().unwrap(), 1);
    }
    drop(readers);
    drop(writer);
    assert_eq!(modes(&folder).len(), 1, "{:?}", modes(&folder));
}

#[tokio::test]
async fn a_log_that_was_cut_holds_nothing_of_what_was_deleted() {
    let (folder, writer, readers) = house();
    let secret = "a text that shall be nowhere";
    let make = "CREATE TABLE text (value TEXT)";
    writer.write("make", move |connection| connection.execute_batch(make)).await.unwrap().unwrap();
    writer
        .write("add", move |connection| connection.execute("INSERT INTO text VALUES (?1)", [secret]))
        .await
        .unwrap()
        .unwrap();
    let found = |folder: &TempDir| {
        fs::read_dir(folder.path()).unwrap().any(|file| {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
        })
    };
    assert!(found(&folder), "it was there");
    writer.write("delete", |connection| connection.execute("DELETE FROM text", [])).await.unwrap().unwrap();
    assert!(found(&folder), "the log still has it");
    writer.truncate_log().await.unwrap();
    assert!(!found(&folder));
    let gone = readers
        .read("look", |connection| connection.query_row("SELECT count(*) FROM text", [], |row| row.get::<_, i64>(0)));
    assert_eq!(gone.await.unwrap().unwrap(), 0);
}

#[tokio::test]
async fn cutting_the_log_among_many_writes_loses_none() {
    let (_folder, writer, readers) = house();
    let writes = (0..64).map(|value| {
        let writer = writer.clone();
        tokio::spawn(async move {
            writer.write("insert", move |connection| insert(connection, value)).await.unwrap().unwrap();
            writer.truncate_log().await
        })
    });
    let cut: Vec<_> = writes.collect();
    for done in cut {
        done.await.unwrap().unwrap();
    }
    assert_eq!(count(&readers).await, 64);
}
