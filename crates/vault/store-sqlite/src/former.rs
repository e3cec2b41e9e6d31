//! Carries the log of before the chain over into it, in its order, and drops it; all in one transaction, at the first opening.

use std::collections::BTreeMap;

use aside_chain::{Body, Who};
use rusqlite::{Connection, Row};

use crate::rows;

/// Rows of both tables by time; what was counted in a minute stands at its beginning.
const FORMER: &str = "
    SELECT at, caller_kind, caller_name, address, act, site, session, conversation, invitation, submission, view, detail,
           outcome, agent, NULL AS count, sequence
    FROM audit_before_chain
    UNION ALL
    SELECT minute * 60000, 'unknown', '', prefix, kind, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'refused', NULL, count, 0
    FROM refusals_before_chain
    ORDER BY 1, sequence";

pub(crate) fn carry_over(connection: &mut Connection) -> rusqlite::Result<()> {
    aside_chain_sqlite::carry_over(connection, FORMER, body)
}

fn body(row: &Row<'_>) -> rusqlite::Result<Body> {
    let kept = |column| Ok::<_, rusqlite::Error>(Some(row.get::<_, String>(column)?).filter(|text| !text.is_empty()));
    let id = |column| Ok::<_, rusqlite::Error>(rows::uuid_or_none(row, column)?.map(|id| id.to_string()));
    let mut on = BTreeMap::new();
    for (kind, column) in [("conversation", 7), ("invitation", 8), ("submission", 9), ("view", 10), ("agent", 13)] {
        if let Some(id) = id(column)? {
            on.insert(kind.to_owned(), id);
        }
    }
    let count: Option<i64> = row.get(14)?;
    let (act, outcome): (String, String) = (row.get(4)?, row.get(12)?);
    let (act, reason) = match (count, act.split_once(':')) {
        (Some(_), Some((act, reason))) => (act.to_owned(), Some(reason.to_owned())),
        (Some(_), None) => (act, None),
        (None, _) => (act, Some(outcome.clone()).filter(|outcome| outcome != "done")),
    };
    Ok(Body {
        at: rows::time(row, 0)?,
        site: row.get(5)?,
        who: Who { kind: row.get(1)?, id: kept(2)? },
        session: id(6)?,
        from: kept(3)?,
        act,
        on,
        result: if outcome == "done" { outcome } else { "refused".to_owned() },
        reason,
        count: count.map(|count| count.try_into().unwrap_or(0)),
        detail: row.get(11)?,
    })
}

#[cfg(test)]
mod tests {
    use aside_chain_sqlite::{TABLES, page, prove};
    use refinery::Target;

    use super::*;
    use crate::{audit, schema};

    #[test]
    fn the_migration_makes_the_tables_of_the_chain_word_for_word() {
        assert!(include_str!("../migrations/V3__audit_chain.sql").ends_with(TABLES));
    }

    #[test]
    fn rows_of_before_the_chain_stand_in_it_in_their_order_and_are_proved() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrations::runner().set_target(Target::Version(2)).run(&mut connection).unwrap();
        connection
            .execute_batch(
                "INSERT INTO audit (at, caller_kind, caller_name, address, act, site, session, outcome, detail)
                 VALUES (60001, 'desk', 'desk.example', '192.0.2.1', 'granted', 'northwind',
                         x'00000000000070008000000000000001', 'other_session', 'd'),
                        (180000, 'vault', '', '', 'purged', NULL, NULL, 'done', '3 keys, 0 events');
                 INSERT INTO counted_refusals VALUES (2, 'open:used', '192.0.2.0/24', 565)",
            )
            .unwrap();
        schema::migrate(&mut connection).unwrap();
        carry_over(&mut connection).unwrap();
        carry_over(&mut connection).unwrap();
        let bodies: Vec<String> = page(&connection, 0, 10).unwrap().into_iter().map(|stored| stored.body).collect();
        assert_eq!(
            bodies,
            [
                r#"{"at":60001,"site":"northwind","who":{"kind":"desk","id":"desk.example"},"session":"00000000-0000-7000-8000-000000000001","from":"192.0.2.1","act":"granted","result":"refused","reason":"other_session","detail":"d"}"#,
                r#"{"at":120000,"who":{"kind":"unknown"},"from":"192.0.2.0/24","act":"open","result":"refused","reason":"used","count":565}"#,
                r#"{"at":180000,"who":{"kind":"vault"},"act":"purged","result":"done","detail":"3 keys, 0 events"}"#,
            ]
        );
        assert_eq!(prove(&connection, &[], None).unwrap().entries, 3);
        let rows = audit::read(&connection, 0, 10).unwrap();
        assert_eq!(
            (rows[0].outcome.as_str(), rows[1].count, rows[2].outcome.as_str()),
            ("other_session", Some(565), "done")
        );
        let left: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%before_chain'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(left, 0);
    }
}
