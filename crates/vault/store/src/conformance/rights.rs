//! Who may view, and that a right lost is lost (S8, V4).

use aside_vault_domain::{Lease, NoRight, Refusal};
use aside_wire::{CancelReason, Channel, EventKind, Status};

use super::Place;
use super::world::{World, refusal};
use crate::{Reveal, ViewAnswers};

/// The desk cannot hand a view to another browser or session.
pub async fn no_view_in_another_browser_or_session(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, submission) = world.submitted().await;
    let colleague = world.start_session().await;
    let asked = world.grant_to(form.invitation, colleague).await;
    assert_eq!(refusal(asked), Refusal::NoRight(NoRight::OtherSession));
    let key = world.grant_to(form.invitation, world.session).await.unwrap();
    let elsewhere = ViewAnswers { viewer: world.key(), ..world.viewing(key, submission) };
    let other_browser = Refusal::NoRight(NoRight::OtherBrowser);
    assert_eq!(refusal(world.store.view(world.browser(), elsewhere).await), other_browser);
    let (_, other_submission) = world.submitted().await;
    let swapped = world.viewing(key, other_submission);
    assert_eq!(refusal(world.store.view(world.browser(), swapped).await), Refusal::NotValid);
    let shown = world.store.view(world.browser(), world.viewing(key, submission)).await.unwrap();
    let peek = Reveal { viewer: world.key(), ..world.revealing(shown.view.id) };
    assert_eq!(refusal(world.store.reveal(world.browser(), peek).await), other_browser);
    assert_eq!(refusal(world.store.finish_view(world.browser(), shown.view.id, world.key()).await), other_browser);
}

/// Logout: open views close, keys die, unsubmitted forms are cancelled, and a new login restores nothing.
pub async fn an_ended_session_loses_every_right_for_good(place: &dyn Place) {
    let world = World::begin(place).await;
    let unsubmitted = world.opened().await;
    let shown = world.viewed().await;
    let invitation = shown.invitation.id;
    let key = world.grant_to(invitation, world.session).await.unwrap();
    let ended = world.store.end_session(world.desk(), world.site.clone(), world.session).await.unwrap();
    assert_eq!(ended.views, [shown.view.id]);
    assert_eq!(ended.cancelled, [unsubmitted.invitation]);
    assert_eq!(ended.submissions, [shown.view.submission]);
    let over = Refusal::NoRight(NoRight::SessionEnded);
    assert_eq!(refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await), over);
    assert_eq!(refusal(world.store.check_view(shown.view.id, world.viewer, Lease::Alive).await), over);
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(key, shown.view.submission)).await), over);
    assert_eq!(refusal(world.grant_to(invitation, world.session).await), over);
    let again =
        world.store.start_session(world.desk(), world.site.clone(), world.start(world.session), world.mint()).await;
    assert_eq!(refusal(again), over);
    let new_login = world.start_session().await;
    assert_eq!(refusal(world.grant_to(invitation, new_login).await), Refusal::NoRight(NoRight::OtherSession));
    let cancelled = EventKind::Cancelled { reason: CancelReason::SessionEnded };
    assert_eq!(world.happened(unsubmitted.invitation).await, [EventKind::Viewed, cancelled]);
    assert_eq!(refusal(world.submit(&unsubmitted, world.answers()).await), Refusal::WrongState(Status::Cancelled));
    assert_eq!(refusal(world.send(world.invite(Channel::Web), None).await), over);
    let repeat = world.store.end_session(world.desk(), world.site.clone(), world.session).await.unwrap();
    assert!(repeat.views.is_empty() && repeat.cancelled.is_empty());
}

/// Close: the same, for everybody's invitations in that conversation.
pub async fn a_closed_conversation_loses_every_right_for_good(place: &dyn Place) {
    let world = World::begin(place).await;
    let unsubmitted = world.opened().await;
    let shown = world.viewed().await;
    let key = world.grant_to(shown.invitation.id, world.session).await.unwrap();
    let close = || world.store.close_conversation(world.desk(), world.site.clone(), world.conversation);
    let ended = close().await.unwrap();
    assert_eq!(ended.views, [shown.view.id]);
    assert_eq!(ended.cancelled, [unsubmitted.invitation]);
    assert_eq!(ended.submissions, [shown.view.submission]);
    let lost = Refusal::NoRight(NoRight::Lost);
    assert_eq!(refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await), lost);
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(key, shown.view.submission)).await), lost);
    assert_eq!(refusal(world.grant_to(shown.invitation.id, world.session).await), lost);
    assert_eq!(refusal(world.send(world.invite(Channel::Web), None).await), Refusal::ConversationClosed);
    let cancelled = EventKind::Cancelled { reason: CancelReason::ConversationClosed };
    assert_eq!(world.happened(unsubmitted.invitation).await, [EventKind::Viewed, cancelled]);
    assert!(close().await.unwrap().views.is_empty());
    assert_eq!(world.happened(unsubmitted.invitation).await.len(), 2);
}

/// The desk's outbox may bring the end before the beginning.
pub async fn a_session_that_ended_before_it_began_never_begins(place: &dyn Place) {
    let world = World::begin(place).await;
    let session = world.session_id();
    world.store.end_session(world.desk(), world.site.clone(), session).await.unwrap();
    let start = world.store.start_session(world.desk(), world.site.clone(), world.start(session), world.mint()).await;
    assert_eq!(refusal(start), Refusal::NoRight(NoRight::SessionEnded));
    assert_eq!(world.store.ended_sessions(world.site.clone(), vec![session]).await.unwrap(), [session]);
    assert!(world.store.ended_sessions(world.site.clone(), vec![world.session]).await.unwrap().is_empty());
}

/// A taken-over desk cannot enrol a browser of its own into a living session.
pub async fn a_viewer_is_enrolled_once_and_never_replaced(place: &dyn Place) {
    let world = World::begin(place).await;
    let (session, first, second) = (world.session_id(), world.mint(), world.mint());
    let start = |key| world.store.start_session(world.desk(), world.site.clone(), world.start(session), key);
    assert!(start(first).await.unwrap().enrol_kept);
    assert!(start(second).await.unwrap().enrol_kept);
    assert_eq!(refusal(world.store.enrol(world.browser(), first.hash, world.key()).await), Refusal::Replaced);
    let late = world.mint();
    world.store.enrol(world.browser(), second.hash, world.key()).await.unwrap();
    assert!(!start(late).await.unwrap().enrol_kept);
    assert_eq!(refusal(world.store.enrol(world.browser(), late.hash, world.key()).await), Refusal::NotValid);
    assert_eq!(refusal(world.store.enrol(world.browser(), second.hash, world.key()).await), Refusal::Used);
}

/// V4: 30 s of silence.
pub async fn a_lapsed_lease_shows_nothing(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    let lapsed = Refusal::NoRight(NoRight::LeaseLapsed);
    let silent = Reveal { lease: Lease::Lapsed, ..world.revealing(shown.view.id) };
    assert_eq!(refusal(world.store.reveal(world.browser(), silent).await), lapsed);
    assert_eq!(refusal(world.store.check_view(shown.view.id, world.viewer, Lease::Lapsed).await), lapsed);
    let key = world.grant_to(shown.invitation.id, world.session).await.unwrap();
    let silent = ViewAnswers { lease: Lease::Lapsed, ..world.viewing(key, shown.view.submission) };
    assert_eq!(refusal(world.store.view(world.browser(), silent).await), lapsed);
    // The view is closed, not the right lost: the desk comes back and the agent may look again.
    let closed = world.store.close_views(world.desk(), world.session).await.unwrap();
    assert_eq!((closed.views, closed.submissions.len()), (vec![shown.view.id], 0));
    let reopened = refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await);
    assert_eq!(reopened, Refusal::NoRight(NoRight::ViewClosed));
    world.store.view(world.browser(), world.viewing(key, shown.view.submission)).await.unwrap();
}

/// *Done* ends the view; looking again takes a new key.
pub async fn a_view_that_is_done_reveals_nothing_more(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    world.store.check_view(shown.view.id, world.viewer, Lease::Alive).await.unwrap();
    let done = world.store.finish_view(world.browser(), shown.view.id, world.viewer).await.unwrap();
    // Off-the-record answers live for their time, not for one look.
    assert_eq!((done.views, done.submissions), (vec![shown.view.id], Vec::new()));
    let closed = Refusal::NoRight(NoRight::ViewClosed);
    assert_eq!(refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await), closed);
    let key = world.grant_to(shown.invitation.id, world.session).await.unwrap();
    let again = world.store.view(world.browser(), world.viewing(key, shown.view.submission)).await.unwrap();
    let key = world.grant_to(shown.invitation.id, world.session).await.unwrap();
    let third = world.store.view(world.browser(), world.viewing(key, shown.view.submission)).await.unwrap();
    assert_eq!(third.closed, [again.view.id]);
    let reads = world.happened(shown.invitation.id).await.into_iter().filter(|kind| *kind == EventKind::Read).count();
    assert_eq!(reads, 1);
}

/// A8: who is known leaves a row for each refusal; who is not is counted elsewhere and cannot fill the disk.
pub async fn what_desks_are_refused_is_audited_and_strangers_are_not(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    let rows = world.store.audit(0, 1_000).await.unwrap();
    let acts: Vec<_> = rows.iter().map(|row| row.act.as_str()).collect();
    for act in
        ["site_set", "definition_published", "session_started", "viewer_enrolled", "invited", "open_minted", "opened"]
    {
        assert!(acts.contains(&act), "{act}");
    }
    for act in ["form_loaded", "submitted", "granted", "viewed"] {
        assert!(acts.contains(&act), "{act}");
    }
    assert!(rows.iter().all(|row| row.caller.2 == "192.0.2.1" && row.outcome == "done"));
    let last = rows.last().unwrap().sequence;
    let guess = world.key();
    let _ = refusal(world.open_on(guess, world.key()).await);
    let _ = refusal(world.store.view(world.browser(), world.viewing(guess, shown.view.submission)).await);
    assert!(world.store.audit(last, 10).await.unwrap().is_empty());
    let colleague = world.start_session().await;
    let last = world.store.audit(last, 10).await.unwrap().last().unwrap().sequence;
    let _ = refusal(world.grant_to(shown.invitation.id, colleague).await);
    let _ = refusal(
        world.store.reveal(world.browser(), Reveal { lease: Lease::Lapsed, ..world.revealing(shown.view.id) }).await,
    );
    let refused = world.store.audit(last, 10).await.unwrap();
    let told: Vec<_> = refused.iter().map(|row| (row.act.as_str(), row.outcome.as_str())).collect();
    assert_eq!(told, [("granted", "other_session"), ("revealed", "lease_lapsed")]);
    assert_eq!(refused[1].on.view, Some(shown.view.id));
    assert_eq!(refused[1].on.detail.as_deref(), Some("number"));
}
