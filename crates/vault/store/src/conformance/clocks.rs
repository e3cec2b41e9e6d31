//! The clocks of S5, the sweep, and the purge.

use aside_vault_domain::{Clock, Refusal};
use aside_wire::{Channel, Clocks, EventKind, Status};

use super::Place;
use super::world::{World, refusal};
use crate::OpenOutcome;

const SHORT: Clocks = Clocks { invitation_life: 60, open_limit: 30, submit_limit: 20 };

/// Each clock by itself, told the same before and after the sweep has come.
pub async fn each_clock_ends_the_invitation_and_says_which(place: &dyn Place) {
    let world = World::begin(place).await;
    let mut invite = world.invite(Channel::Web);
    invite.clocks = SHORT;
    let invitation = invite.invitation;
    let mint = |key| world.store.mint_open(world.desk(), world.site.clone(), invitation, key);
    world.send(invite, None).await.unwrap();
    let unloaded = world.key();
    mint(unloaded).await.unwrap();
    world.wait(30);
    assert_eq!(refusal(world.open_on(unloaded, world.key()).await), Refusal::Expired(Clock::OpenLimit));
    let (key, device) = (world.key(), world.key());
    mint(key).await.unwrap();
    world.open_on(key, device).await.unwrap();
    assert!(world.store.expire_due(world.now(), 10).await.unwrap().is_empty());
    world.wait(20);
    let ended = Refusal::Expired(Clock::SubmitLimit);
    let load = || world.store.load_form(world.visitor(), invitation, device, world.key());
    assert_eq!(refusal(load().await), ended);
    assert_eq!(world.status(invitation).await, Status::Expired);
    assert_eq!(world.happened(invitation).await, [EventKind::Viewed]);
    assert_eq!(world.store.expire_due(world.now(), 10).await.unwrap()[0].invitation, invitation);
    assert!(world.store.expire_due(world.now(), 10).await.unwrap().is_empty());
    assert_eq!(refusal(load().await), ended);
    assert_eq!(world.happened(invitation).await, [EventKind::Viewed, EventKind::Expired]);

    let mut invite = world.invite(Channel::Link);
    invite.clocks = SHORT;
    let link = world.key();
    world.send(invite, Some(link)).await.unwrap();
    world.wait(60);
    assert_eq!(refusal(world.open_on(link, world.key()).await), Refusal::Expired(Clock::InvitationLife));
    // The visitor may still ask for a new one.
    world.store.ask(world.visitor(), link).await.unwrap();
}

/// S5: three clocks one after the other, not one inside the other.
pub async fn a_late_click_has_its_whole_open_limit(place: &dyn Place) {
    let world = World::begin(place).await;
    let mut invite = world.invite(Channel::Web);
    invite.clocks = SHORT;
    let invitation = invite.invitation;
    world.send(invite, None).await.unwrap();
    world.wait(59);
    let key = world.key();
    world.store.mint_open(world.desk(), world.site.clone(), invitation, key).await.unwrap();
    world.wait(29);
    assert!(world.store.expire_due(world.now(), 10).await.unwrap().is_empty());
    let late = world.store.mint_open(world.desk(), world.site.clone(), invitation, world.key()).await;
    assert_eq!(refusal(late), Refusal::Expired(Clock::InvitationLife));
    assert!(matches!(world.open_on(key, world.key()).await.unwrap(), OpenOutcome::Now { .. }));
}

/// S5: 1 to 86400 s.
pub async fn clocks_outside_a_day_are_refused(place: &dyn Place) {
    let world = World::begin(place).await;
    for clocks in [Clocks { submit_limit: 0, ..SHORT }, Clocks { submit_limit: 86_401, ..SHORT }] {
        let mut invite = world.invite(Channel::Web);
        invite.clocks = clocks;
        assert_eq!(refusal(world.send(invite, None).await), Refusal::Invalid("submit_limit"));
    }
}

/// Events stay until acknowledged, at least 7 days; the head never falls back.
pub async fn only_acknowledged_events_are_purged_and_the_head_stays(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, _) = world.submitted().await;
    let head = world.store.events(vec![world.site.clone()], 0).await.unwrap().head;
    let purge = || async { world.store.purge(world.now(), 100).await.unwrap() };
    world.store.acknowledge_events(vec![world.site.clone()], head - 1).await.unwrap();
    assert_eq!(purge().await, crate::Purged::default());
    world.wait(8 * 86_400);
    let purged = purge().await;
    assert_eq!(purged.events, 1);
    assert!(purged.keys > 0);
    assert_eq!(world.happened(form.invitation).await.len(), 1);
    world.store.acknowledge_events(vec![world.site.clone()], head).await.unwrap();
    // An acknowledgement never goes back.
    world.store.acknowledge_events(vec![world.site.clone()], 0).await.unwrap();
    assert_eq!(purge().await.events, 1);
    let page = world.store.events(vec![world.site.clone()], head).await.unwrap();
    assert_eq!((page.head, page.events.len()), (head, 0));
    assert_eq!(world.status(form.invitation).await, Status::Submitted);
}
