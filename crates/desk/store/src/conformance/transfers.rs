//! Handing conversations on, and the rights that are lost by it.

use aside_base::{ConversationId, SubmissionId};
use aside_desk_domain::{
    Agent, ConversationStatus, EntryKind, Errand, Lost, Session, Status, TransferRefusal, ViewRefusal, may_view,
};
use aside_wire::{CancelReason, EventKind};
use futures_util::future::join_all;
use uuid::Uuid;

use super::{Backend, Scene};
use crate::{Transfer, VerbError};

/// What hands a conversation on.
fn to(scene: &Scene, conversation: ConversationId, agent: &Agent, by: Option<&Session>) -> Transfer {
    Transfer { site: scene.site.clone(), conversation, to: agent.id, by: scene.by(by) }
}

/// The former owner's rights to what was sent are gone at once and for good; what comes after is another matter.
pub async fn a_right_is_lost_by_a_transfer_and_comes_back_by_nothing(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, kim) = (scene.agent("dana").await, scene.agent("kim").await);
    let (session, _) = scene.login(&dana).await;
    let (kims, _) = scene.login(&kim).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.follows().await;
    let answered = scene.sends(&dana, &session, conversation).await.id();
    let open = scene.sends(&dana, &session, conversation).await.id();
    let over = scene.sends(&dana, &session, conversation).await.id();
    let hers = scene.sends(&kim, &kims, conversation).await.id();
    let prepared = scene.begins(&dana, &session, conversation).await.id;
    let submission = SubmissionId::from_uuid(Uuid::from_u128(5));
    let page = scene.page(&[(1, answered, EventKind::Submitted { submission }), (2, over, EventKind::Declined)]);
    scene.store.apply_events(page, scene.now()).await.unwrap();
    let owed = scene.owed().await;
    assert!(owed.is_empty(), "{owed:?}");

    let entry = scene.store.transfer(to(&scene, conversation, &kim, Some(&session))).await.unwrap();
    let EntryKind::Transferred { from: Some(from), to: taker } = &entry.kind else { panic!("{entry:?}") };
    assert_eq!((from.id, taker.id), (dana.id, kim.id));
    assert_eq!(scene.log().await.last(), Some(&entry));
    let owner = scene.store.conversation(&scene.site, conversation).await.unwrap().unwrap().owner;
    assert_eq!(owner.map(|owner| owner.id), Some(kim.id));
    // Owed in the same transaction: no grant, and no form under way, slips in between.
    let transferred = CancelReason::Transferred;
    let mut owed = scene.owed().await;
    owed.sort_by_key(|errand| format!("{errand:?}"));
    let mut expected = vec![
        Errand::CancelInvitation(prepared, transferred),
        Errand::RevokeInvitation(answered, transferred),
        Errand::RevokeInvitation(open, transferred),
    ];
    expected.sort_by_key(|errand| format!("{errand:?}"));
    assert_eq!(owed, expected);
    let lost = async |id| scene.placed(id).await.unwrap().invitation.lost;
    assert_eq!((lost(answered).await, lost(open).await), (Some(Lost::Transferred), Some(Lost::Transferred)));
    assert_eq!((lost(over).await, lost(hers).await), (None, None), "what is over, and what the taker sent herself");
    assert!(scene.confirms(prepared).await.is_err());
    let may =
        async |id| may_view(&scene.placed(id).await.unwrap().invitation, ConversationStatus::Open, dana.id, session.id);
    assert_eq!(may(answered).await, Err(ViewRefusal::Lost));

    // Back again: the right stays lost, and only what was sent since is owed.
    scene.store.transfer(to(&scene, conversation, &dana, Some(&kims))).await.unwrap();
    assert_eq!(may(answered).await, Err(ViewRefusal::Lost));
    assert_eq!(lost(hers).await, Some(Lost::Transferred));
    assert_eq!(scene.owed().await.len(), 4, "kim's own one more");
    let anew = scene.sends(&dana, &session, conversation).await.id();
    assert_eq!(lost(anew).await, None);
    // The vault says what became of the open one.
    let cancelled = EventKind::Cancelled { reason: transferred };
    scene.store.apply_events(scene.page(&[(3, open, cancelled)]), scene.now()).await.unwrap();
    let open = scene.placed(open).await.unwrap().invitation;
    assert_eq!((open.status, open.reason), (Status::Cancelled, Some(transferred)));
}

/// Only somebody of the same site who handles conversations takes one, and only one that goes on.
pub async fn nobody_takes_a_conversation_who_cannot(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let elsewhere = Scene::on(backend, "southwind", 2).await;
    let (dana, kim, sol) = (scene.agent("dana").await, scene.agent("kim").await, elsewhere.agent("sol").await);
    let admin = scene.somebody("ada", aside_desk_domain::Role::Admin).await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let refused = async |transfer| match scene.store.transfer(transfer).await {
        Err(VerbError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    };
    for nobody in [&sol, &admin] {
        assert_eq!(refused(to(&scene, conversation, nobody, None)).await, TransferRefusal::NoTaker);
    }
    assert_eq!(refused(to(&elsewhere, conversation, &sol, None)).await, TransferRefusal::NotFound);
    assert_eq!(refused(to(&scene, scene.conversation(), &kim, None)).await, TransferRefusal::NotFound);
    scene.store.deactivate(&scene.site, kim.id, scene.by(None)).await.unwrap();
    assert_eq!(refused(to(&scene, conversation, &kim, None)).await, TransferRefusal::NoTaker);
    scene.store.transfer(to(&scene, conversation, &dana, None)).await.unwrap();
    assert_eq!(refused(to(&scene, conversation, &dana, None)).await, TransferRefusal::SameOwner);
    scene.store.close_conversation(scene.close(&session, conversation)).await.unwrap();
    assert_eq!(refused(to(&scene, conversation, &kim, None)).await, TransferRefusal::Closed);
    let known = scene.store.colleagues(&scene.site, scene.now()).await.unwrap();
    let known: Vec<_> = known.iter().map(|found| (found.agent.id, found.here)).collect();
    assert_eq!(known, vec![(dana.id, true)]);
}

/// Whoever races, there is one owner, and each transfer took the rights of the one before.
pub async fn transfers_that_race_leave_one_owner(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let sent = scene.sends(&dana, &session, conversation).await.id();
    let takers = join_all(["ann", "ben", "cleo", "dov"].map(|name| scene.agent(name))).await;
    let racers = takers.iter().map(|taker| scene.store.transfer(to(&scene, conversation, taker, Some(&session))));
    let entries: Vec<_> = join_all(racers).await.into_iter().map(|entry| entry.unwrap()).collect();
    let log = scene.log().await;
    let last = log.iter().rev().find_map(|entry| match &entry.kind {
        EntryKind::Transferred { to, .. } => Some(to.id),
        _ => None,
    });
    let owner = scene.store.conversation(&scene.site, conversation).await.unwrap().unwrap().owner;
    assert_eq!((entries.len(), owner.map(|owner| owner.id)), (4, last));
    assert_eq!(scene.owed().await, vec![Errand::RevokeInvitation(sent, CancelReason::Transferred)], "once");
}
