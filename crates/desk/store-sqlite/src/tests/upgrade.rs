//! Databases of earlier programs: everything in them survives, and nobody in them gets more than they had.

use aside_base::{ConversationId, KeyHash, Timestamp, VisitorId};
use aside_desk_domain::{AccountState, EntryKind, Errand, KeptState, Policy, Role, Sequence, SessionStage, Subject};
use aside_desk_store::{
    Accounts, Conversations, Entries, Errands, Invitations, People, Privacy, Security, Sessions, VaultStream, Visitors,
};
use aside_wire::Reopen;
use refinery::Target;
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

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

/// A visitor with a name, two conversations, a form that was answered, errands, and how far the vault's events were read.
const TALK: &str = "
    INSERT INTO sites (id, brand, origins, invitation_life, open_limit, submit_limit, created_at) VALUES ('northwind', 'Northwind', '[\"http://northwind.localhost:8082\"]', 86400, 300, 1800, 1);
    INSERT INTO agents (id, site, name, display_name, password, created_at) VALUES (x'0000000000000000000000000000000a', 'northwind', 'dana', 'Dana', '$argon2id$dana', 1);
    INSERT INTO sessions (id, token, agent, site, started_at, ends_at, ended_at) VALUES (x'0000000000000000000000000000000c', zeroblob(32), x'0000000000000000000000000000000a', 'northwind', 1, 2, 2);
    INSERT INTO visitors VALUES (x'00000000000000000000000000000001', 'northwind', x'0101010101010101010101010101010101010101010101010101010101010101', 'Alex Example of long ago', 5);
    INSERT INTO conversations VALUES (x'00000000000000000000000000000011', 'northwind', x'00000000000000000000000000000001', x'0000000000000000000000000000000a', 6, 9, 'the preview of long ago', 9, NULL, x'00000000000000000000000000000021');
    INSERT INTO conversations VALUES (x'00000000000000000000000000000012', 'northwind', x'00000000000000000000000000000001', NULL, 10, NULL, 'a second one', 10, 10, NULL);
    INSERT INTO participants VALUES (x'00000000000000000000000000000011', x'0000000000000000000000000000000a', 7);
    INSERT INTO invitations (id, site, conversation, agent, session, definition, title, channel, invitation_life, open_limit, submit_limit, locale, begun_at, status, shown, reference, expires_at, sent_at, submitted_at, submission)
        VALUES (x'00000000000000000000000000000021', 'northwind', x'00000000000000000000000000000011', x'0000000000000000000000000000000a', x'0000000000000000000000000000000c',
        '0000000000000000000000000000000000000000000000000000000000000000', 'Card payment', 'web', 86400, 300, 1800, 'en', 7, 'submitted', 2, '7F3K', 86407, 7, 8, x'00000000000000000000000000000031');
    INSERT INTO entries (at, site, conversation, kind, message, text) VALUES (6, 'northwind', x'00000000000000000000000000000011', 'message', x'00000000000000000000000000000041', 'the whole text of long ago');
    INSERT INTO entries (at, site, conversation, kind, agent, invitation) VALUES (7, 'northwind', x'00000000000000000000000000000011', 'invitation', x'0000000000000000000000000000000a', x'00000000000000000000000000000021');
    INSERT INTO entries (at, site, conversation, kind, agent) VALUES (9, 'northwind', x'00000000000000000000000000000011', 'closed', x'0000000000000000000000000000000a');
    INSERT INTO entries (at, site, conversation, kind, message, text) VALUES (10, 'northwind', x'00000000000000000000000000000012', 'message', x'00000000000000000000000000000042', 'a second one');
    INSERT INTO errands (site, kind, subject, reason, due_at, created_at) VALUES ('northwind', 'set_rights', x'0000000000000000000000000000000a', 'secure_forms card_numbers', 5, 5);
    INSERT INTO vault_cursor VALUES (1, x'000000000000000000000000000000e1', 7);
";

#[tokio::test]
async fn a_database_from_before_erasing_keeps_its_talk_and_can_be_erased_to_the_last_byte() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("desk.sqlite");
    let mut old = Connection::open(&path).unwrap();
    old.pragma_update(None, "application_id", schema::APPLICATION).unwrap();
    schema::runner().set_target(Target::Version(3)).run(&mut old).unwrap();
    old.execute_batch(TALK).unwrap();
    drop(old);
    drop(SqliteStore::open(&path).unwrap());
    let store = SqliteStore::open(&path).unwrap();

    let site = "northwind".parse().unwrap();
    let settings = store.site(&site).await.unwrap().unwrap();
    assert_eq!((settings.keeping.days, settings.reopen), (395, Reopen::SameDevice));
    let visitor = VisitorId::from_uuid(Uuid::from_u128(1));
    let [over, open] = [0x11, 0x12].map(|id| ConversationId::from_uuid(Uuid::from_u128(id)));
    let known = store.visitor_by_cookie(KeyHash([1; 32])).await.unwrap().unwrap();
    assert_eq!((known.id, known.name.as_deref()), (visitor, Some("Alex Example of long ago")));
    let dana = store.people(&site, NOW).await.unwrap()[0].account.agent.id;
    let list = store.conversations(&site, dana, Timestamp(0), 10).await.unwrap();
    let told: Vec<_> = list.iter().map(|line| (line.conversation.id, line.last_text.as_str())).collect();
    assert_eq!(told, [(open, "a second one"), (over, "the whole text of long ago")]);
    let log = store.entries_after(&site, Sequence(0), 10).await.unwrap();
    assert_eq!(log.iter().map(|entry| entry.sequence.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let EntryKind::Invitation(card) = &log[1].kind else { panic!("{:?}", log[1]) };
    let invitation = store.invitation(&site, card.id()).await.unwrap().unwrap().invitation;
    assert_eq!((invitation.draft.reopen, invitation.gone, invitation.erased), (Reopen::SameDevice, None, None));
    let due = store.due_errands(NOW, 10).await.unwrap();
    let rights = aside_desk_domain::vault_rights(Role::Agent.defaults());
    assert!(due.iter().any(|pending| pending.errand == Errand::SetRights(dana, rights)), "{due:?}");
    // The vault is told all rights anew, by being taken for another one.
    assert_eq!(store.cursor().await.unwrap().unwrap().epoch, Uuid::nil());
    let next = store.entries_after(&site, Sequence(4), 1).await.unwrap();
    assert!(next.is_empty());

    let (found, _) = store.found_visitor(&site, visitor).await.unwrap().unwrap();
    assert_eq!((found.conversations, found.state), (2, KeptState::Kept));
    let subject = Subject::Visitor(visitor);
    let by = aside_desk_domain::By::desk(NOW);
    store.erase(&site, subject, &subject.reference().to_string(), by).await.unwrap();
    store.finish_erasing().await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for text in ["of long ago", "a second one"] {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
        }
    }
}
