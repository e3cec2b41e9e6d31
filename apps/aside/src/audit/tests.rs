use aside_base::Timestamp;
use aside_chain::{Beginning, Body, Signer};
use aside_chain_sqlite::{TABLES, append, head, keep_checkpoint, page};

use super::*;

/// A vault's database with ten entries, the checkpoint that was shipped of it, and its folder.
struct Log {
    folder: tempfile::TempDir,
    connection: Connection,
    shipped: Checkpoint,
}

fn signer() -> Signer {
    Signer::from_seed(&[1; 32]).unwrap()
}

fn log() -> Log {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path().join("vault.sqlite")).unwrap();
    connection.execute_batch(TABLES).unwrap();
    for n in 0..10 {
        let text = format!(r#"{{"at":{n},"who":{{"kind":"vault"}},"act":"act_{n}","result":"done"}}"#);
        append(&connection, &Body::parse(&text).unwrap()).unwrap();
    }
    let (chain, place) = (chain_id(&connection).unwrap(), head(&connection).unwrap());
    let shipped = Checkpoint::sign(&signer(), "vault", chain, place, Timestamp(7));
    std::fs::write(folder.path().join("shipped"), format!("<109>1 - - aside-vault {}\n", shipped.to_line())).unwrap();
    Log { folder, connection, shipped }
}

impl Log {
    fn tamper(&self, sql: &str) {
        for trigger in ["audit_is_never_changed", "audit_is_kept_its_time", "audit_grows_at_its_end"] {
            self.connection.execute_batch(&format!("DROP TRIGGER IF EXISTS {trigger}")).unwrap();
        }
        self.connection.execute_batch(sql).unwrap();
    }

    fn database(&self, with_shipped: bool) -> Found {
        let given = shipped(&self.folder.path().join("shipped")).unwrap();
        let file = self.folder.path().join("vault.sqlite");
        verify(&file, with_shipped.then_some(given.as_slice()), None).unwrap().remove(0)
    }

    fn lines(&self) -> Vec<String> {
        let chain = chain_id(&self.connection).unwrap();
        let after = Place::before_first(chain);
        let beginning = Beginning { zone: "vault".into(), chain, after, at: Timestamp(9) };
        let mut lines = vec![ExportLine::Beginning(beginning).to_line()];
        for stored in page(&self.connection, 0, 100).unwrap() {
            lines.push(ExportLine::Entry("vault", stored.entry()).to_line());
        }
        lines
    }

    fn export(&self, lines: &[String], with_shipped: bool) -> Found {
        let file = self.folder.path().join("export.jsonl");
        std::fs::write(&file, lines.join("\n") + "\n").unwrap();
        let given = [self.shipped.clone()];
        verify(&file, with_shipped.then_some(&given[..]), None).unwrap().remove(0)
    }
}

#[test]
fn a_whole_log_is_whole_as_a_database_and_as_an_export_and_says_how_far_it_is_signed() {
    let log = log();
    let found = log.database(true);
    assert_eq!(found.proof.as_ref().unwrap().entries, 10);
    let text = found.to_string();
    assert!(text.starts_with("vault log: whole, 10 entries, 1 to 10\n  Signed up to entry 10 at 1970-"), "{text}");
    let alone = log.database(false).to_string();
    assert!(alone.contains("Nothing in it was signed") && alone.contains("No shipped checkpoint"), "{alone}");
    assert!(log.export(&log.lines(), true).is_whole());
    keep_checkpoint(&log.connection, &log.shipped).unwrap();
    append(&log.connection, &Body::parse(r#"{"at":1,"who":{"kind":"vault"},"act":"a","result":"done"}"#).unwrap())
        .unwrap();
    assert!(log.database(false).to_string().contains("nobody has signed it"));
}

#[test]
fn each_way_to_tamper_with_a_database_is_found() {
    for (sql, needs_shipped) in [
        ("UPDATE audit SET body = replace(body, 'act_4', 'act_5') WHERE sequence = 5", false),
        ("DELETE FROM audit WHERE sequence = 5", false),
        ("DELETE FROM audit WHERE sequence < 5", false),
        ("INSERT INTO audit (sequence, body, hash) SELECT 0, body, hash FROM audit WHERE sequence = 1", false),
        (
            "UPDATE audit SET sequence = -4 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = 5;
             UPDATE audit SET sequence = 5 WHERE sequence = -4",
            false,
        ),
        ("DELETE FROM audit WHERE sequence > 5", true),
        ("DELETE FROM audit", true),
        ("UPDATE chain SET id = zeroblob(16)", false),
    ] {
        let log = log();
        log.tamper(sql);
        assert!(!log.database(true).is_whole(), "{sql}");
        assert_eq!(log.database(false).is_whole(), needs_shipped, "{sql}");
    }
}

#[test]
fn a_log_that_was_computed_anew_is_found_given_what_was_shipped() {
    let log = log();
    let mut last = Place::before_first(chain_id(&log.connection).unwrap());
    let bodies: Vec<String> = page(&log.connection, 0, 100).unwrap().into_iter().map(|stored| stored.body).collect();
    log.tamper("DELETE FROM audit");
    for body in bodies {
        let body = body.replace("act_4", "act_x");
        last = last.next(&body);
        let columns = rusqlite::params![last.sequence, body, last.hash.0];
        log.connection.execute("INSERT INTO audit (sequence, body, hash) VALUES (?1, ?2, ?3)", columns).unwrap();
    }
    assert!(log.database(false).is_whole());
    assert_eq!(log.database(true).proof, Err(Fault::Rebuilt { sequence: 10 }));
    assert!(log.export(&log.lines(), false).is_whole());
    assert_eq!(log.export(&log.lines(), true).proof, Err(Fault::Rebuilt { sequence: 10 }));
}

#[test]
fn each_way_to_tamper_with_an_export_is_found() {
    let log = log();
    let whole = log.lines();
    let tampered = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = whole.clone();
        change(&mut lines);
        (log.export(&lines, false).is_whole(), log.export(&lines, true).is_whole())
    };
    assert_eq!(tampered(&|lines| lines[5] = lines[5].replace("act_4", "act_5")), (false, false));
    assert_eq!(tampered(&|lines| drop(lines.remove(5))), (false, false));
    assert_eq!(tampered(&|lines| drop(lines.remove(1))), (false, false));
    assert_eq!(tampered(&|lines| lines.insert(5, lines[5].clone())), (false, false));
    assert_eq!(tampered(&|lines| lines.swap(4, 5)), (false, false));
    assert_eq!(tampered(&|lines| lines.truncate(6)), (true, false), "a cut tail needs what was shipped");
    let one = whole[5].replace("\"entry\":{", "\"entry\": {");
    assert_eq!(tampered(&|lines| lines[5] = one.clone()), (false, false), "each byte counts");
    let mut twice = whole.clone();
    twice.push(whole[0].clone());
    let file = log.folder.path().join("twice.jsonl");
    std::fs::write(&file, twice.join("\n")).unwrap();
    assert!(verify(&file, None, None).is_err());
}

#[test]
fn a_file_that_is_no_log_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["", "nothing of the kind\n", "{\"zone\":\"desk\",\"sequence\":1"] {
        let file = folder.path().join("file");
        std::fs::write(&file, text).unwrap();
        let refused = verify(&file, None, None).unwrap_err().to_string();
        assert!(refused.starts_with(&file.display().to_string()) && !refused.contains('\n'), "{refused}");
    }
    assert!(shipped(&folder.path().join("file")).is_err());
    assert!(verify(&folder.path().join("missing"), None, None).is_err());
}
