//! The list of conversations, and the log as feeds and people read it.

use aside_desk_domain::{ConversationCounts, Sequence, Status};

use super::{Backend, Scene};

/// Order of the list, its previews and its figures.
pub async fn the_list_begins_with_who_waits_longest_and_ends_with_the_closed(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let mut conversations = Vec::new();
    for text in ["answered", "waits", "waits longest", "closed", "long gone"] {
        let visitor = scene.visitor().await;
        conversations.push((scene.says(&visitor, text).await.entry.conversation, visitor));
        scene.wait(10);
    }
    let [answered, waits, longest, closed, gone] = [0, 1, 2, 3, 4].map(|place: usize| conversations[place].0);
    // The one who wrote earlier was answered once, so that its waiting is younger.
    scene.answers(&dana, waits, "One moment").await;
    scene.wait(10);
    scene.says(&conversations[1].1, "Still there?").await;
    scene.answers(&dana, answered, "Done").await;
    let invitation = scene.sends(&dana, &session, answered).await;
    store.close_conversation(scene.close(&session, gone)).await.unwrap();
    scene.wait(100);
    let today = scene.now();
    store.close_conversation(scene.close(&session, closed)).await.unwrap();

    let list = store.conversations(&scene.site, dana.id, today, 50).await.unwrap();
    let order: Vec<_> = list.iter().map(|summary| summary.conversation.id).collect();
    assert_eq!(order, vec![longest, waits, answered, closed]);
    assert_eq!(list[1].last_text, "Still there?");
    assert!(list[1].waiting_since > list[0].waiting_since);
    assert_eq!((list[2].waiting_since, list[2].invitation_status), (None, Some(Status::Sent)));
    assert_eq!(list[2].last_at, invitation.timeline.sent);
    assert_eq!(list[3].waiting_since, None);
    assert_eq!(store.conversations(&scene.site, dana.id, today, 2).await.unwrap(), list[..2]);
    for summary in &list {
        let one = store.summary(&scene.site, dana.id, summary.conversation.id).await.unwrap();
        assert_eq!(one.as_ref(), Some(summary));
    }
    let counts = store.counts(&scene.site, dana.id).await.unwrap();
    assert_eq!(counts, ConversationCounts { open: 3, mine: 2, waiting: 2 });
    let sam = scene.agent("sam").await;
    assert_eq!(store.counts(&scene.site, sam.id).await.unwrap().mine, 0);
}

/// Marks are each agent's own and only move forward.
pub async fn unread_is_counted_for_each_agent(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let (dana, sam) = (scene.agent("dana").await, scene.agent("sam").await);
    let visitor = scene.visitor().await;
    let mut sequences = Vec::new();
    for text in ["one", "two", "three"] {
        sequences.push(scene.says(&visitor, text).await.entry);
    }
    let conversation = sequences[0].conversation;
    let unread = async |agent: &aside_desk_domain::Agent| {
        store.summary(&scene.site, agent.id, conversation).await.unwrap().unwrap().unread
    };
    assert_eq!((unread(&dana).await, unread(&sam).await), (3, 3));
    store.mark_read(&scene.site, dana.id, conversation, sequences[1].sequence).await.unwrap();
    assert_eq!((unread(&dana).await, unread(&sam).await), (1, 3));
    store.mark_read(&scene.site, dana.id, conversation, sequences[0].sequence).await.unwrap();
    assert_eq!(unread(&dana).await, 1, "a mark never goes back");
    store.mark_read(&scene.site, dana.id, conversation, Sequence(i64::MAX)).await.unwrap();
    scene.says(&visitor, "four").await;
    assert_eq!(unread(&dana).await, 1, "a mark never runs ahead");
    scene.answers(&sam, conversation, "Hi").await;
    assert_eq!((unread(&dana).await, unread(&sam).await), (1, 0), "who answers has read");
}

/// Resume by sequence, forward and backward.
pub async fn a_feed_misses_nothing_and_a_page_says_whether_there_is_more(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let (visitor, other) = (scene.visitor().await, scene.visitor().await);
    assert_eq!(store.head(&scene.site).await.unwrap(), Sequence(0));
    let mut mine = Vec::new();
    for turn in 0..5 {
        mine.push(scene.says(&visitor, &format!("message {turn}")).await.entry);
        scene.says(&other, "elsewhere").await;
    }
    let conversation = mine[0].conversation;
    let all = scene.log().await;
    assert_eq!(all.len(), 10);
    assert!(all.is_sorted_by_key(|entry| entry.sequence));
    assert_eq!(store.head(&scene.site).await.unwrap(), all[9].sequence);
    assert_eq!(store.entries_after(&scene.site, all[3].sequence, 4).await.unwrap(), all[4..8]);
    assert!(store.entries_after(&scene.site, all[9].sequence, 4).await.unwrap().is_empty());
    let after = store.conversation_entries_after(&scene.site, conversation, mine[1].sequence, 2).await.unwrap();
    assert_eq!(after, mine[2..4]);

    let last = store.entries_before(&scene.site, conversation, None, 2).await.unwrap();
    assert_eq!((&last.entries[..], last.more), (&mine[3..], true));
    let before = store.entries_before(&scene.site, conversation, Some(mine[3].sequence), 3).await.unwrap();
    assert_eq!((&before.entries[..], before.more), (&mine[..3], false));
}

/// Isolation of sites in everything that is read.
pub async fn another_site_sees_nothing(backend: &mut impl Backend) {
    let north = Scene::set(backend).await;
    let south = Scene::on(backend, "southwind", 2).await;
    let (dana, sol) = (north.agent("dana").await, south.agent("sol").await);
    let (session, _) = north.login(&dana).await;
    let visitor = north.visitor().await;
    let conversation = north.says(&visitor, "Hello").await.entry.conversation;
    let invitation = north.sends(&dana, &session, conversation).await;

    let (store, site) = (&south.store, &south.site);
    assert!(south.log().await.is_empty());
    assert_eq!(store.head(site).await.unwrap(), Sequence(0));
    assert_eq!(store.conversation(site, conversation).await.unwrap(), None);
    assert_eq!(store.summary(site, sol.id, conversation).await.unwrap(), None);
    assert!(store.conversations(site, sol.id, north.now(), 10).await.unwrap().is_empty());
    assert!(store.entries_before(site, conversation, None, 10).await.unwrap().entries.is_empty());
    assert!(store.conversation_entries_after(site, conversation, Sequence(0), 10).await.unwrap().is_empty());
    assert_eq!(store.visitor_conversation(site, visitor.id).await.unwrap(), None);
    assert_eq!(store.invitation(site, invitation.id()).await.unwrap(), None);
    assert_eq!(store.visitor_invitation(site, visitor.id, invitation.id()).await.unwrap(), None);
}
