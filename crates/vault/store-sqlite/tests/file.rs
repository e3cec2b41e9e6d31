//! What is particular to the file: who may open it, what it refuses, what stands in it, and that kill -9 loses nothing.
#![expect(clippy::expect_used, reason = "tests may panic")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use aside_base::{Rng, SeededRng};
use aside_vault_store::conformance::{Place, World};
use aside_vault_store::{RefusalCount, Store};
use aside_vault_store_sqlite::{OpenError, SqliteStore};
use aside_wire::Status;
use async_trait::async_trait;
use rusqlite::Connection;
use tempfile::TempDir;

struct File<'a>(&'a Path);

#[async_trait]
impl Place for File<'_> {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(self.0, &SeededRng::new(1)).expect("the store opens"))
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn a_database_keeps_its_id_and_epoch() {
    let folder = folder();
    let path = folder.path().join("vault.sqlite");
    let first = SqliteStore::open(&path, &SeededRng::new(1)).expect("made").database();
    let second = SqliteStore::open(&path, &SeededRng::new(2)).expect("found").database();
    assert_eq!(first, second);
    let other = SqliteStore::open(&folder.path().join("other.sqlite"), &SeededRng::new(3)).expect("made").database();
    assert_ne!(first, other);
}

#[tokio::test]
async fn a_database_is_fresh_until_something_was_sealed_for_it() {
    let folder = folder();
    let path = folder.path().join("vault.sqlite");
    let world = World::begin(&File(&path)).await;
    let open = || SqliteStore::open(&path, &SeededRng::new(1)).expect("opened");
    assert!(open().fresh());
    let key = aside_vault_domain::SealedSiteKey { version: 1, provider: None, sealed: vec![1; 60] };
    world.store.put_site_key(world.desk(), world.site.clone(), key).await.expect("kept");
    assert!(!open().fresh());
}

#[test]
fn a_newer_schema_is_refused_in_one_clear_line() {
    let folder = folder();
    let path = folder.path().join("vault.sqlite");
    drop(SqliteStore::open(&path, &SeededRng::new(1)).expect("made"));
    let connection = Connection::open(&path).expect("opened");
    connection
        .execute(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (99, 'later', '', '0')",
            [],
        )
        .expect("written");
    drop(connection);
    let Err(error) = SqliteStore::open(&path, &SeededRng::new(1)) else { panic!("opened a newer database") };
    assert!(matches!(error, OpenError::NewerSchema { found: 99, .. }), "{error}");
    assert!(!error.to_string().contains('\n'));
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = folder();
    let path = folder.path().join("vault.sqlite");
    let text = "not a database, but long enough to have a header ".repeat(100);
    std::fs::write(&path, &text).expect("written");
    assert!(SqliteStore::open(&path, &SeededRng::new(1)).is_err());
    assert_eq!(std::fs::read_to_string(&path).expect("read"), text);
}

#[tokio::test]
async fn the_audit_log_takes_no_change_even_by_hand() {
    let folder = folder();
    let path = folder.path().join("vault.sqlite");
    let world = World::begin(&File(&path)).await;
    let rows = world.store.audit(0, 1_000).await.expect("read").len();
    assert!(rows > 0);
    let by_hand = Connection::open(&path).expect("opened");
    for sql in [
        "DELETE FROM audit",
        "UPDATE audit SET body = '{}'",
        "REPLACE INTO audit (sequence, body, hash) SELECT sequence, body, hash FROM audit",
    ] {
        let refused = by_hand.execute(sql, []);
        assert!(refused.is_err(), "{sql}");
    }
    assert_eq!(world.store.audit(0, 1_000).await.expect("read").len(), rows);
}

#[tokio::test]
async fn a_flood_of_strangers_is_one_entry_a_minute() {
    let folder = folder();
    let path = folder.path().join("vault.sqlite");
    let world = World::begin(&File(&path)).await;
    let flood = |count| {
        vec![RefusalCount { kind: "open:not_valid".into(), prefix: "192.0.2.0/24".into(), minute: 29_000_000, count }]
    };
    let before = world.store.audit(0, 1_000).await.expect("read").len();
    world.store.count_refusals(flood(565)).await.expect("counted");
    world.store.count_refusals(flood(0)).await.expect("counted");
    let rows = world.store.audit(0, 1_000).await.expect("read").split_off(before);
    let told: Vec<_> = rows.iter().map(|row| (row.act.as_str(), row.outcome.as_str(), row.count)).collect();
    assert_eq!(told, [("open", "not_valid", Some(565))]);
    assert_eq!(rows[0].caller, ("unknown".to_owned(), String::new(), "192.0.2.0/24".to_owned()));
}

/// Run only by the next test, as a process of its own, in a folder of its own; killed in the middle.
#[tokio::test]
#[ignore = "a process that another test starts and kills"]
async fn submits_until_it_is_killed() {
    let world = World::begin(&File(Path::new("vault.sqlite"))).await;
    loop {
        let (form, submission) = world.submitted().await;
        // Said only after the store has answered: from here on it must never be lost.
        println!("acknowledged {} {submission}", form.invitation);
    }
}

#[tokio::test]
async fn kill_9_loses_no_acknowledged_submission() {
    let folder = folder();
    let this = std::env::current_exe().expect("this test program");
    let mut child = Command::new(this)
        .args(["--exact", "submits_until_it_is_killed", "--ignored", "--nocapture"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let mut acknowledged = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("its output")).lines() {
        let line = line.expect("a line");
        if let Some((invitation, submission)) = line.strip_prefix("acknowledged ").and_then(|rest| rest.split_once(' '))
        {
            acknowledged.push((invitation.parse().expect("an id"), submission.to_owned()));
        }
        if acknowledged.len() == 40 {
            // SIGKILL, while the next submission is under way.
            child.kill().expect("killed");
            break;
        }
    }
    child.wait().expect("ended");
    assert_eq!(acknowledged.len(), 40);
    let place = folder.path().join("vault.sqlite");
    let store = File(&place).open().await;
    let site: aside_base::SiteId = "northwind".parse().expect("a site");
    for (invitation, submission) in acknowledged {
        let status = store.status(site.clone(), invitation, aside_base::Timestamp(0)).await.expect("there");
        assert_eq!(status.status, Status::Submitted);
        assert_eq!(status.submission.map(|id| id.to_string()), Some(submission));
    }
    let by_hand = Connection::open(&place).expect("opened");
    let check: String = by_hand.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(check, "ok");
}

/// V5 and PCI 3.2.1: what was erased is in no page, used or free, and in no log. Sealed keys are random here as they are in a
/// vault, so that each can be looked for.
#[tokio::test]
async fn an_erased_key_is_nowhere_in_the_database_its_log_or_its_free_pages() {
    let folder = folder();
    let path = folder.path().join("vault.sqlite");
    let world = World::begin(&File(&path)).await;
    let rng: &dyn Rng = &SeededRng::new(77);
    let (mut gone, mut kept) = (Vec::new(), Vec::new());
    for number in 0..300 {
        let form = world.opened().await;
        let mut answers = world.answers();
        let (key, value) = (rng.bytes::<61>().to_vec(), rng.bytes::<45>().to_vec());
        answers.data_keys[0].sealed.clone_from(&key);
        answers.answers[0].sealed = Some(value.clone());
        // Two of three go, so that pages are emptied, joined and filled anew.
        let short = number % 3 != 0;
        if short {
            answers.data_keys[0].erase_at = world.now().plus_seconds(86_400);
        }
        world.submit(&form, answers).await.expect("submitted");
        let pile = if short { &mut gone } else { &mut kept };
        pile.push(key);
        pile.push(value);
    }
    // As text of one character a byte: that is searched fast.
    let text = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    let files = || ["", "-wal"].map(|end| text(&std::fs::read(format!("{}{end}", path.display())).unwrap_or_default()));
    let held = |files: &[String], bytes: &[u8]| files.iter().any(|file| file.contains(&text(bytes)));
    let before = files();
    assert!(gone.iter().all(|bytes| held(&before, bytes)), "the search finds what is there");
    world.wait(86_400);
    let mut erased = 0;
    loop {
        let batch = world.store.erase_due(world.now(), 40).await.expect("erased").parts;
        erased += batch;
        if batch == 0 {
            break;
        }
    }
    assert_eq!(erased, 200);
    world.store.cut_log().await.expect("cut");
    let after = files();
    // Any sixteen bytes of it would do to look for.
    let left: Vec<_> = gone.iter().filter(|bytes| held(&after, &bytes[8..24])).collect();
    assert_eq!(left.len(), 0, "of {}", gone.len());
    assert!(kept.iter().all(|bytes| held(&after, bytes)));
}
