//! 64 at once, and exactly one wins (S4, S6, edge case 14).

use std::future::Future;
use std::sync::Arc;

use aside_base::SubmissionId;
use aside_vault_domain::Refusal;
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
        outcomes.into_iter().partition(|outcome| matches!(outcome, Ok(OpenOutcome::Now(_))));
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
        let submit = crate::Submit { invitation, key, device: Some(device), submission };
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
