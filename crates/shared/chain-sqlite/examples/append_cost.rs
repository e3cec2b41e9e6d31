//! What binding an entry into the chain costs beside a plain row, in the same run: `cargo run --release -p aside-chain-sqlite
//! --example append_cost -- FOLDER`. The folder should lie on the disk that is asked about.
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use aside_chain::Body;
use aside_chain_sqlite::{TABLES, append};
use rusqlite::{Connection, params};

const PLAIN: &str =
    "CREATE TABLE plain (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, site TEXT, kind TEXT, actor BLOB,
    session BLOB, address TEXT, action TEXT, target_kind TEXT, target BLOB, outcome TEXT, reason TEXT) STRICT;";
const ID: [u8; 16] = [7; 16];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let file = Path::new(&folder).join("append_cost.sqlite");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    let connection = Connection::open(&file)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")?;
    connection.execute_batch(PLAIN)?;
    connection.execute_batch(TABLES)?;
    let id = "01890000-0707-7707-8707-070707070707";
    let text = format!(
        r#"{{"at":1800000000000,"site":"northwind","who":{{"kind":"agent","id":"{id}"}},"session":"{id}","from":"203.0.113.7","act":"view_answers","on":{{"invitation":"{id}"}},"result":"done"}}"#
    );
    let body = Body::parse(&text)?;
    for batch in [1_u32, 8, 64, 512] {
        let rounds = (4_096 / batch).max(16);
        for _ in 0..2 {
            let plain = timed(&connection, rounds, batch, |db| {
                db.prepare_cached("INSERT INTO plain VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)")?
                    .execute(params![
                        1_800_000_000_000_i64,
                        "northwind",
                        "agent",
                        ID,
                        ID,
                        "203.0.113.7",
                        "view_answers",
                        "invitation",
                        ID,
                        "done"
                    ])
                    .map(|_| ())
            })?;
            let chained = timed(&connection, rounds, batch, |db| append(db, &body).map(|_| ()))?;
            println!("{batch:>4} entries a commit: plain {plain:>9.0}/s, chained {chained:>9.0}/s");
        }
    }
    Ok(())
}

/// Entries a second.
fn timed(
    connection: &Connection,
    rounds: u32,
    batch: u32,
    mut add: impl FnMut(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<f64> {
    let start = Instant::now();
    for _ in 0..rounds {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..batch {
            add(connection)?;
        }
        connection.execute_batch("COMMIT")?;
    }
    Ok(f64::from(rounds * batch) / start.elapsed().as_secs_f64())
}
