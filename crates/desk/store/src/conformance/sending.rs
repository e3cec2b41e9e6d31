//! Invitations on their way into the conversation, and what may come between.

use aside_desk_domain::{
    BeginRefusal, ConfirmRefusal, EndReason, EntryKind, Errand, Status, Timeline, ViewRefusal, may_view,
};
use aside_wire::CancelReason;
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::{Begun, VerbError};

fn refused<T: std::fmt::Debug, R: std::fmt::Debug>(outcome: Result<T, VerbError<R>>) -> R {
    match outcome {
        Err(VerbError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// Before the confirmation there is nothing to see; after it everything stands.
pub async fn an_invitation_is_seen_when_the_vault_has_taken_it(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "I'd like to pay").await.entry.conversation;
    let draft = scene.begins(&dana, &session, conversation).await;
    assert_eq!(scene.log().await.len(), 1);
    assert_eq!(scene.placed(draft.id).await, None);
    assert_eq!(store.visitor_invitation(&scene.site, visitor.id, draft.id).await.unwrap(), None);
    assert_eq!(store.conversation(&scene.site, conversation).await.unwrap().unwrap().owner, None);

    scene.wait(1);
    let entry = scene.confirms(draft.id).await.unwrap();
    let EntryKind::Invitation(invitation) = &entry.kind else { panic!("an invitation") };
    assert_eq!(invitation.draft, draft);
    assert_eq!((invitation.status, invitation.reference.as_str()), (Status::Sent, "7F3K"));
    let sent = scene.now();
    let none = None;
    let times = Timeline { sent, received: none, viewed: none, submitted: none, read: none, ended: none };
    assert_eq!((invitation.timeline, invitation.expires_at), (times, sent.plus_seconds(86_400)));
    let log = scene.log().await;
    assert!(matches!(&log[1].kind, EntryKind::Joined { agent } if agent.id == dana.id));
    assert_eq!(log[2], entry);
    let placed = scene.placed(draft.id).await.unwrap();
    assert_eq!(placed.invitation, **invitation);
    assert_eq!(placed.conversation.owner.as_ref().map(|owner| owner.id), Some(dana.id));
    let seen = store.visitor_invitation(&scene.site, visitor.id, draft.id).await.unwrap();
    assert_eq!(seen.as_ref(), Some(&placed));
    let refusal = may_view(&placed.invitation, placed.conversation.status, dana.id, session.id);
    assert_eq!(refusal, Err(ViewRefusal::NotSubmitted));
    assert!(scene.owed().await.is_empty());
}

/// The same confirmation from many sides is one entry.
pub async fn sixty_four_confirmations_make_one_entry(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let draft = scene.begins(&dana, &session, conversation).await;
    let entries: Vec<_> = join_all((0..64).map(|_| scene.confirms(draft.id))).await;
    let entries: Vec<_> = entries.into_iter().map(Result::unwrap).collect();
    assert!(entries.iter().all(|entry| entry == &entries[0]));
    assert_eq!(scene.log().await.len(), 3);
}

/// Begin again, before and after.
pub async fn a_repeat_finds_what_stands(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let draft = scene.begins(&dana, &session, conversation).await;
    let mut again = draft.clone();
    again.title = "Something else".into();
    let begun = scene.store.begin_invitation(again.clone()).await.unwrap();
    assert_eq!(begun, Begun::Prepared(draft.clone()), "the first try stands");
    let entry = scene.confirms(draft.id).await.unwrap();
    assert_eq!(scene.store.begin_invitation(again).await.unwrap(), Begun::Shown(entry));
    assert_eq!(scene.log().await.len(), 3);
}

/// The id of another's invitation, or of one elsewhere.
pub async fn an_id_of_another_invitation_is_refused(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let south = Scene::on(backend, "southwind", 2).await;
    let (dana, sam, sol) = (scene.agent("dana").await, scene.agent("sam").await, south.agent("sol").await);
    let ((session, _), (sams, _), (sols, _)) =
        (scene.login(&dana).await, scene.login(&sam).await, south.login(&sol).await);
    let (visitor, other, southerner) = (scene.visitor().await, scene.visitor().await, south.visitor().await);
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let elsewhere = scene.says(&other, "Hello").await.entry.conversation;
    let southern = south.says(&southerner, "Hello").await.entry.conversation;
    let draft = scene.begins(&dana, &session, conversation).await;
    for mut other in [
        scene.draft(&sam, &sams, conversation),
        scene.draft(&dana, &session, elsewhere),
        south.draft(&sol, &sols, southern),
    ] {
        other.id = draft.id;
        assert_eq!(refused(scene.store.begin_invitation(other).await), BeginRefusal::IdTaken);
    }
    let lost = south.draft(&sol, &sols, conversation);
    assert_eq!(refused(scene.store.begin_invitation(lost).await), BeginRefusal::NotFound);
}

/// Logout between the two steps: nothing is shown, the vault is told.
pub async fn a_session_that_ends_while_inviting_shows_nothing(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let draft = scene.begins(&dana, &session, conversation).await;
    scene.store.end_session(&scene.site, session.id, EndReason::Logout, scene.by(None)).await.unwrap();
    assert_eq!(refused(scene.confirms(draft.id).await), ConfirmRefusal::GivenUp);
    assert_eq!(refused(scene.store.begin_invitation(draft.clone()).await), BeginRefusal::GivenUp);
    assert_eq!(scene.log().await.len(), 1);
    assert_eq!(scene.placed(draft.id).await, None);
    let cancelled = scene.owed().await;
    assert!(cancelled.contains(&Errand::EndSession(session.id)));
    assert!(cancelled.contains(&Errand::CancelInvitation(draft.id, CancelReason::SessionEnded)));

    // Twelve hours end a session before any sweep has noticed.
    let (old, _) = scene.login(&dana).await;
    let draft = scene.begins(&dana, &old, conversation).await;
    scene.wait(12 * 3_600);
    assert_eq!(refused(scene.confirms(draft.id).await), ConfirmRefusal::SessionEnded);
    assert!(scene.owed().await.contains(&Errand::CancelInvitation(draft.id, CancelReason::SessionEnded)));
    assert_eq!(scene.log().await.len(), 1);
}

/// Close between the two steps.
pub async fn a_conversation_that_closes_while_inviting_shows_nothing(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let draft = scene.begins(&dana, &session, conversation).await;
    scene.store.close_conversation(scene.close(&session, conversation)).await.unwrap().unwrap();
    assert_eq!(refused(scene.confirms(draft.id).await), ConfirmRefusal::GivenUp);
    let late = scene.draft(&dana, &session, conversation);
    assert_eq!(refused(scene.store.begin_invitation(late).await), BeginRefusal::Closed);
    assert_eq!(scene.log().await.len(), 2, "hello, closed");
    let reason = CancelReason::ConversationClosed;
    assert!(scene.owed().await.contains(&Errand::CancelInvitation(draft.id, reason)));
}

/// The repair after a crash between the two steps.
pub async fn an_unconfirmed_invitation_is_found_and_given_up_for_good(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let shown = scene.sends(&dana, &session, conversation).await;
    let draft = scene.begins(&dana, &session, conversation).await;
    assert!(store.unconfirmed_invitations(scene.now()).await.unwrap().is_empty(), "too young");
    scene.wait(120);
    let young = scene.begins(&dana, &session, conversation).await;
    assert_eq!(store.unconfirmed_invitations(scene.now()).await.unwrap(), vec![draft.clone()]);
    let give_up = async |id| store.give_up_invitation(&scene.site, id, "unconfirmed", scene.now()).await.unwrap();
    assert!(give_up(draft.id).await);
    assert!(!give_up(draft.id).await, "once");
    assert!(!give_up(shown.id()).await, "what is shown stays");
    assert_eq!(scene.owed().await, vec![Errand::CancelInvitation(draft.id, CancelReason::Agent)]);
    assert!(store.unconfirmed_invitations(scene.now()).await.unwrap().is_empty());
    assert_eq!(refused(store.begin_invitation(draft).await), BeginRefusal::GivenUp);
    scene.confirms(young.id).await.unwrap();
}

/// A session that ended, one that is too old, and one of another agent.
pub async fn a_dead_session_sends_nothing(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, sam) = (scene.agent("dana").await, scene.agent("sam").await);
    let ((ended, _), (old, _)) = (scene.login(&dana).await, scene.login(&dana).await);
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.store.end_session(&scene.site, ended.id, EndReason::Logout, scene.by(None)).await.unwrap();
    scene.wait(12 * 3_600);
    let (sams, _) = scene.login(&sam).await;
    for draft in [
        scene.draft(&dana, &ended, conversation),
        scene.draft(&dana, &old, conversation),
        scene.draft(&dana, &sams, conversation),
    ] {
        assert_eq!(refused(scene.store.begin_invitation(draft).await), BeginRefusal::SessionEnded);
    }
}

/// The errand of giving up may reach the vault before the invitation itself does: a late answer owes it again.
pub async fn an_answer_of_the_vault_after_giving_up_is_cancelled_there(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let draft = scene.begins(&dana, &session, conversation).await;
    store.give_up_invitation(&scene.site, draft.id, "unconfirmed", scene.now()).await.unwrap();
    for errand in store.due_errands(scene.now(), 10).await.unwrap() {
        store.errand_done(errand.id, scene.now()).await.unwrap();
    }
    assert_eq!(refused(scene.confirms(draft.id).await), ConfirmRefusal::GivenUp);
    assert_eq!(scene.owed().await, vec![Errand::CancelInvitation(draft.id, CancelReason::Agent)]);
    let unknown = scene.draft(&dana, &session, conversation);
    assert_eq!(refused(scene.confirms(unknown.id).await), ConfirmRefusal::NotFound);
}
