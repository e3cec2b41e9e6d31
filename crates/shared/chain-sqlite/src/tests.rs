use std::collections::BTreeMap;

use aside_base::Timestamp;
use aside_chain::{Anchor, Body, Checkpoint, Fault, Place, Signer, Who};
use rusqlite::Connection;

use super::*;

const DAY: i64 = 86_400_000;

fn body(at: i64, act: &str) -> Body {
    Body {
        at: Timestamp(at),
        site: Some("northwind".into()),
        who: Who { kind: "desk".into(), id: None },
        session: None,
        from: None,
        act: act.into(),
        on: BTreeMap::new(),
        result: "done".into(),
        reason: None,
        count: None,
        detail: None,
    }
}

fn signer() -> Signer {
    Signer::from_seed(&[1; 32]).unwrap()
}

/// A database file with `count` entries, one a day, and its connection.
fn chain(count: i64) -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path().join("zone.sqlite")).unwrap();
    connection.execute_batch(TABLES).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    for n in 0..count {
        append(&connection, &body(n * DAY, &format!("act_{n}"))).unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
    (folder, connection)
}

fn checkpoint(connection: &Connection) -> Checkpoint {
    let (chain, place) = (chain_id(connection).unwrap(), head(connection).unwrap());
    Checkpoint::sign(&signer(), "desk", chain, place, Timestamp(7))
}

fn fault(connection: &Connection, shipped: &[Checkpoint]) -> Fault {
    match prove(connection, shipped, None) {
        Err(ChainError::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

/// What whoever can write the file can do: triggers are no lock.
fn without_triggers(connection: &Connection, sql: &str) {
    for trigger in
        ["audit_is_never_changed", "audit_is_kept_its_time", "audit_grows_at_its_end", "anchor_only_moves_on"]
    {
        connection.execute_batch(&format!("DROP TRIGGER IF EXISTS {trigger}")).unwrap();
    }
    connection.execute_batch(sql).unwrap();
}

/// Computes every hash from `first` on anew.
fn rebuild(connection: &Connection, first: i64) {
    let mut last = if first == 1 {
        Place::before_first(chain_id(connection).unwrap())
    } else {
        page(connection, first - 2, 1).unwrap()[0].place
    };
    let bodies: Vec<String> = page(connection, first - 1, 1_000).unwrap().into_iter().map(|s| s.body).collect();
    connection.execute("DELETE FROM audit WHERE sequence >= ?1", [first]).unwrap();
    for body in bodies {
        last = last.next(&body);
        let columns = rusqlite::params![last.sequence, body, last.hash.0];
        connection.execute("INSERT INTO audit (sequence, body, hash) VALUES (?1, ?2, ?3)", columns).unwrap();
    }
}

#[test]
fn entries_follow_one_another_and_are_proved() {
    let (_folder, connection) = chain(12_000);
    let signed = checkpoint(&connection);
    keep_checkpoint(&connection, &signed).unwrap();
    append(&connection, &body(0, "more")).unwrap();
    let proof = prove(&connection, &[], None).unwrap();
    assert_eq!((proof.entries, proof.last), (12_001, head(&connection).unwrap()));
    assert_eq!(proof.signed, Some(signed.clone()));
    assert_eq!(prove_from(&connection, signed.place(), 10).unwrap(), head(&connection).unwrap());
    let at: i64 = connection.query_row("SELECT at FROM audit WHERE act = 'act_2'", [], |row| row.get(0)).unwrap();
    assert_eq!(at, 2 * DAY);
}

#[test]
fn the_table_only_grows_at_its_end() {
    let (_folder, connection) = chain(3);
    for sql in [
        "UPDATE audit SET body = '{}' WHERE sequence = 2",
        "DELETE FROM audit WHERE sequence = 3",
        "DELETE FROM audit",
        "REPLACE INTO audit (sequence, body, hash) SELECT sequence, body, hash FROM audit",
        "INSERT INTO audit (sequence, body, hash) SELECT 0, body, hash FROM audit WHERE sequence = 1",
    ] {
        let refused = connection.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    assert_eq!(prove(&connection, &[], None).unwrap().entries, 3);
}

#[test]
fn each_way_to_tamper_with_the_file_is_found() {
    let insert = "INSERT INTO audit (sequence, body, hash) SELECT";
    for (sql, expected) in [
        (
            "UPDATE audit SET body = replace(body, 'act_4', 'act_5') WHERE sequence = 5".to_owned(),
            Fault::Changed { sequence: 5 },
        ),
        ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 5".to_owned(), Fault::Changed { sequence: 5 }),
        ("DELETE FROM audit WHERE sequence = 5".to_owned(), Fault::Missing { after: 4, found: 6 }),
        ("DELETE FROM audit WHERE sequence < 4".to_owned(), Fault::NoBeginning { first: 4 }),
        ("DELETE FROM audit WHERE sequence > 8".to_owned(), Fault::Cut { last: 8, signed: 10 }),
        (format!("{insert} 11, body, hash FROM audit WHERE sequence = 3"), Fault::Changed { sequence: 11 }),
        (
            format!(
                "UPDATE audit SET sequence = -sequence WHERE sequence > 5;
                 UPDATE audit SET sequence = 1 - sequence WHERE sequence < 0;
                 {insert} 6, body, hash FROM audit WHERE sequence = 2"
            ),
            Fault::Changed { sequence: 6 },
        ),
        (
            "UPDATE audit SET sequence = -4 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = 5;
             UPDATE audit SET sequence = 5 WHERE sequence = -4"
                .to_owned(),
            Fault::Changed { sequence: 4 },
        ),
        ("UPDATE audit SET sequence = 0 WHERE sequence = 1".to_owned(), Fault::OutOfOrder { after: 0, found: 0 }),
        (
            "UPDATE chain SET id = zeroblob(16)".to_owned(),
            Fault::OtherChain { chain: aside_chain::ChainId::from_bytes([0; 16]), sequence: 10 },
        ),
    ] {
        let (_folder, connection) = chain(10);
        let signed = checkpoint(&connection);
        assert!(prove(&connection, std::slice::from_ref(&signed), None).is_ok());
        without_triggers(&connection, &sql);
        let found = fault(&connection, std::slice::from_ref(&signed));
        match expected {
            Fault::OtherChain { .. } => assert!(matches!(found, Fault::OtherChain { sequence: 10, .. }), "{found}"),
            expected => assert_eq!(found, expected, "{sql}"),
        }
    }
}

#[test]
fn a_rebuilt_chain_and_a_cut_tail_are_found_given_what_was_shipped_and_pass_without() {
    let (_folder, connection) = chain(10);
    let signed = checkpoint(&connection);
    keep_checkpoint(&connection, &signed).unwrap();
    without_triggers(&connection, "UPDATE audit SET body = replace(body, 'act_4', 'act_x') WHERE sequence = 5");
    rebuild(&connection, 5);
    assert_eq!(fault(&connection, &[]), Fault::Rebuilt { sequence: 10 });
    connection.execute_batch("DELETE FROM checkpoints").unwrap();
    assert_eq!(prove(&connection, &[], None).unwrap().signed, None, "it can vouch for nothing");
    assert_eq!(fault(&connection, std::slice::from_ref(&signed)), Fault::Rebuilt { sequence: 10 });
    connection.execute_batch("DELETE FROM audit WHERE sequence > 7").unwrap();
    assert_eq!(prove(&connection, &[], None).unwrap().signed, None);
    assert_eq!(fault(&connection, &[signed]), Fault::Cut { last: 7, signed: 10 });
}

#[test]
fn a_chain_signed_anew_by_another_key_is_found_by_the_key_that_is_trusted() {
    let (_folder, connection) = chain(10);
    let stranger = Signer::from_seed(&[2; 32]).unwrap();
    let (id, place) = (chain_id(&connection).unwrap(), head(&connection).unwrap());
    keep_checkpoint(&connection, &Checkpoint::sign(&stranger, "desk", id, place, Timestamp(1))).unwrap();
    assert!(prove(&connection, &[], None).is_ok());
    let trusted = signer().public_key();
    let found = prove(&connection, &[], Some(&trusted));
    assert!(matches!(found, Err(ChainError::Fault(Fault::NotSigned { sequence: 10 }))), "{found:?}");
}

#[test]
fn what_is_older_than_its_time_goes_and_an_anchor_stays() {
    let (_folder, connection) = chain(400);
    let now = Timestamp(400 * DAY);
    let before = Timestamp(now.0 - 380 * DAY);
    let due = prunable(&connection, before, 5_000).unwrap().unwrap();
    assert_eq!((due.place.sequence, due.last_at), (20, Timestamp(19 * DAY)));
    assert_eq!(prunable(&connection, before, 7).unwrap().unwrap().place.sequence, 7);
    let id = chain_id(&connection).unwrap();
    let signed = Anchor::sign(&signer(), "desk", id, due.place, due.last_at, now);
    assert_eq!(prune(&connection, &signed, now).unwrap(), 20);
    assert_eq!(prunable(&connection, before, 7).unwrap(), None);
    assert_eq!(prove(&connection, &[], Some(&signer().public_key())).unwrap().entries, 380);
    append(&connection, &body(400 * DAY, "more")).unwrap();
    assert_eq!(prove(&connection, &[], None).unwrap().last.sequence, 401);
    // Whoever cuts more off has no signature for it.
    without_triggers(&connection, "DELETE FROM audit WHERE sequence < 30");
    assert_eq!(fault(&connection, &[]), Fault::Missing { after: 20, found: 30 });
    without_triggers(&connection, "DELETE FROM anchor");
    assert_eq!(fault(&connection, &[]), Fault::NoBeginning { first: 30 });
}

#[test]
fn nothing_younger_than_a_year_goes_whatever_is_asked() {
    let (_folder, connection) = chain(400);
    let now = Timestamp(400 * DAY);
    let due = prunable(&connection, now, 5_000).unwrap().unwrap();
    let id = chain_id(&connection).unwrap();
    let greedy = Anchor::sign(&signer(), "desk", id, due.place, due.last_at, now);
    assert!(prune(&connection, &greedy, now).unwrap_err().to_string().contains("younger than a year"));
    let elsewhere = Anchor::sign(&signer(), "desk", id, Place::before_first(id), Timestamp(0), now);
    assert!(prune(&connection, &elsewhere, now).is_err());
    assert_eq!(prove(&connection, &[], None).unwrap().entries, 400);
}

#[test]
fn one_checkpoint_a_day_is_kept_and_only_of_entries_that_stand() {
    let (_folder, connection) = chain(3);
    let (id, first) = (chain_id(&connection).unwrap(), page(&connection, 0, 1).unwrap()[0].place);
    let sign = |place, at| Checkpoint::sign(&signer(), "desk", id, place, Timestamp(at));
    keep_checkpoint(&connection, &sign(first, 1)).unwrap();
    keep_checkpoint(&connection, &sign(page(&connection, 1, 1).unwrap()[0].place, 2)).unwrap();
    keep_checkpoint(&connection, &sign(head(&connection).unwrap(), DAY)).unwrap();
    let kept: Vec<i64> = checkpoints(&connection).unwrap().iter().map(|kept| kept.sequence).collect();
    assert_eq!(kept, [2, 3]);
    assert_eq!(last_checkpoint(&connection).unwrap().unwrap().sequence, 3);
    let mut wrong = first;
    wrong.sequence = 2;
    assert!(keep_checkpoint(&connection, &sign(wrong, 3)).is_err());
}

#[test]
fn the_key_that_signs_is_kept_once() {
    let (_folder, connection) = chain(0);
    assert_eq!(local_key(&connection).unwrap(), None);
    keep_local_key(&connection, &[1; 16]).unwrap();
    keep_local_key(&connection, &[2; 16]).unwrap();
    assert_eq!(local_key(&connection).unwrap(), Some([1; 16]));
}
