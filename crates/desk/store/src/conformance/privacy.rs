//! Finding a visitor, and erasing what is kept of one.

use aside_base::{ConversationId, KeyHash};
use aside_desk_domain::{ActRefusal, ConversationStatus, EntryKind, EraseRefusal, Errand, KeptState, Subject, Visitor};
use futures_util::future::join_all;

use super::scene::EPOCH;
use super::{Backend, Scene};
use crate::{Erasure, VerbError};

/// A visitor with a name and a conversation that is over and one that goes on.
async fn known(scene: &Scene) -> (Visitor, KeyHash, [ConversationId; 2]) {
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = Visitor { name: Some("Alex Example".into()), ..scene.new_visitor() };
    let cookie = scene.key();
    scene.store.create_visitor(visitor.clone(), cookie).await.unwrap();
    let over = scene.says(&visitor, "My first secret").await.entry.conversation;
    scene.sends(&dana, &session, over).await;
    scene.answers(&dana, over, "We know it now, Alex").await;
    scene.store.close_conversation(scene.close(&session, over)).await.unwrap();
    scene.wait(5);
    let open = scene.says(&visitor, "My second secret").await.entry.conversation;
    (visitor, cookie, [over, open])
}

async fn erases(scene: &Scene, subject: Subject) -> Erasure {
    let typed = subject.reference().to_string();
    scene.store.erase(&scene.site, subject, &typed, scene.by(None)).await.unwrap()
}

async fn texts(scene: &Scene) -> Vec<String> {
    let log = scene.log().await;
    log.into_iter()
        .filter_map(|entry| match entry.kind {
            EntryKind::Message { text, .. } => Some(text),
            _ => None,
        })
        .collect()
}

/// By reference, id or name, and by a conversation's; never on another site.
pub async fn a_visitor_is_found_by_what_people_know(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (visitor, _, [over, open]) = known(&scene).await;
    let other = scene.visitor().await;
    scene.says(&other, "Somebody else").await;
    let elsewhere = Scene::on(backend, "southwind", 2).await;
    for text in [
        Subject::Visitor(visitor.id).reference().to_string(),
        visitor.id.to_string(),
        Subject::Conversation(over).reference().to_string().to_lowercase(),
        open.to_string(),
        "alex".to_owned(),
        "x Exam".to_owned(),
    ] {
        let found = scene.store.find_visitors(&scene.site, &text, 10).await.unwrap();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(
            (found[0].visitor, found[0].name.as_deref(), found[0].conversations),
            (visitor.id, Some("Alex Example"), 2)
        );
        assert_eq!((found[0].state, found[0].last_at), (KeptState::Kept, scene.now()));
        assert!(elsewhere.store.find_visitors(&elsewhere.site, &text, 10).await.unwrap().is_empty(), "{text}");
    }
    assert!(scene.store.find_visitors(&scene.site, "nobody", 10).await.unwrap().is_empty());
    let (_, conversations) = scene.store.found_visitor(&scene.site, visitor.id).await.unwrap().unwrap();
    let told: Vec<_> = conversations.iter().map(|found| (found.conversation, found.forms, found.status)).collect();
    assert_eq!(told, [(open, 0, ConversationStatus::Open), (over, 1, ConversationStatus::Closed)]);
    assert!(elsewhere.store.found_visitor(&elsewhere.site, visitor.id).await.unwrap().is_none());
    assert!(elsewhere.store.found_conversation(&elsewhere.site, over).await.unwrap().is_none());
}

/// Texts, name and cookie are gone; who wrote when, and that forms were sent, stays.
pub async fn an_erased_visitor_leaves_no_text_no_name_and_no_way_back(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (visitor, cookie, [over, open]) = known(&scene).await;
    let other = scene.visitor().await;
    scene.says(&other, "Somebody else's").await;
    let before = scene.log().await.len();
    let erasure = erases(&scene, Subject::Visitor(visitor.id)).await;
    assert_eq!((erasure.visitor, erasure.conversations.len(), erasure.entries.len()), (Some(visitor.id), 2, 1));
    assert_eq!(texts(&scene).await, ["", "", "", "Somebody else's"]);
    assert_eq!(scene.log().await.len(), before + 1, "the close of what went on");
    assert!(scene.store.visitor_by_cookie(cookie).await.unwrap().is_none());
    assert!(!scene.store.has_visitor(&scene.site, visitor.id).await.unwrap());
    assert!(scene.store.has_visitor(&scene.site, other.id).await.unwrap());
    let elsewhere = Scene::on(backend, "southwind", 2).await;
    assert!(!elsewhere.store.has_visitor(&elsewhere.site, other.id).await.unwrap());
    let (found, conversations) = scene.store.found_visitor(&scene.site, visitor.id).await.unwrap().unwrap();
    assert_eq!((found.name, found.state), (None, KeptState::Erasing));
    assert!(conversations.iter().all(|found| found.status == ConversationStatus::Closed));
    assert!(scene.store.find_visitors(&scene.site, "alex", 10).await.unwrap().is_empty());
    let list = scene.store.conversations(&scene.site, other_agent(&scene).await, scene.now(), 10).await.unwrap();
    let erased: Vec<_> = list.iter().filter(|line| line.conversation.erased_at.is_some()).collect();
    assert!(!erased.is_empty() && erased.iter().all(|line| line.last_text.is_empty() && line.visitor_name.is_none()));
    // A request that was under way with the cookie starts nothing anew.
    let late = scene.store.post_visitor_message(scene.visitor_post(&visitor, "Too late")).await;
    assert!(matches!(late, Err(VerbError::Refused(ActRefusal::NotFound))), "{late:?}");

    // Once the vault has said it of each.
    let mut owed = Vec::new();
    while let Some(errand) = scene.store.due_errands(scene.now(), 1).await.unwrap().pop() {
        scene.store.errand_done(errand.id, scene.now()).await.unwrap();
        owed.push(errand.errand);
    }
    for conversation in [over, open] {
        let place = |wanted: Errand| owed.iter().position(|errand| *errand == wanted).unwrap();
        assert!(place(Errand::CloseConversation(conversation)) < place(Errand::EraseConversation(conversation)));
    }
    let (found, _) = scene.store.found_visitor(&scene.site, visitor.id).await.unwrap().unwrap();
    assert_eq!(found.state, KeptState::Erased);
    scene.store.finish_erasing().await.unwrap();
    // Again: nothing is left to do, and nothing more is owed or audited.
    let rows = scene.store.audit_lines(0, 1_000).await.unwrap().len();
    assert_eq!(erases(&scene, Subject::Visitor(visitor.id)).await, Erasure::default());
    assert!(scene.owed().await.is_empty());
    assert_eq!(scene.store.audit_lines(0, 1_000).await.unwrap().len(), rows);
}

async fn other_agent(scene: &Scene) -> aside_base::AgentId {
    scene.agent("kim").await.id
}

/// One conversation alone: the visitor stays, and so does the other conversation.
pub async fn one_conversation_is_erased_alone(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (visitor, cookie, [over, _]) = known(&scene).await;
    let racers = (0..8).map(|_| erases(&scene, Subject::Conversation(over)));
    let erased: usize = join_all(racers).await.iter().map(|erasure| erasure.conversations.len()).sum();
    assert_eq!(erased, 1, "whoever races");
    assert_eq!(texts(&scene).await, ["", "", "My second secret"]);
    assert!(scene.store.visitor_by_cookie(cookie).await.unwrap().is_some());
    let (found, _) = scene.store.found_visitor(&scene.site, visitor.id).await.unwrap().unwrap();
    assert_eq!((found.name.as_deref(), found.state), (Some("Alex Example"), KeptState::Kept));
    let one = scene.store.found_conversation(&scene.site, over).await.unwrap().unwrap();
    assert_eq!(one.state, KeptState::Erasing);
    let rows: Vec<_> = scene.store.audit_lines(0, 1_000).await.unwrap();
    let erased: Vec<_> = rows.iter().filter(|row| row.action == "erase_data").collect();
    assert_eq!(erased.len(), 1);
    assert_eq!(erased[0].target, ("conversation".into(), Some(over.to_string())));
}

/// What is not named, or not of this site, stays.
pub async fn nothing_is_erased_that_was_not_named(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (visitor, _, [over, open]) = known(&scene).await;
    let elsewhere = Scene::on(backend, "southwind", 2).await;
    let (log, rows) = (scene.log().await, scene.store.audit_lines(0, 1_000).await.unwrap().len());
    let refused = async |scene: &Scene, subject, typed: &str| match scene
        .store
        .erase(&scene.site, subject, typed, scene.by(None))
        .await
    {
        Err(VerbError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    };
    let whole = Subject::Visitor(visitor.id);
    for typed in ["", "erase", &Subject::Conversation(open).reference().to_string(), &visitor.id.to_string()] {
        assert_eq!(refused(&scene, whole, typed).await, EraseRefusal::NotConfirmed);
        assert_eq!(refused(&scene, Subject::Conversation(over), typed).await, EraseRefusal::NotConfirmed);
    }
    for subject in [whole, Subject::Conversation(over)] {
        assert_eq!(refused(&elsewhere, subject, &subject.reference().to_string()).await, EraseRefusal::NotFound);
    }
    assert_eq!((scene.log().await, scene.store.audit_lines(0, 1_000).await.unwrap().len()), (log, rows));
}

/// A vault that was restored has what was erased again, and rights that were lost: it is told everything anew.
pub async fn another_vault_is_told_everything_anew(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    scene.follows().await;
    let (_, _, [over, open]) = known(&scene).await;
    erases(&scene, Subject::Conversation(over)).await;
    let found = scene.store.credentials(Some(&scene.site), &"dana".parse().unwrap()).await.unwrap();
    let (dana, kim) = (found.unwrap().agent, scene.agent("kim").await);
    let (session, _) = scene.login(&dana).await;
    scene.answers(&dana, open, "Hello again").await;
    let sent = scene.sends(&dana, &session, open).await.id();
    let transfer = crate::Transfer { site: scene.site.clone(), conversation: open, to: kim.id, by: scene.by(None) };
    scene.store.transfer(transfer).await.unwrap();
    while let Some(errand) = scene.store.due_errands(scene.now(), 1).await.unwrap().pop() {
        scene.store.errand_done(errand.id, scene.now()).await.unwrap();
    }
    let state = async || scene.store.found_conversation(&scene.site, over).await.unwrap().unwrap().state;
    assert_eq!(state().await, KeptState::Erased);
    scene.store.resynchronise(EPOCH, 0, vec![], scene.now()).await.unwrap();
    assert!(scene.owed().await.is_empty(), "the same vault knows it");

    scene.store.resynchronise(uuid::Uuid::from_u128(0xE2), 0, vec![], scene.now()).await.unwrap();
    assert_eq!(state().await, KeptState::Erasing, "until it has said so again");
    let mut owed = Vec::new();
    while let Some(errand) = scene.store.due_errands(scene.now(), 1).await.unwrap().pop() {
        scene.store.errand_done(errand.id, scene.now()).await.unwrap();
        owed.push(errand.errand);
    }
    let rights = aside_desk_domain::vault_rights(aside_desk_domain::Role::Agent.defaults());
    for errand in [
        Errand::PublishSite,
        Errand::SwitchForms(true),
        Errand::SetRights(dana.id, rights),
        Errand::SetRights(kim.id, rights),
        Errand::RevokeInvitation(sent, aside_wire::CancelReason::Transferred),
        Errand::EraseConversation(over),
    ] {
        assert!(owed.contains(&errand), "{errand:?} of {owed:?}");
    }
    assert_eq!((owed.len(), state().await), (6, KeptState::Erased));
}
