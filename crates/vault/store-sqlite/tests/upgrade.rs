//! A database of an earlier schema: what stood in it is there after the upgrade, and may do no more than before.
#![expect(clippy::expect_used, reason = "tests may panic")]

use std::path::Path;
use std::sync::Arc;

use aside_base::{AgentId, InvitationId, KeyHash, SeededRng, Timestamp};
use aside_form::Published;
use aside_vault_domain::{Caller, CallerKind, Lease, NoRight, Occasion, Refusal};
use aside_vault_store::{AddFactor, Error, OffTheRecordNotes as _, Reveal, Store};
use aside_vault_store_sqlite::SqliteStore;
use aside_wire::{Channel, Clocks, EventKind, GoneReason, Invite, Status};
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
fn first_schema(path: &Path) -> Published {
    let connection = migrated_to(path, 1);
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
    sent(&connection, &form, 30, "sent", None);
    sent(&connection, &form, 31, "submitted", Some((41, sent_at)));
    answered(&connection, 41, 0, Some([9; 44]));
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

/// An invitation in the first schema, with its submission and when that came.
fn sent(connection: &Connection, form: &Published, invitation: u8, state: &str, submitted: Option<(u8, i64)>) {
    let sent_at = NOW.0 - 600_000;
    connection
        .execute(
            "INSERT INTO invitations (id, site, conversation, session, agent_name, definition, channel, invitation_life,
                 open_limit, submit_limit, locale, reference, state, since, life_ends_at, deadline, submission, asked, right_lost)
             VALUES (?1, 'northwind', ?2, ?3, 'Dana', ?4, 'web', 86400, 300, 1800, 'en', '7F3K', ?5, ?6, ?7, ?7, ?8, 0, 0)",
            params![
                id(invitation),
                id(3),
                id(10),
                form.hash().as_str(),
                state,
                sent_at,
                sent_at + 86_400_000,
                submitted.map(|(submission, _)| id(submission)),
            ],
        )
        .expect("an invitation");
    if let Some((submission, at)) = submitted {
        connection
            .execute(
                "INSERT INTO submissions VALUES (?1, 'northwind', ?2, 1, ?3, ?4)",
                params![id(submission), id(invitation), [7_u8; 60], at],
            )
            .expect("answers");
    }
}

/// An answer in the first schema; without a sealed value it is off the record.
fn answered(connection: &Connection, submission: u8, place: u8, sealed: Option<[u8; 44]>) {
    connection
        .execute(
            "INSERT INTO answers VALUES (?1, ?2, ?3, 'number', ?4)",
            params![id(submission), place, format!("tok_{submission}_{place}"), sealed],
        )
        .expect("an answer");
}

/// Brings the database up to this schema and no further.
fn migrated_to(path: &Path, version: i32) -> Connection {
    let mut connection = Connection::open(path).expect("opened");
    schema::migrations::runner()
        .set_target(Target::Version(version))
        .set_grouped(true)
        .run(&mut connection)
        .expect("migrated");
    connection
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

/// Nobody told the desk that such answers were gone: it is told once, of those that somebody may still ask for, and of none that
/// were stored and erased.
#[tokio::test]
async fn answers_that_were_off_the_record_before_there_were_notes_of_them_are_told_to_be_gone_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("vault.sqlite");
    let form = first_schema(&path);
    let before = Connection::open(&path).expect("opened");
    // 31 has one beside its stored answer, whose time is over by now; that of 32 is not; the right to 33 is lost.
    answered(&before, 41, 1, None);
    for (invitation, submission, at) in
        [(32, 42, NOW.0 - 60_000), (33, 43, NOW.0 - 60_000), (34, 44, NOW.0 - 60_000), (35, 45, NOW.0 - 60_000)]
    {
        sent(&before, &form, invitation, "submitted", Some((submission, at)));
    }
    for submission in [42, 43] {
        answered(&before, submission, 0, None);
    }
    before.execute("UPDATE invitations SET right_lost = 1 WHERE id = ?1", [id(33)]).expect("lost");
    // All of 34 was stored, and nothing of 35 was off the record: it was erased.
    for submission in [44, 45] {
        answered(&before, submission, 0, Some([9; 44]));
    }
    drop(before);
    let before = migrated_to(&path, 6);
    before
        .execute("UPDATE answers SET sealed = NULL, erased_at = ?2 WHERE submission = ?1", params![id(45), NOW.0])
        .expect("erased");
    drop(before);

    let site: aside_base::SiteId = "northwind".parse().expect("a site");
    let vault = Occasion { now: NOW, caller: Caller::vault() };
    let mut told = Vec::new();
    for noted in [2, 0] {
        let store = SqliteStore::open(&path, &SeededRng::new(1)).expect("upgraded");
        assert_eq!(store.note_restart(vault.clone()).await.expect("noted"), noted);
        told = store.events(vec![site.clone()], 0).await.expect("events").events;
    }
    let told: Vec<_> = told.into_iter().map(|event| (event.invitation, event.kind)).collect();
    let gone = |byte, why| (InvitationId::from_uuid(Uuid::from_bytes(id(byte))), EventKind::Gone { why });
    assert_eq!(told, [gone(31, GoneReason::Time), gone(32, GoneReason::Restart)]);
}
