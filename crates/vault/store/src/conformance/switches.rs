//! What the desk switches: a session's lock (A4), an agent's rights (A1), a site's forms (A10).

use aside_vault_domain::{Lease, NoRight, Refusal};
use aside_wire::{AgentRights, CancelReason, Channel, EventKind, Status};

use super::Place;
use super::world::{World, refusal};
use crate::Reveal;

const ALL: AgentRights =
    AgentRights { secure_forms: true, card_numbers: true, history: false, copy: false, export: false };
const NO_FORMS: AgentRights = AgentRights { secure_forms: false, ..ALL };
const NO_NUMBERS: AgentRights = AgentRights { card_numbers: false, ..ALL };

/// A4: nothing on the screen, nothing to be had; afterwards the agent goes on, and confirms anew.
pub async fn a_locked_session_shows_nothing_until_it_is_unlocked(place: &dyn Place) {
    let world = World::begin(place).await;
    let (waiting, unsubmitted) = (world.submitted().await, world.opened().await);
    let shown = world.viewed().await;
    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    let key = world.grant_to(shown.invitation.id, world.session).await.unwrap();
    let lock = || world.store.lock_session(world.desk(), world.site.clone(), world.session);
    let ended = lock().await.unwrap();
    assert_eq!((ended.views, ended.cancelled, ended.submissions), (vec![shown.view.id], Vec::new(), Vec::new()));
    assert!(lock().await.unwrap().views.is_empty());
    assert_eq!(refusal(world.grant_to(waiting.0.invitation, world.session).await), Refusal::Locked);
    let viewing = world.viewing(key, shown.view.submission);
    assert_eq!(refusal(world.store.view(world.browser(), viewing.clone()).await), Refusal::Locked);
    assert_eq!(refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await), Refusal::Locked);
    assert_eq!(refusal(world.store.check_view(shown.view.id, world.viewer, Lease::Alive).await), Refusal::Locked);
    assert_eq!(refusal(world.confirm(None, world.code(world.step())).await), Refusal::Locked);
    assert_eq!(refusal(world.add(world.passkey()).await), Refusal::Locked);
    // The visitor does not wait for the agent.
    world.submit(&unsubmitted, world.answers()).await.unwrap();
    let unlock = || world.store.unlock_session(world.desk(), world.site.clone(), world.session);
    unlock().await.unwrap();
    unlock().await.unwrap();
    let closed = world.store.reveal(world.browser(), world.revealing(shown.view.id)).await;
    assert_eq!(refusal(closed), Refusal::NoRight(NoRight::ViewClosed));
    let again = world.store.view(world.browser(), viewing).await.unwrap();
    let unconfirmed = world.store.reveal(world.browser(), world.revealing(again.view.id)).await;
    assert_eq!(refusal(unconfirmed), Refusal::Confirm);
}

/// The desk's outbox may bring the lock before the start.
pub async fn a_lock_that_came_before_the_start_is_remembered(place: &dyn Place) {
    let world = World::begin(place).await;
    let (session, enrol, viewer) = (world.session_id(), world.mint(), world.key());
    world.store.lock_session(world.desk(), world.site.clone(), session).await.unwrap();
    world.store.start_session(world.desk(), world.site.clone(), world.start(session), enrol).await.unwrap();
    let started = world.store.enrol(world.browser(), enrol.hash, viewer).await.unwrap();
    assert_eq!((started.agent, started.locked_at), (Some(world.agent), Some(world.now())));
    assert_eq!(refusal(world.add_in(viewer, world.passkey()).await), Refusal::Locked);
    // And an end that came after it is the end.
    world.store.end_session(world.desk(), world.site.clone(), session).await.unwrap();
    assert!(world.store.lock_session(world.desk(), world.site.clone(), session).await.unwrap().views.is_empty());
    // One that nobody knows is unlocked already.
    world.store.unlock_session(world.desk(), world.site.clone(), world.session_id()).await.unwrap();
}

/// A1: lost is lost, also when the right comes back.
pub async fn an_agent_without_secure_forms_loses_what_was_sent(place: &dyn Place) {
    let world = World::begin(place).await;
    let unsubmitted = world.opened().await;
    let shown = world.viewed().await;
    let colleague = world.colleague().await;
    world.add_in(colleague, world.passkey()).await.unwrap();
    let set = |rights| world.store.set_rights(world.desk(), world.site.clone(), world.agent, rights);
    let ended = set(NO_FORMS).await.unwrap();
    assert_eq!(ended.views, [shown.view.id]);
    assert_eq!(ended.cancelled, [unsubmitted.invitation]);
    assert_eq!(ended.submissions, [shown.view.submission]);
    assert_eq!(set(NO_FORMS).await.unwrap(), crate::Ended::default());
    let cancelled = EventKind::Cancelled { reason: CancelReason::RightLost };
    assert_eq!(world.happened(unsubmitted.invitation).await, [EventKind::Viewed, cancelled]);
    assert_eq!(refusal(world.submit(&unsubmitted, world.answers()).await), Refusal::WrongState(Status::Cancelled));
    let without = Refusal::NoRight(NoRight::SecureForms);
    assert_eq!(refusal(world.send(world.invite(Channel::Web), None).await), without);
    assert_eq!(refusal(world.grant_to(shown.invitation.id, world.session).await), without);
    assert_eq!(refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await), without);
    set(ALL).await.unwrap();
    let lost = Refusal::NoRight(NoRight::Lost);
    assert_eq!(refusal(world.grant_to(shown.invitation.id, world.session).await), lost);
    assert_eq!(refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await), lost);
    let after = world.viewed().await;
    world.confirm(Some(after.view.id), world.code(world.step())).await.unwrap();
    world.store.reveal(world.browser(), world.revealing(after.view.id)).await.unwrap();
}

/// The definition the form was sent with says which answer is a card number.
pub async fn an_agent_without_card_numbers_sees_the_rest(place: &dyn Place) {
    let world = World::begin(place).await;
    let open = world.viewed().await;
    let set = |rights| world.store.set_rights(world.desk(), world.site.clone(), world.agent, rights);
    let ended = set(NO_NUMBERS).await.unwrap();
    assert_eq!((ended.views, ended.cancelled, ended.submissions), (vec![open.view.id], Vec::new(), Vec::new()));
    let key = world.grant_to(open.invitation.id, world.session).await.unwrap();
    let shown = world.store.view(world.browser(), world.viewing(key, open.view.submission)).await.unwrap();
    assert!(!shown.session.rights.card_numbers);
    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    let number = world.store.reveal(world.browser(), world.revealing(shown.view.id)).await;
    assert_eq!(refusal(number), Refusal::NoRight(NoRight::CardNumbers));
    let cvv = Reveal { question: "cvv".into(), ..world.revealing(shown.view.id) };
    world.store.reveal(world.browser(), cvv).await.unwrap();
    // More rights close nothing.
    assert!(set(ALL).await.unwrap().views.is_empty());
    world.store.reveal(world.browser(), world.revealing(shown.view.id)).await.unwrap();
}

/// A login that was under way while the right was taken away.
pub async fn a_late_start_does_not_bring_rights_back(place: &dyn Place) {
    let world = World::begin(place).await;
    world.store.set_rights(world.desk(), world.site.clone(), world.agent, NO_FORMS).await.unwrap();
    let late = world.start(world.session_id());
    assert!(late.rights.secure_forms);
    let session = late.session;
    world.store.start_session(world.desk(), world.site.clone(), late, world.mint()).await.unwrap();
    let mut invite = world.invite(Channel::Web);
    invite.session = session;
    assert_eq!(refusal(world.send(invite, None).await), Refusal::NoRight(NoRight::SecureForms));
}

/// A10: what awaits answers is cancelled, what was answered stays viewable.
pub async fn stopped_forms_are_cancelled_and_none_is_sent(place: &dyn Place) {
    let world = World::begin(place).await;
    let (opened, (link, link_key)) = (world.opened().await, world.sent_link().await);
    let shown = world.viewed().await;
    let switch = |forms| world.store.switch_forms(world.desk(), world.site.clone(), forms);
    let mut ended = switch(false).await.unwrap();
    ended.cancelled.sort();
    let mut expected = [opened.invitation, link];
    expected.sort();
    assert_eq!((ended.cancelled.as_slice(), ended.views.len()), (&expected[..], 0));
    assert!(switch(false).await.unwrap().cancelled.is_empty());
    let cancelled = EventKind::Cancelled { reason: CancelReason::Stopped };
    assert_eq!(world.happened(opened.invitation).await, [EventKind::Viewed, cancelled.clone()]);
    assert_eq!(world.happened(link).await, [cancelled]);
    assert_eq!(refusal(world.send(world.invite(Channel::Web), None).await), Refusal::Stopped);
    assert_eq!(refusal(world.open_on(link_key, world.key()).await), Refusal::Stopped);
    let mint = world.store.mint_open(world.desk(), world.site.clone(), opened.invitation, world.key()).await;
    assert_eq!(refusal(mint), Refusal::Stopped);
    let reissue = world.store.reissue(world.desk(), world.site.clone(), link, world.key()).await;
    assert_eq!(refusal(reissue), Refusal::Stopped);
    assert_eq!(refusal(world.submit(&opened, world.answers()).await), Refusal::Stopped);
    world.store.reveal(world.browser(), world.revealing(shown.view.id)).await.unwrap();
    switch(true).await.unwrap();
    assert_eq!(refusal(world.open_on(link_key, world.key()).await), Refusal::Stopped);
    world.submitted().await;
    let unknown = world.store.switch_forms(world.desk(), "nowhere".parse().unwrap(), false).await;
    assert_eq!(refusal(unknown), Refusal::NotValid);
}
