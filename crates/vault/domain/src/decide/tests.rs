//! Random lives: whatever visitors, agents, desks and clocks do in whatever order, the promises hold.

mod act;
mod step;
mod world;

use aside_base::{ConversationId, InvitationId, KeyHash, Timestamp};
use aside_form::Kind;
use aside_wire::{CancelReason, Reopen, Status};
use proptest::prelude::*;

use step::{Step, step};
use world::{World, device_hash, id, viewer_hash};

use crate::{Confirmation, Lease, Left, NoRight, Refusal, State, Wanted};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_life_breaks_a_promise(steps in proptest::collection::vec(step(), 1..60), once in any::<bool>()) {
        let mut world = World::begin(if once { Reopen::Once } else { Reopen::SameDevice });
        for step in &steps {
            world.take(step);
        }
        let status = world.invitation.status(world.now).status;
        prop_assert_eq!(world.submits == 1, matches!(status, Status::Submitted | Status::Read));
        prop_assert!(!world.revoked || (world.invitation.right_lost && world.invitation.ended(world.now).is_some()));
    }
}

const NUMBER: Wanted = Wanted { kind: Kind::CardNumber, sensitive: true, off_the_record: false };

/// The random lives are worth something only if they reach the interesting places.
#[test]
fn the_straight_way_reaches_a_view() {
    let mut world = World::begin(Reopen::SameDevice);
    for step in [
        Step::Mint,
        Step::Open { key: 0, device: 1 },
        Step::Load { device: 1 },
        Step::Submit { key: 0, device: 1 },
        Step::Grant { session: 0, lapsed: false },
        Step::View { key: 0, session: 0, viewer: 0, lapsed: false },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, wanted: NUMBER },
        Step::Confirm { session: 0, new_factor: true },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, wanted: NUMBER },
        Step::Confirm { session: 0, new_factor: false },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, wanted: NUMBER },
    ] {
        world.take(&step);
    }
    assert_eq!(world.invitation.state, State::Read);
    assert_eq!((world.used.len(), world.revealed), (3, 1));
}

#[test]
fn the_clock_that_ended_is_named() {
    let mut world = World::begin(Reopen::SameDevice);
    world.now = world.now.plus_seconds(59);
    world.take(&Step::Mint);
    world.now = world.now.plus_seconds(29);
    assert_eq!(world.invitation.clock_ended(world.now), None);
    world.now = world.now.plus_seconds(1);
    assert_eq!(world.invitation.clock_ended(world.now), Some(crate::Clock::OpenLimit));
    let status = world.invitation.status(world.now);
    assert_eq!((status.status, status.since), (Status::Expired, world.now));
}

/// A world whose form was opened and loaded by device 1.
fn loaded(reopen: Reopen) -> World {
    let mut world = World::begin(reopen);
    for step in [Step::Mint, Step::Open { key: 0, device: 1 }, Step::Load { device: 1 }] {
        world.take(&step);
    }
    world
}

#[test]
fn a_form_that_opens_once_forgives_a_second_tap_and_nothing_later() {
    let mut world = loaded(Reopen::Once);
    world.now = world.now.plus_seconds(5);
    world.take(&Step::Load { device: 1 });
    assert_eq!(world.invitation.state, State::Viewed);
    world.now = world.now.plus_seconds(1);
    world.take(&Step::Load { device: 1 });
    assert_eq!(world.invitation.state, State::Cancelled(CancelReason::FormClosed));
    let mut world = loaded(Reopen::SameDevice);
    world.now = world.now.plus_seconds(30);
    world.take(&Step::Load { device: 1 });
    assert_eq!(world.invitation.state, State::Viewed);
}

#[test]
fn leaving_a_form_that_opens_once_is_final_and_its_repeat_says_the_same() {
    let mut world = loaded(Reopen::Once);
    let key = world.pick(0);
    assert_eq!(world.invitation.leave(&key, device_hash(2), world.now), Err(Refusal::OtherDevice));
    assert_eq!(world.invitation.leave(&key, device_hash(1), world.now), Ok(Left::ForGood { news: true }));
    assert_eq!(world.invitation.leave(&key, device_hash(1), world.now), Ok(Left::ForGood { news: false }));
    let refused = world.invitation.check_submit(&key, device_hash(1), world.now);
    assert_eq!(refused, Err(Refusal::WrongState(Status::Cancelled)));
    let mut world = loaded(Reopen::SameDevice);
    let key = world.pick(0);
    assert_eq!(world.invitation.leave(&key, device_hash(1), world.now), Ok(Left::ToComeBack));
}

#[test]
fn another_form_closes_the_one_that_its_device_has_open_and_no_other() {
    // Edge case 12: what is only received stays as it is.
    let mut received = World::begin(Reopen::SameDevice);
    received.open_another(1);
    assert_eq!(received.invitation.state, State::Sent);
    for reopen in [Reopen::SameDevice, Reopen::Once] {
        let mut open = loaded(reopen);
        open.open_another(2);
        assert_eq!(open.invitation.state, State::Viewed, "of another device");
        let mut foreign = open.invitation.clone();
        foreign.id = InvitationId::from_uuid(id(4));
        foreign.conversation = ConversationId::from_uuid(id(5));
        assert_eq!(open.invitation.give_way_to(&foreign, open.now), None, "of another conversation");
        open.open_another(1);
        assert_eq!(open.invitation.state, State::Cancelled(CancelReason::AnotherForm));
    }
    let mut without_cookies = World::begin(Reopen::SameDevice);
    without_cookies.take(&Step::Mint);
    without_cookies.take(&Step::Open { key: 0, device: 0 });
    without_cookies.open_another(0);
    assert_eq!(without_cookies.invitation.state, State::Viewed, "nobody knows whether it is one device");
}

#[test]
fn history_is_for_those_with_the_right_once_the_conversation_is_closed() {
    // Edge case 31.
    let mut world = loaded(Reopen::SameDevice);
    world.take(&Step::Submit { key: 0, device: 1 });
    let now = world.now;
    let ask = |world: &mut World, session: usize, closed| {
        let asking = world.sessions[session].clone();
        world.invitation.grant_history(&asking, Lease::Alive, closed, KeyHash([99; 32])).err()
    };
    assert_eq!(ask(&mut world, 1, false), Some(Refusal::NoRight(NoRight::ConversationOpen)));
    assert_eq!(ask(&mut world, 0, true), Some(Refusal::NoRight(NoRight::History)));
    world.take(&Step::CloseConversation);
    world.take(&Step::GrantHistory { session: 1, lapsed: false });
    world.take(&Step::ViewHistory { key: 0, session: 1, viewer: 1, lapsed: false });
    let view = world.view.clone().unwrap();
    assert_eq!(world.invitation.state, State::Submitted, "nobody read it as its sender");
    let reveal = |world: &World, wanted, since: Timestamp| {
        let mut looking = world.sessions[1].clone();
        looking.confirmed = Some(Confirmation { at: now, since });
        view.check_reveal(&world.invitation, &looking, viewer_hash(1), Lease::Alive, wanted, now)
    };
    let sent_at = world.invitation.sent_at;
    assert_eq!(reveal(&world, NUMBER, sent_at), Ok(()));
    assert_eq!(reveal(&world, NUMBER, sent_at.plus_seconds(1)), Err(Refusal::FactorTooNew));
    let off = Wanted { off_the_record: true, ..NUMBER };
    assert_eq!(reveal(&world, off, sent_at), Err(Refusal::NoRight(NoRight::OffTheRecord)));
    // A factor that stood in the log for three days may, whenever the form was sent.
    world.invitation.sent_at = Timestamp(now.0 - 400 * 86_400_000);
    let three_days_ago = Timestamp(now.0 - 72 * 3_600_000);
    assert_eq!(reveal(&world, NUMBER, three_days_ago), Ok(()));
    assert_eq!(reveal(&world, NUMBER, Timestamp(three_days_ago.0 + 1)), Err(Refusal::FactorTooNew));
}

#[test]
fn a_copy_needs_its_own_right_and_never_takes_what_may_not_be_kept() {
    let mut world = loaded(Reopen::SameDevice);
    for step in [
        Step::Submit { key: 0, device: 1 },
        Step::Grant { session: 0, lapsed: false },
        Step::View { key: 0, session: 0, viewer: 0, lapsed: false },
    ] {
        world.take(&step);
    }
    let name = Wanted { kind: Kind::Text, sensitive: false, off_the_record: false };
    assert_eq!(world.copy(0, 0, name), None);
    assert_eq!(world.copy(0, 0, NUMBER), Some(Refusal::Confirm), "it was not revealed");
    world.take(&Step::Confirm { session: 0, new_factor: false });
    assert_eq!(world.copy(0, 0, NUMBER), None);
    let refused = Some(Refusal::NoRight(NoRight::Copy));
    assert_eq!(world.copy(0, 0, Wanted { kind: Kind::Cvv, ..NUMBER }), refused);
    assert_eq!(world.copy(0, 0, Wanted { off_the_record: true, ..NUMBER }), refused);
    world.sessions[0].rights.copy = false;
    assert_eq!(world.copy(0, 0, name), refused);
}
