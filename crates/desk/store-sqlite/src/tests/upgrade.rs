//! A database from before there were roles: everything in it survives, and nobody in it gets more than they had.

use aside_base::{KeyHash, Timestamp};
use aside_desk_domain::{AccountState, Errand, Policy, Role, SessionStage};
use aside_desk_store::{Accounts, Errands, People, Security, Sessions};
use refinery::Target;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::{SqliteStore, schema};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A site, two agents, a session that lives and one that ended, an errand to the vault.
const ROWS: &str = "
    INSERT INTO sites VALUES ('northwind', 'Northwind', '[\"http://northwind.localhost:8082\"]', NULL, NULL, 86400, 600, 900, 1);
    INSERT INTO agents VALUES (x'0000000000000000000000000000000a', 'northwind', 'dana', 'Dana', '$argon2id$dana', 1700000000000);
    INSERT INTO agents VALUES (x'0000000000000000000000000000000b', 'northwind', 'eve', 'Eve', '$argon2id$eve', 1790000000000);
    INSERT INTO sessions VALUES (x'0000000000000000000000000000000c', zeroblob(32), x'0000000000000000000000000000000a', 'northwind', 1799999000000, 1800043000000, NULL, NULL);
    INSERT INTO sessions VALUES (x'0000000000000000000000000000000d', randomblob(32), x'0000000000000000000000000000000a', 'northwind', 1799990000000, 1800033000000, 1799995000000, 'logout');
    INSERT INTO errands (site, kind, subject, due_at, created_at) VALUES ('northwind', 'end_session', x'0000000000000000000000000000000d', 5, 5);
    INSERT INTO audit (at, site, actor_kind, action, target_kind, outcome) VALUES (1, 'northwind', 'operator', 'create_site', 'site', 'done');
";

#[tokio::test]
async fn a_database_from_before_roles_keeps_its_rows_and_asks_for_a_second_factor() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("desk.sqlite");
    let mut old = Connection::open(&path).unwrap();
    old.pragma_update(None, "application_id", schema::APPLICATION).unwrap();
    schema::runner().set_target(Target::Version(1)).run(&mut old).unwrap();
    old.execute_batch(ROWS).unwrap();
    drop(old);
    // Twice: what was completed is not completed again.
    drop(SqliteStore::open(&path).unwrap());
    let store = SqliteStore::open(&path).unwrap();

    let site = "northwind".parse().unwrap();
    assert_eq!(store.site(&site).await.unwrap().unwrap().brand, "Northwind");
    let security = store.security(&site).await.unwrap().unwrap();
    assert_eq!((security.policy, security.forms_stopped_since), (Policy::default(), None));
    let people = store.people(&site, NOW).await.unwrap();
    let told: Vec<_> = people
        .iter()
        .map(|person| (person.account.agent.name.as_str(), person.account.state, person.account.permissions))
        .collect();
    let rights = Role::Agent.defaults();
    assert_eq!(told, [("dana", AccountState::Active, rights), ("eve", AccountState::Active, rights)]);
    assert_eq!(people[0].account.last_seen_at, Some(Timestamp(1_799_999_000_000)));
    let found = store.credentials(Some(&site), &"dana".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(found.usable().map(|hash| hash.as_phc()), Some("$argon2id$dana"));
    assert_eq!(store.profiles(&site).await.unwrap().len(), 3);

    let live = store.session_by_token(KeyHash([0; 32]), NOW).await.unwrap().unwrap();
    assert_eq!(live.session.stage, SessionStage::SetUpFactor);
    assert!(store.live_sessions(NOW).await.unwrap().is_empty());
    let due = store.due_errands(NOW, 10).await.unwrap();
    let told: Vec<_> = due.iter().map(|pending| pending.errand).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&Errand::LockSession(live.session.id)), "{told:?}");
    assert!(told.iter().any(|errand| matches!(errand, Errand::EndSession(_))), "{told:?}");

    let spans = store.rights_spans(&site, Timestamp(0), NOW).await.unwrap();
    assert_eq!(spans.len(), 4);
    assert!(spans.iter().all(|span| span.until.is_none()));
    assert_eq!(spans[0].from, Timestamp(1_700_000_000_000));
}
