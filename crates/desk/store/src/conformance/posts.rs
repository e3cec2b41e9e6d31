//! Posting and closing.

use std::collections::HashSet;

use aside_desk_domain::{ActRefusal, ConversationStatus, EntryKind, Errand};
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::VerbError;

fn refused<T: std::fmt::Debug>(outcome: Result<T, VerbError<ActRefusal>>) -> ActRefusal {
    match outcome {
        Err(VerbError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// A client that sends the same message again and again, all at once, has written once.
pub async fn sixty_four_racers_with_one_message_make_one_entry(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let visitor = scene.visitor().await;
    let post = scene.visitor_post(&visitor, "Hello");
    let racers = (0..64).map(|_| {
        let mut post = post.clone();
        post.fresh = scene.conversation();
        scene.store.post_visitor_message(post)
    });
    let posted: Vec<_> = join_all(racers).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(posted.iter().filter(|posted| !posted.repeat).count(), 1);
    assert_eq!(posted.iter().filter(|posted| posted.started).count(), 1);
    assert_eq!(posted.iter().map(|posted| posted.entry.sequence).collect::<HashSet<_>>().len(), 1);
    assert_eq!(scene.log().await, vec![posted[0].entry.clone()]);

    let dana = scene.agent("dana").await;
    let post = scene.agent_post(&dana, posted[0].entry.conversation, "Hi");
    let racers = (0..64).map(|_| scene.store.post_agent_message(post.clone()));
    let posted: Vec<_> = join_all(racers).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(posted.iter().filter(|posted| !posted.repeat).count(), 1);
    let log = scene.log().await;
    assert_eq!(log.len(), 3, "hello, joined, hi: {log:?}");
    assert!(matches!(&log[1].kind, EntryKind::Joined { agent } if agent.id == dana.id));
}

/// One open conversation at a time; a closed one stays closed.
pub async fn a_visitor_writes_into_its_open_conversation_and_into_a_new_one_after_the_close(
    backend: &mut impl Backend,
) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    assert_eq!(store.visitor_conversation(&scene.site, visitor.id).await.unwrap(), None);
    let first = scene.says(&visitor, "Hello").await;
    let second = scene.says(&visitor, "Anybody?").await;
    assert!(first.started && !second.started);
    assert_eq!(first.entry.conversation, second.entry.conversation);
    assert!(first.entry.sequence < second.entry.sequence);

    scene.wait(1);
    store.close_conversation(scene.close(&session, first.entry.conversation)).await.unwrap().unwrap();
    let closed = store.visitor_conversation(&scene.site, visitor.id).await.unwrap().unwrap();
    assert_eq!((closed.id, closed.status), (first.entry.conversation, ConversationStatus::Closed));

    scene.wait(1);
    let third = scene.says(&visitor, "One more thing").await;
    assert!(third.started);
    assert_ne!(third.entry.conversation, first.entry.conversation);
    let open = store.visitor_conversation(&scene.site, visitor.id).await.unwrap().unwrap();
    assert_eq!((open.id, open.status), (third.entry.conversation, ConversationStatus::Open));
}

/// A phone that lost the reply and tries again after the close starts nothing new.
pub async fn a_repeat_after_the_close_finds_the_old_message(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let post = scene.visitor_post(&visitor, "Hello");
    let first = scene.store.post_visitor_message(post.clone()).await.unwrap();
    let answer = scene.agent_post(&dana, first.entry.conversation, "Bye");
    let answered = scene.store.post_agent_message(answer.clone()).await.unwrap();
    scene.store.close_conversation(scene.close(&session, first.entry.conversation)).await.unwrap();

    let mut again = post;
    again.fresh = scene.conversation();
    let again = scene.store.post_visitor_message(again).await.unwrap();
    assert!(again.repeat && !again.started);
    assert_eq!(again.entry, first.entry);
    let again = scene.store.post_agent_message(answer).await.unwrap();
    assert!(again.repeat);
    assert_eq!(again.entry, answered.entry);
}

/// Nobody learns of a message by guessing its id, and nobody's message is lost to it.
pub async fn an_id_of_somebody_elses_message_is_refused(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let south = Scene::on(backend, "southwind", 2).await;
    let (dana, sam) = (scene.agent("dana").await, scene.agent("sam").await);
    let (visitor, stranger, southerner) = (scene.visitor().await, scene.visitor().await, south.visitor().await);
    let first = scene.says(&visitor, "Hello").await.entry;
    let EntryKind::Message { id, .. } = first.kind else { panic!("a message") };

    for (scene, who) in [(&scene, &stranger), (&south, &southerner)] {
        let mut post = scene.visitor_post(who, "Hello");
        post.message = id;
        assert_eq!(refused(scene.store.post_visitor_message(post).await), ActRefusal::IdTaken);
        let none = scene.store.visitor_conversation(&scene.site, who.id).await.unwrap();
        assert_eq!(none, None, "the refusal leaves no empty conversation");
    }
    let mut post = scene.agent_post(&dana, first.conversation, "Hi");
    post.message = id;
    assert_eq!(refused(scene.store.post_agent_message(post).await), ActRefusal::IdTaken);
    assert_eq!(scene.log().await.len(), 1, "the refusal lets nobody join");

    let post = scene.agent_post(&dana, first.conversation, "Hi");
    scene.store.post_agent_message(post.clone()).await.unwrap();
    let mut stolen = post;
    stolen.agent = sam.id;
    assert_eq!(refused(scene.store.post_agent_message(stolen).await), ActRefusal::IdTaken);
}

/// The first act owns; both are there.
pub async fn two_agents_who_act_at_once_leave_one_owner(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, sam) = (scene.agent("dana").await, scene.agent("sam").await);
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let racers = (0..32).map(|turn| {
        let agent = if turn % 2 == 0 { &dana } else { &sam };
        scene.store.post_agent_message(scene.agent_post(agent, conversation, "Hi"))
    });
    let posted: Vec<_> = join_all(racers).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(posted.len(), 32);
    let log = scene.log().await;
    let joined: Vec<_> = log
        .iter()
        .filter_map(|entry| match &entry.kind {
            EntryKind::Joined { agent } => Some(agent.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(joined.len(), 2);
    let owner = scene.store.conversation(&scene.site, conversation).await.unwrap().unwrap().owner;
    assert_eq!(owner.as_ref(), joined.first(), "whoever came first owns");
}

/// Both sides are refused; only the visitor starts anew.
pub async fn nothing_is_written_into_a_closed_conversation(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.store.close_conversation(scene.close(&session, conversation)).await.unwrap();
    let before = scene.log().await;
    let post = scene.agent_post(&dana, conversation, "Too late");
    assert_eq!(refused(scene.store.post_agent_message(post).await), ActRefusal::Closed);
    assert_eq!(scene.log().await, before);
}

/// A site's ids mean nothing on another.
pub async fn nothing_is_written_across_sites(backend: &mut impl Backend) {
    let north = Scene::set(backend).await;
    let south = Scene::on(backend, "southwind", 2).await;
    let (dana, sol) = (north.agent("dana").await, south.agent("sol").await);
    let (session, _) = south.login(&sol).await;
    let visitor = north.visitor().await;
    let conversation = north.says(&visitor, "Hello").await.entry.conversation;

    let mut post = north.visitor_post(&visitor, "Hello");
    post.site = south.site.clone();
    assert_eq!(refused(north.store.post_visitor_message(post).await), ActRefusal::NotFound);
    let post = south.agent_post(&sol, conversation, "Hi");
    assert_eq!(refused(north.store.post_agent_message(post).await), ActRefusal::NotFound);
    let post = north.agent_post(&sol, conversation, "Hi");
    assert_eq!(refused(north.store.post_agent_message(post).await), ActRefusal::NotFound);
    assert_eq!(
        refused(south.store.close_conversation(south.close(&session, conversation)).await),
        ActRefusal::NotFound
    );
    let read = south.store.mark_read(&south.site, sol.id, conversation, aside_desk_domain::Sequence(1)).await;
    assert_eq!(refused(read), ActRefusal::NotFound);
    let read = north.store.mark_read(&north.site, sol.id, conversation, aside_desk_domain::Sequence(1)).await;
    assert_eq!(refused(read), ActRefusal::NotFound);
    assert_eq!(north.log().await.len(), 1);
    north.answers(&dana, conversation, "Hi").await;
}

/// One close, one entry, one errand.
pub async fn a_conversation_closes_once_whoever_races(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let racers = (0..16).map(|_| scene.store.close_conversation(scene.close(&session, conversation)));
    let closed: Vec<_> = join_all(racers).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(closed.len(), 1);
    assert_eq!(scene.log().await[1..], closed[..]);
    assert_eq!(scene.owed().await, vec![Errand::CloseConversation(conversation)]);
}
