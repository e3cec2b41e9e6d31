//! Kill -9 in the middle of step-ups: a code that was acknowledged as used is never good again.
#![expect(clippy::expect_used, reason = "tests may panic")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use aside_base::SeededRng;
use aside_vault_store::Store;
use aside_vault_store::conformance::{Place, World};
use aside_vault_store_sqlite::SqliteStore;
use async_trait::async_trait;
use rusqlite::Connection;

struct File<'a>(&'a Path);

#[async_trait]
impl Place for File<'_> {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(self.0, &SeededRng::new(1)).expect("the store opens"))
    }
}

/// Run only by the next test, as a process of its own, in a folder of its own; killed in the middle.
#[tokio::test]
#[ignore = "a process that another test starts and kills"]
async fn confirms_until_it_is_killed() {
    let world = World::begin(&File(Path::new("vault.sqlite"))).await;
    loop {
        let step = world.step();
        world.confirm(None, world.code(step)).await.expect("confirmed");
        // Said only after the store has answered: from here on the code must never be good again.
        println!("used {step} of {}", world.agent);
    }
}

#[tokio::test]
async fn kill_9_makes_no_used_code_good_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let this = std::env::current_exe().expect("this test program");
    let mut child = Command::new(this)
        .args(["--exact", "confirms_until_it_is_killed", "--ignored", "--nocapture"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let mut used = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("its output")).lines() {
        let line = line.expect("a line");
        if let Some((step, agent)) = line.strip_prefix("used ").and_then(|rest| rest.split_once(" of ")) {
            used.push((step.parse::<u64>().expect("a step"), agent.to_owned()));
        }
        if used.len() == 40 {
            // SIGKILL, while the next confirmation is under way.
            child.kill().expect("killed");
            break;
        }
    }
    child.wait().expect("ended");
    let (last, agent) = used.pop().expect("forty were acknowledged");
    let place = folder.path().join("vault.sqlite");
    let store = File(&place).open().await;
    let site: aside_base::SiteId = "northwind".parse().expect("a site");
    let factors = store.factors(site, agent.parse().expect("an id")).await.expect("read");
    assert!(factors.code.expect("the code app").last_step >= last);
    let by_hand = Connection::open(&place).expect("opened");
    let check: String = by_hand.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(check, "ok");
}
