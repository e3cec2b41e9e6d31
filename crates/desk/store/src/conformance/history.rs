//! Conversations that are over, and what the vault tells of their answers.

use aside_base::{AgentId, SubmissionId};
use aside_desk_domain::{EntryKind, HistoryFilter, Lost, PastPage, Reference};
use aside_wire::{EraseReason, EventKind, GoneReason};
use uuid::Uuid;

use super::{Backend, Scene};

async fn page(scene: &Scene, filter: HistoryFilter) -> PastPage {
    scene.store.past_conversations(&scene.site, filter, None, 10).await.unwrap()
}

fn text(text: impl ToString) -> HistoryFilter {
    HistoryFilter { text: Some(text.to_string()), ..HistoryFilter::default() }
}

/// By the time of closing, by agent, by reference; a page goes on where the former ended; another site's are not there.
pub async fn what_is_over_is_found_by_what_people_know(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, kim) = (scene.agent("dana").await, scene.agent("kim").await);
    let (session, _) = scene.login(&dana).await;
    let mut closed = Vec::new();
    for turn in 0..5 {
        let visitor = scene.visitor().await;
        let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
        let by = if turn == 0 { &kim } else { &dana };
        scene.answers(by, conversation, &format!("Answer {turn}")).await;
        scene.wait(60);
        scene.store.close_conversation(scene.close(&session, conversation)).await.unwrap();
        closed.push((conversation, visitor.id, scene.now()));
    }
    let open = scene.says(&scene.visitor().await, "Still here").await.entry.conversation;
    let ids = |page: &PastPage| page.conversations.iter().map(|past| past.conversation.id).collect::<Vec<_>>();
    let newest_first: Vec<_> = closed.iter().rev().map(|(conversation, ..)| *conversation).collect();

    let all = page(&scene, HistoryFilter::default()).await;
    assert_eq!((ids(&all), all.next), (newest_first.clone(), None));
    assert_eq!(all.conversations[0].last_text, "Answer 4");
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let some = scene.store.past_conversations(&scene.site, HistoryFilter::default(), before, 2).await.unwrap();
        seen.extend(ids(&some));
        before = some.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, newest_first);

    let of = async |agent: AgentId| {
        ids(&page(&scene, HistoryFilter { agent: Some(agent), ..HistoryFilter::default() }).await)
    };
    assert_eq!((of(kim.id).await, of(dana.id).await.len()), (vec![closed[0].0], 4));
    let (from, until) = (Some(closed[1].2), Some(closed[3].2));
    let in_time = page(&scene, HistoryFilter { from, until, ..HistoryFilter::default() }).await;
    assert_eq!(ids(&in_time), [closed[2].0, closed[1].0]);

    for named in [
        Reference::of_conversation(closed[2].0).to_string(),
        Reference::of_visitor(closed[2].1).to_string().to_lowercase(),
        closed[2].0.to_string(),
    ] {
        assert_eq!(ids(&page(&scene, text(&named)).await), [closed[2].0], "{named}");
    }
    for nothing in [Reference::of_conversation(open).to_string(), "nobody".to_owned()] {
        assert!(ids(&page(&scene, text(&nothing)).await).is_empty(), "{nothing}");
    }
    let elsewhere = Scene::on(backend, "southwind", 2).await;
    for filter in [HistoryFilter::default(), text(closed[2].0), text(Reference::of_conversation(closed[2].0))] {
        assert!(page(&elsewhere, filter).await.conversations.is_empty());
    }
}

/// Forms stand in the list with what became of them; a form's own reference finds its conversation.
pub async fn what_the_vault_tells_of_answers_stands_on_the_form(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.follows().await;
    let id = scene.sends(&dana, &session, conversation).await.id();
    let submitted = EventKind::Submitted { submission: SubmissionId::from_uuid(Uuid::from_u128(9)) };
    let told = scene.page(&[
        (1, id, submitted),
        (2, id, EventKind::Gone { why: GoneReason::Restart }),
        (3, id, EventKind::Unknown),
        (4, id, EventKind::Erased { why: EraseReason::Retention }),
    ]);
    scene.store.apply_events(told.clone(), scene.now()).await.unwrap();
    let log = scene.log().await;
    let last: Vec<_> = log.iter().rev().take(2).map(|entry| entry.kind.clone()).collect();
    assert_eq!(
        last,
        [
            EntryKind::Erased { invitation: id, why: EraseReason::Retention },
            EntryKind::Gone { invitation: id, why: GoneReason::Restart },
        ]
    );
    scene.store.apply_events(told, scene.now()).await.unwrap();
    assert_eq!(scene.log().await, log, "heard twice, told once");
    let stands = scene.placed(id).await.unwrap().invitation;
    assert_eq!(
        (stands.gone, stands.erased, stands.lost),
        (Some(GoneReason::Restart), Some(EraseReason::Retention), None)
    );

    let end = aside_desk_domain::EndReason::Logout;
    scene.store.end_session(&scene.site, session.id, end, scene.by(Some(&session))).await.unwrap();
    assert_eq!(scene.placed(id).await.unwrap().invitation.lost, Some(Lost::SessionEnded));
    scene.store.close_conversation(scene.close(&session, conversation)).await.unwrap();
    let found = page(&scene, text("7f3k")).await;
    let form = &found.conversations[0].forms[0];
    assert_eq!((form.invitation, form.erased), (id, Some(EraseReason::Retention)));
}
