//! Carries the log of before the chain over into it, in its order, and drops it; all in one transaction, at the first opening.

use std::collections::BTreeMap;

use aside_chain::{Body, Who};
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::audit::{of_counted, on};
use crate::row::moment;

/// Rows of both tables by time; what was counted in a minute stands at its beginning.
const FORMER: &str = "
    SELECT at, site, actor_kind, actor, session, address, action, target_kind, target, outcome, reason, NULL, number
    FROM audit_before_chain
    UNION ALL
    SELECT minute * 60000, NULL, 'unknown', account, NULL, network, kind, '', NULL, 'refused', NULL, count, 0
    FROM refusals_before_chain
    ORDER BY 1, 13";

pub(crate) fn carry_over(connection: &mut Connection) -> rusqlite::Result<()> {
    aside_chain_sqlite::carry_over(connection, FORMER, body)
}

fn body(row: &Row<'_>) -> rusqlite::Result<Body> {
    let id = |column| {
        let bytes: Option<Vec<u8>> = row.get(column)?;
        Ok::<_, rusqlite::Error>(bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok()).map(|id| id.to_string()))
    };
    let (at, act): (_, String) = (moment(row, 0)?, row.get(6)?);
    let from: Option<String> = row.get(5)?;
    if let Some(count) = row.get::<_, Option<i64>>(11)? {
        let network = from.filter(|network| !network.is_empty());
        return Ok(of_counted(at, &act, network, id(3)?, count.try_into().unwrap_or(0)));
    }
    let kind: String = row.get(7)?;
    Ok(Body {
        at,
        site: row.get(1)?,
        who: Who { kind: row.get(2)?, id: id(3)? },
        session: id(4)?,
        from,
        act,
        on: if kind.is_empty() { BTreeMap::new() } else { on(&kind, id(8)?) },
        result: row.get(9)?,
        reason: row.get(10)?,
        count: None,
        detail: None,
    })
}

#[cfg(test)]
mod tests {
    use aside_chain_sqlite::{TABLES, page, prove};
    use refinery::Target;

    use super::*;
    use crate::schema;

    #[test]
    fn the_migration_makes_the_tables_of_the_chain_word_for_word() {
        assert!(include_str!("../migrations/V3__audit_chain.sql").ends_with(TABLES));
    }

    #[test]
    fn rows_of_before_the_chain_stand_in_it_in_their_order_and_are_proved() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::runner().set_target(Target::Version(2)).run(&mut connection).unwrap();
        connection
            .execute_batch(
                "INSERT INTO audit (at, site, actor_kind, actor, session, address, action, target_kind, target, outcome, reason)
                 VALUES (60001, 'northwind', 'agent', x'00000000000070008000000000000001',
                         x'00000000000070008000000000000002', '203.0.113.7', 'view_answers', 'invitation',
                         x'00000000000070008000000000000003', 'refused', 'other_agent'),
                        (180000, 'northwind', 'operator', NULL, NULL, NULL, 'create_site', 'site', NULL, 'done', NULL);
                 INSERT INTO refusals (minute, kind, network, account, count) VALUES (2, 'login', '', x'', 7)",
            )
            .unwrap();
        schema::runner().run(&mut connection).unwrap();
        carry_over(&mut connection).unwrap();
        carry_over(&mut connection).unwrap();
        let bodies: Vec<String> = page(&connection, 0, 10).unwrap().into_iter().map(|stored| stored.body).collect();
        assert_eq!(
            bodies,
            [
                r#"{"at":60001,"site":"northwind","who":{"kind":"agent","id":"00000000-0000-7000-8000-000000000001"},"session":"00000000-0000-7000-8000-000000000002","from":"203.0.113.7","act":"view_answers","on":{"invitation":"00000000-0000-7000-8000-000000000003"},"result":"refused","reason":"other_agent"}"#,
                r#"{"at":120000,"who":{"kind":"unknown"},"act":"login","result":"refused","count":7}"#,
                r#"{"at":180000,"site":"northwind","who":{"kind":"operator"},"act":"create_site","on":{"site":""},"result":"done"}"#,
            ]
        );
        assert_eq!(prove(&connection, &[], None).unwrap().entries, 3);
    }
}
