//! 64 at once, and exactly one wins (S4, S6, edge case 14).

use std::future::Future;
use std::sync::Arc;

use aside_base::SubmissionId;
use aside_vault_domain::{Lease, NoRight, Proof, Refusal};
use aside_wire::{CancelReason, EventKind, Status};

use super::Place;
use super::world::{World, refusal};
use crate::{Error, Open, OpenOutcome, SubmitOutcome};

const RACERS: usize = 64;

/// Starts all at once and gathers what came.
async fn race<T, F>(world: &Arc<World>, mut start: impl FnMut(Arc<World>) -> F) -> Vec<Result<T, Error>>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    let gate = Arc::new(tokio::sync::Barrier::new(RACERS));
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..RACERS {
        let (racer, gate) = (start(Arc::clone(world)), Arc::clone(&gate));
        racers.spawn(async move {
            gate.wait().await;
            racer.await
        });
    }
    racers.join_all().await
}

/// S4 on `open`.
pub async fn one_of_64_devices_opens_a_link(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    let (invitation, key) = world.sent_link().await;
    let outcomes = race(&world, |world| async move {
        let device = Some(world.key());
        world.store.open(world.visitor(), Open { key, device, submit: None }).await
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) =
        outcomes.into_iter().partition(|outcome| matches!(outcome, Ok(OpenOutcome::Now { .. })));
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|lost| refusal(lost) == Refusal::Used));
    assert_eq!(world.happened(invitation).await, [EventKind::Viewed]);
}

/// S6, and S4 on `submit`: phones press twice.
pub async fn one_of_64_submissions_is_kept(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    let form = world.opened().await;
    let (invitation, key, device) = (form.invitation, form.key, form.device);
    let outcomes = race(&world, |world| async move {
        let submission = world.answers();
        let id = submission.id;
        let submit = crate::Submit { invitation, key, device: Some(device), submission, gone_at: None };
        world.store.submit(world.visitor(), submit).await.map(|outcome| (id, outcome))
    })
    .await;
    let mut winners: Vec<SubmissionId> = Vec::new();
    for outcome in outcomes {
        match outcome.unwrap() {
            (id, SubmitOutcome::First(_)) => winners.push(id),
            (_, SubmitOutcome::AlreadySent(_)) => {}
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(world.happened(invitation).await, [EventKind::Viewed, EventKind::Submitted { submission: winners[0] }]);
}

/// S4 on `view`.
pub async fn one_of_64_uses_of_a_view_key_shows_the_answers(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    let (form, submission) = world.submitted().await;
    let key = world.grant_to(form.invitation, world.session).await.unwrap();
    let outcomes =
        race(&world, |world| async move { world.store.view(world.browser(), world.viewing(key, submission)).await })
            .await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|lost| refusal(lost) == Refusal::Used));
    let read = world.happened(form.invitation).await.into_iter().filter(|kind| *kind == EventKind::Read).count();
    assert_eq!(read, 1);
}

/// S4 on `enrol`.
pub async fn one_of_64_browsers_becomes_the_viewer(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    let (session, enrol) = (world.session_id(), world.mint());
    assert!(
        world
            .store
            .start_session(world.desk(), world.site.clone(), world.start(session), enrol)
            .await
            .unwrap()
            .enrol_kept
    );
    let outcomes = race(&world, |world| async move {
        let viewer = world.key();
        world.store.enrol(world.browser(), enrol.hash, viewer).await.map(|session| (viewer, session))
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|lost| refusal(lost) == Refusal::Used));
    for (viewer, _) in won.into_iter().flatten() {
        assert_eq!(world.store.session_of_viewer(viewer).await.unwrap().map(|found| found.id), Some(session));
    }
}

/// An agent takes it back in the moment the visitor sends.
pub async fn a_submission_and_a_cancellation_never_both_happen(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    for _ in 0..16 {
        let form = world.opened().await;
        let answers = world.answers();
        let cancelling = world.store.cancel(world.desk(), world.site.clone(), form.invitation, CancelReason::Agent);
        let (submitted, cancelled) = tokio::join!(world.submit(&form, answers), cancelling);
        match world.status(form.invitation).await {
            Status::Submitted => {
                assert!(submitted.is_ok());
                assert_eq!(refusal(cancelled), Refusal::WrongState(Status::Submitted));
            }
            Status::Cancelled => {
                cancelled.unwrap();
                assert_eq!(refusal(submitted), Refusal::WrongState(Status::Cancelled));
            }
            other => panic!("neither submitted nor cancelled but {other:?}"),
        }
        assert_eq!(world.happened(form.invitation).await.len(), 2);
    }
}

/// RFC 6238 section 5.2: a code that two see works for one.
pub async fn one_of_64_uses_of_a_step_confirms(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    let step = world.step();
    let outcomes = race(&world, |world| async move { world.confirm(None, world.code(step)).await }).await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    // The others were wrong codes: five of them, and then nothing was looked at.
    let lost: Vec<_> = lost.into_iter().map(refusal).collect();
    assert_eq!(lost.iter().filter(|lost| matches!(lost, Refusal::WrongCode { .. })).count(), 4);
    assert_eq!(lost.iter().filter(|lost| matches!(lost, Refusal::FactorLocked { .. })).count(), 59);
}

/// A signature that was copied on its way.
pub async fn one_of_64_signatures_of_one_counter_confirms(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    world.add(world.passkey()).await.unwrap();
    let id = world.factors().await.passkeys.remove(0).id;
    let outcomes = race(&world, |world| {
        let proof = Proof::Passkey { id: id.clone(), counter: 2 };
        async move { world.confirm(None, proof).await }
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|lost| refusal(lost) == Refusal::NotValid));
}

/// Guessing in parallel gains nothing: what is locked is decided where it is counted.
pub async fn sixty_four_guesses_at_once_are_five_tries(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    let outcomes = race(&world, |world| async move { world.confirm(None, Proof::WrongCode).await }).await;
    let mut left: Vec<_> = outcomes
        .into_iter()
        .filter_map(|outcome| match refusal(outcome) {
            Refusal::WrongCode { left } => Some(left),
            Refusal::FactorLocked { .. } => None,
            other => panic!("{other:?}"),
        })
        .collect();
    left.sort_unstable();
    assert_eq!(left, [1, 2, 3, 4]);
    let right = world.confirm(None, world.code(world.step())).await;
    assert!(matches!(refusal(right), Refusal::FactorLocked { .. }));
}

/// Two browsers of one agent set up her first factor at once: one is free, the other would have needed it.
pub async fn one_of_64_first_factors_is_free(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    world.store.reset_factors(world.desk(), world.site.clone(), world.agent).await.unwrap();
    let mut browsers = Vec::new();
    for _ in 0..RACERS {
        let viewer = world.key();
        world.start_session_in(viewer).await;
        browsers.push(viewer);
    }
    let outcomes = race(&world, |world| {
        let viewer = browsers.pop().unwrap();
        async move { world.add_in(viewer, world.passkey()).await }
    })
    .await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|lost| refusal(lost) == Refusal::Confirm));
    assert_eq!(world.factors().await.passkeys.len(), 1);
}

/// Whichever comes first, the lost phone has confirmed nothing that still counts.
pub async fn a_confirmation_and_a_reset_leave_nothing_confirmed(place: &dyn Place) {
    let world = World::begin(place).await;
    for _ in 0..16 {
        let shown = world.viewed().await;
        let confirming = world.confirm(Some(shown.view.id), world.code(world.step()));
        let resetting = world.store.reset_factors(world.desk(), world.site.clone(), world.agent);
        let (confirmed, reset) = tokio::join!(confirming, resetting);
        reset.unwrap();
        if confirmed.is_err() {
            assert_eq!(refusal(confirmed), Refusal::NoFactor);
        }
        let revealed = world.store.reveal(world.browser(), world.revealing(shown.view.id)).await;
        assert_eq!(refusal(revealed), Refusal::Confirm);
        world.wait(1);
        world.add(world.code_app()).await.unwrap();
        let revealed = world.store.reveal(world.browser(), world.revealing(shown.view.id)).await;
        assert_eq!(refusal(revealed), Refusal::FactorTooNew);
    }
}

/// The agent goes away in the moment of a reveal.
pub async fn nothing_is_revealed_after_a_lock(place: &dyn Place) {
    let world = World::begin(place).await;
    for _ in 0..16 {
        let shown = world.viewed().await;
        world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
        let last = world.last_audited().await;
        let revealing = world.store.reveal(world.browser(), world.revealing(shown.view.id));
        let locking = world.store.lock_session(world.desk(), world.site.clone(), world.session);
        let (revealed, locked) = tokio::join!(revealing, locking);
        assert_eq!(locked.unwrap().views, [shown.view.id]);
        let revealed = revealed.map_or_else(|_| false, |_| true);
        let rows = world.store.audit(last, 10).await.unwrap();
        let place = |act: &str| rows.iter().position(|row| row.act == act && row.outcome == "done");
        assert_eq!(place("revealed").is_some(), revealed);
        assert!(place("revealed") < place("session_locked"), "revealed after the lock");
        assert_eq!(refusal(world.store.check_view(shown.view.id, world.viewer, Lease::Alive).await), Refusal::Locked);
        world.store.unlock_session(world.desk(), world.site.clone(), world.session).await.unwrap();
        let closed = world.store.check_view(shown.view.id, world.viewer, Lease::Alive).await;
        assert_eq!(refusal(closed), Refusal::NoRight(NoRight::ViewClosed));
    }
}
