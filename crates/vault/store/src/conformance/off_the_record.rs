//! That answers which were in memory only are gone is told once a submission, whoever ends them (V3, edge cases 24, 25).

use std::sync::Arc;

use aside_base::{ConversationId, SubmissionId};
use aside_vault_domain::{Caller, Occasion};
use aside_wire::{CancelReason, EventKind, GoneReason};

use super::Place;
use super::world::{Form, World};
use crate::{Submit, SubmitOutcome};

/// So long answers stay, in seconds.
const LIFE: u32 = 600;

/// A submission with an answer that is in memory only.
async fn held(world: &World) -> (Form, SubmissionId) {
    let (form, submission) = (world.opened().await, world.answers());
    let (id, gone_at) = (submission.id, Some(world.now().plus_seconds(LIFE)));
    let submit = Submit { invitation: form.invitation, key: form.key, device: Some(form.device), submission, gone_at };
    assert!(matches!(world.store.submit(world.visitor(), submit).await.unwrap(), SubmitOutcome::First(_)));
    (form, id)
}

fn vault(world: &World) -> Occasion {
    Occasion { now: world.now(), caller: Caller::vault() }
}

/// Why the answers went, in the order in which it was told.
async fn told(world: &World, form: &Form) -> Vec<GoneReason> {
    let happened = world.happened(form.invitation).await.into_iter();
    happened.filter_map(|kind| if let EventKind::Gone { why } = kind { Some(why) } else { None }).collect()
}

async fn audited(world: &World) -> usize {
    let rows = world.store.audit(0, 10_000).await.unwrap();
    rows.iter().filter(|row| row.act == "off_the_record_gone").count()
}

/// Each end of a right says its own reason, and what comes after it says nothing more.
pub async fn whatever_ends_them_is_told_once_and_nothing_after_it(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, id) = held(&world).await;
    let key = world.grant_to(form.invitation, world.session).await.unwrap();
    let view = world.store.view(world.browser(), world.viewing(key, id)).await.unwrap().view.id;
    for submissions in [vec![id], Vec::new()] {
        let ended = world.store.finish_and_wipe(world.browser(), view, world.viewer).await.unwrap();
        assert_eq!((ended.views, ended.submissions), (vec![view], submissions));
    }
    assert_eq!(world.store.note_gone(vault(&world), vec![id], GoneReason::Restart).await.unwrap(), 0);
    world.wait(LIFE);
    assert_eq!(world.store.note_due(vault(&world), 10).await.unwrap(), 0);
    assert_eq!(world.store.note_restart(vault(&world)).await.unwrap(), 0);
    world.store.close_conversation(world.desk(), world.site.clone(), world.conversation).await.unwrap();
    assert_eq!(told(&world, &form).await, [GoneReason::Done]);
    assert_eq!(audited(&world).await, 1);
}

/// The transaction that ends the right tells it: there is no moment in between.
pub async fn the_end_of_a_right_tells_it_in_the_same_breath(place: &dyn Place) {
    let mut world = World::begin(place).await;
    let (revoked, _) = held(&world).await;
    let revoke = || world.store.revoke(world.desk(), world.site.clone(), revoked.invitation, CancelReason::Transferred);
    revoke().await.unwrap();
    revoke().await.unwrap();
    assert_eq!(told(&world, &revoked).await, [GoneReason::Transferred]);

    let (closed, _) = held(&world).await;
    world.store.close_conversation(world.desk(), world.site.clone(), world.conversation).await.unwrap();
    assert_eq!(told(&world, &closed).await, [GoneReason::ConversationClosed]);
    assert_eq!(told(&world, &revoked).await, [GoneReason::Transferred]);

    world.conversation = ConversationId::from_uuid(world.session_id().as_uuid().to_owned());
    let (ended, _) = held(&world).await;
    world.store.end_session(world.desk(), world.site.clone(), world.session).await.unwrap();
    assert_eq!(told(&world, &ended).await, [GoneReason::SessionEnded]);

    world.session = world.start_session().await;
    let (taken, _) = held(&world).await;
    let none = aside_wire::AgentRights::default();
    world.store.set_rights(world.desk(), world.site.clone(), world.agent, none).await.unwrap();
    assert_eq!(told(&world, &taken).await, [GoneReason::RightLost]);
}

/// A lock ends nothing, and neither does a page that was left: within the time the agent may look again (edge case 24).
pub async fn what_may_be_looked_at_again_is_not_gone(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, id) = held(&world).await;
    for _ in 0..3 {
        let key = world.grant_to(form.invitation, world.session).await.unwrap();
        let view = world.store.view(world.browser(), world.viewing(key, id)).await.unwrap().view.id;
        let ended = world.store.finish_view(world.browser(), view, world.viewer).await.unwrap();
        assert!(ended.submissions.is_empty());
    }
    let ended = world.store.lock_session(world.desk(), world.site.clone(), world.session).await.unwrap();
    assert!(ended.submissions.is_empty());
    world.store.close_views(vault(&world), world.session).await.unwrap();
    world.wait(LIFE - 1);
    assert_eq!(world.store.note_due(vault(&world), 10).await.unwrap(), 0);
    assert!(told(&world, &form).await.is_empty());
    world.wait(1);
    assert_eq!(world.store.note_due(vault(&world), 10).await.unwrap(), 1);
    assert_eq!(told(&world, &form).await, [GoneReason::Time]);
}

/// A restart forgets everything, and says so of what was still there; of the rest it says that its time was over.
pub async fn a_restart_is_told_of_what_was_in_memory_then(place: &dyn Place) {
    let world = World::begin(place).await;
    let (early, _) = held(&world).await;
    world.wait(LIFE / 2);
    let (late, _) = held(&world).await;
    let (none, _) = world.submitted().await;
    world.wait(LIFE / 2);
    let world = world.reopened(place).await;
    let woken = world.store.events_committed();
    assert_eq!(world.store.note_restart(vault(&world)).await.unwrap(), 2);
    assert!(woken.has_changed().unwrap(), "whoever waits for events is told to look");
    assert_eq!(told(&world, &early).await, [GoneReason::Time]);
    assert_eq!(told(&world, &late).await, [GoneReason::Restart]);
    assert!(told(&world, &none).await.is_empty(), "nothing of it was off the record");
    let world = world.reopened(place).await;
    assert_eq!(world.store.note_restart(vault(&world)).await.unwrap(), 0);
    assert_eq!(audited(&world).await, 2);
}

/// The sweeper, an agent's *Done*, a transfer and a logout at once: one of them is told.
pub async fn of_many_ends_at_once_one_is_told(place: &dyn Place) {
    let mut world = World::begin(place).await;
    for round in 0..8 {
        world.viewer = world.key();
        world.session = world.start_session_in(world.viewer).await;
        let (form, id) = held(&world).await;
        let key = world.grant_to(form.invitation, world.session).await.unwrap();
        let view = world.store.view(world.browser(), world.viewing(key, id)).await.unwrap().view.id;
        world.wait(LIFE);
        let shared = Arc::new(world);
        let mut ends = tokio::task::JoinSet::new();
        for end in 0..32 {
            let (world, invitation) = (Arc::clone(&shared), form.invitation);
            ends.spawn(async move {
                let (store, site) = (&world.store, world.site.clone());
                match (end + round) % 4 {
                    0 => _ = store.note_due(vault(&world), 10).await,
                    1 => _ = store.finish_and_wipe(world.browser(), view, world.viewer).await,
                    2 => _ = store.revoke(world.desk(), site, invitation, CancelReason::Transferred).await,
                    _ => _ = store.end_session(world.desk(), site, world.session).await,
                }
            });
        }
        ends.join_all().await;
        world = Arc::into_inner(shared).unwrap();
        assert_eq!(told(&world, &form).await.len(), 1);
        assert_eq!(audited(&world).await, round + 1);
    }
}

/// Another browser, or a view that nobody knows, wipes nothing.
pub async fn only_the_browser_that_shows_them_wipes_them(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, id) = held(&world).await;
    let key = world.grant_to(form.invitation, world.session).await.unwrap();
    let view = world.store.view(world.browser(), world.viewing(key, id)).await.unwrap().view.id;
    assert!(world.store.finish_and_wipe(world.browser(), view, world.key()).await.is_err());
    assert!(world.store.finish_and_wipe(world.browser(), world.view_id(), world.viewer).await.is_err());
    assert!(told(&world, &form).await.is_empty());
}
