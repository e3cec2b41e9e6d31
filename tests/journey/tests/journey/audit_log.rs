//! The audit logs of both zones after a journey: proved whole offline, and each way to tamper with them found (A8).

use std::fs;
use std::path::{Path, PathBuf};

use aside::house::Programs;
use aside_journey::{CARD, Town, card};
use aside_operate::own_program;
use aside_wire::Channel;
use rusqlite::Connection;
use tokio::process::Command;

/// What `aside audit verify` answers: its exit code and what it says.
async fn verify(database: &Path, checkpoints: &Path) -> (Option<i32>, String) {
    let programs = Programs::beside(&own_program().unwrap()).unwrap_or_else(|missing| panic!("{missing}"));
    let mut command = Command::new(programs.desk.with_file_name("aside"));
    let output =
        command.args(["audit", "verify", "--checkpoint"]).arg(checkpoints).arg(database).output().await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// Does `sql` to a copy of `database`, as somebody would who can write the file.
fn tampered(database: &Path, copy: &Path, sql: &str) -> PathBuf {
    fs::copy(database, copy).unwrap();
    let connection = Connection::open(copy).unwrap();
    for trigger in ["audit_is_never_changed", "audit_is_kept_its_time", "audit_grows_at_its_end"] {
        connection.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    connection.execute_batch(sql).unwrap();
    connection.close().unwrap();
    copy.to_owned()
}

#[tokio::test]
async fn both_logs_are_proved_whole_and_whatever_is_done_to_one_is_found() {
    let mut town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("cardholder-data").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &card(CARD, "739")).await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    let granted = dana.grant(&sent.invitation).await.unwrap();
    let view = dana.look(&granted).await.unwrap();
    dana.reveal(&view, "number").await.unwrap();
    // A stop ships a last checkpoint.
    town.stop().await;

    let folders = &town.house.folders;
    for (zone, database) in
        [("desk", folders.desk().join("desk.sqlite")), ("vault", folders.vault().join("vault.sqlite"))]
    {
        let shipped = folders.checkpoints().join(format!("{zone}.jsonl"));
        let (code, said) = verify(&database, &shipped).await;
        assert_eq!(code, Some(0), "{zone}: {said}");
        assert!(said.contains("whole"), "{said}");
        let copy = town.folder().join(format!("{zone}-tampered.sqlite"));
        for (what, sql) in [
            ("changed", "UPDATE audit SET body = replace(body, 'done', 'gone') WHERE sequence = 2"),
            ("removed", "DELETE FROM audit WHERE sequence = 2"),
            (
                "put in another order",
                "UPDATE audit SET sequence = -1 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3;
                 UPDATE audit SET sequence = 3 WHERE sequence = -1",
            ),
            ("cut", "DELETE FROM audit WHERE sequence > 2"),
        ] {
            let (code, said) = verify(&tampered(&database, &copy, sql), &shipped).await;
            assert_eq!(code, Some(1), "{zone}, {what}: {said}");
            assert!(said.contains("NOT WHOLE"), "{zone}, {what}: {said}");
        }
    }
}
