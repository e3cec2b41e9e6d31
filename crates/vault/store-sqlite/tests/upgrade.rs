//! A database of an earlier schema: what stood in it is there after the upgrade, and may do no more than before.
#![expect(clippy::expect_used, reason = "tests may panic")]

use std::path::Path;
use std::sync::Arc;

use aside_base::{AgentId, InvitationId, KeyHash, SeededRng, Timestamp};
use aside_vault_domain::{Caller, CallerKind, Lease, NoRight, Occasion, Refusal};
use aside_vault_store::{AddFactor, Error, Reveal, Store};
use aside_vault_store_sqlite::SqliteStore;
use aside_wire::{Channel, Clocks, Invite, Status};
use refinery::Target;
use rusqlite::{Connection, params};
use uuid::Uuid;

mod schema {
    refinery::embed_migrations!("migrations");
}

const NOW: Timestamp = Timestamp(1_795_348_800_000);
const VIEWER: KeyHash = KeyHash([9; 32]);

fn id(byte: u8) -> [u8; 16] {
    [byte; 16]
}

/// A vault as the first schema kept it: a living session with its viewer, an ended one, a form in each state, an open view.
fn first_schema(path: &Path) -> aside_form::Published {
    let mut connection = Connection::open(path).expect("opened");
    schema::migrations::runner()
        .set_target(Target::Version(1))
        .set_grouped(true)
        .run(&mut connection)
        .expect("migrated");
    let form = aside_form::out_of_the_box().expect("forms").remove(0);
    let (site, sent_at) = ("northwind", NOW.0 - 600_000);
    connection.execute("INSERT INTO house VALUES (1, ?1, ?2)", params![id(1), id(2)]).expect("a house");
    connection
        .execute(
            "INSERT INTO sites (site, profile) VALUES (?1, ?2)",
            params![site, r#"{"brand":"Northwind","origins":[],"privacy_url":null,"contact_url":null}"#],
        )
        .expect("a site");
    connection
        .execute(
            "INSERT INTO definitions VALUES (?1, ?2, ?3, ?4)",
            params![site, form.hash().as_str(), form.json(), sent_at],
        )
        .expect("a form");
    let session = "INSERT INTO sessions (id, site, agent, agent_name, viewer, started_at, ended_at) VALUES (?, ?, ?, 'Dana', ?, ?, ?)";
    connection.execute(session, params![id(10), site, id(20), VIEWER.0, sent_at, None::<i64>]).expect("a session");
    connection.execute(session, params![id(11), site, id(21), [8_u8; 32], sent_at, sent_at]).expect("an ended one");
    for (invitation, state, submission) in [(30, "sent", None), (31, "submitted", Some(id(41)))] {
        connection
            .execute(
                "INSERT INTO invitations (id, site, conversation, session, agent_name, definition, channel, invitation_life,
                     open_limit, submit_limit, locale, reference, state, since, life_ends_at, deadline, submission, asked, right_lost)
                 VALUES (?1, ?2, ?3, ?4, 'Dana', ?5, 'web', 86400, 300, 1800, 'en', '7F3K', ?6, ?7, ?8, ?8, ?9, 0, 0)",
                params![id(invitation), site, id(3), id(10), form.hash().as_str(), state, sent_at, sent_at + 86_400_000, submission],
            )
            .expect("an invitation");
    }
    connection
        .execute(
            "INSERT INTO submissions VALUES (?1, ?2, ?3, 1, ?4, ?5)",
            params![id(41), site, id(31), [7_u8; 60], sent_at],
        )
        .expect("answers");
    connection
        .execute("INSERT INTO answers VALUES (?1, 0, 'tok_1', 'number', ?2)", params![id(41), [9_u8; 44]])
        .expect("an answer");
    connection
        .execute(
            "INSERT INTO views VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
            params![id(50), id(31), id(41), id(10), sent_at],
        )
        .expect("a view");
    connection
        .execute(
            "INSERT INTO audit (at, caller_kind, caller_name, address, act, site, outcome)
             VALUES (?1, 'desk', 'desk', '192.0.2.1', 'site_set', ?2, 'done')",
            params![sent_at, site],
        )
        .expect("an audit row");
    form
}

fn occasion(kind: CallerKind) -> Occasion {
    Occasion { now: NOW, caller: Caller { kind, name: String::new(), address: "192.0.2.1".into() } }
}

#[tokio::test]
async fn what_stood_in_the_first_schema_is_there_and_needs_a_factor_now() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("vault.sqlite");
    let form = first_schema(&path);
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path, &SeededRng::new(1)).expect("upgraded"));
    let site: aside_base::SiteId = "northwind".parse().expect("a site");
    let status = |byte| {
        let invitation = InvitationId::from_uuid(Uuid::from_bytes(id(byte)));
        store.status(site.clone(), invitation, NOW)
    };
    assert_eq!(status(30).await.expect("there").status, Status::Sent);
    assert_eq!(status(31).await.expect("there").status, Status::Submitted);
    let session = store.session_of_viewer(VIEWER).await.expect("read").expect("there");
    assert!(session.rights.secure_forms && session.rights.card_numbers);
    assert!(!session.rights.history && !session.rights.copy && !session.rights.export, "nobody had these");
    assert_eq!((session.locked_at, session.confirmed), (None, None));
    let ended = store.session_of_viewer(KeyHash([8; 32])).await.expect("read").expect("there");
    assert!(ended.ended_at.is_some() && !ended.rights.secure_forms);
    assert_eq!(store.audit(0, 10).await.expect("read").len(), 1);

    // The form that was sent before there were factors is no newer factor's.
    let reveal = || Reveal {
        view: "32323232-3232-3232-3232-323232323232".parse().expect("an id"),
        viewer: VIEWER,
        lease: Lease::Alive,
        question: "number".into(),
    };
    let revealed = |answer: aside_vault_store::Result<_>| match answer {
        Err(Error::Refused(refusal)) => refusal,
        Err(error) => panic!("{error}"),
        Ok(aside_vault_store::RevealedAnswer { .. }) => panic!("revealed"),
    };
    let viewer = occasion(CallerKind::Viewer);
    assert_eq!(revealed(store.reveal(viewer.clone(), reveal()).await), Refusal::Confirm);
    let invite = Invite {
        invitation: InvitationId::from_uuid(Uuid::from_bytes(id(32))),
        conversation: aside_base::ConversationId::from_uuid(Uuid::from_bytes(id(3))),
        session: session.id,
        agent_name: "Dana".into(),
        definition: form.hash().clone(),
        channel: Channel::Web,
        clocks: Clocks::default(),
        locale: "en".into(),
        reopen: aside_wire::Reopen::SameDevice,
    };
    let reference = aside_vault_domain::Reference::generate(&SeededRng::new(4));
    let send = || store.invite(occasion(CallerKind::Desk), site.clone(), invite.clone(), reference.clone(), None);
    assert!(matches!(send().await, Err(Error::Refused(Refusal::NoFactor))));
    let factor = aside_vault_domain::NewFactor::Passkey {
        id: vec![1; 16],
        public_key: vec![2; 77],
        counter: 0,
        backup_eligible: false,
        name: "Laptop".into(),
    };
    let add = AddFactor { viewer: VIEWER, lease: Lease::Alive, factor };
    store.add_factor(viewer.clone(), add).await.expect("set up");
    assert_eq!(revealed(store.reveal(viewer.clone(), reveal()).await), Refusal::FactorTooNew);
    send().await.expect("sent");
    let agent = AgentId::from_uuid(Uuid::from_bytes(id(20)));
    let none = aside_wire::AgentRights::default();
    let ended = store.set_rights(occasion(CallerKind::Desk), site.clone(), agent, none).await.expect("taken");
    assert_eq!((ended.views.len(), ended.cancelled.len(), ended.submissions.len()), (1, 2, 1));
    assert_eq!(revealed(store.reveal(viewer, reveal()).await), Refusal::NoRight(NoRight::SecureForms));
}

#[test]
fn answers_of_before_there_were_parts_keep_their_key_as_part_0_for_thirteen_months() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("vault.sqlite");
    first_schema(&path);
    drop(SqliteStore::open(&path, &SeededRng::new(1)).expect("upgraded"));
    let connection = Connection::open(&path).expect("opened");
    let key = connection.query_row(
        "SELECT submission, part, site, site_key_version, born_version, sealed, erase_at, at_close FROM data_keys",
        [],
        |row| {
            let key: ([u8; 16], u8, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let sealed: (u32, u32, Vec<u8>) = (row.get(3)?, row.get(4)?, row.get(5)?);
            Ok((key, sealed, (row.get::<_, i64>(6)?, row.get::<_, bool>(7)?)))
        },
    );
    let erase_at = NOW.0 - 600_000 + 395 * 86_400_000;
    let kept = ((id(41), 0, "northwind".to_owned()), (1, 1, vec![7; 60]), (erase_at, false));
    assert_eq!(key.expect("the one key"), kept);
    let parts: Vec<(u8, Option<Vec<u8>>, Option<i64>)> = connection
        .prepare("SELECT part, sealed, erased_at FROM answers")
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect())
        .expect("answers");
    assert_eq!(parts, [(0, Some(vec![9; 44]), None)]);
}
