//! Counted tries: charged before they are judged, so that many at once are no more than one after the other.

use aside_desk_domain::{Agent, AttemptRefusal, Lockout, Policy};
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::{Attempt, Charge, Failed, SolvedCaptcha, VerbError};

const NO_CAPTCHA: Lockout = Lockout { on: true, tries: 6, minutes: 30, captcha_after: 9 };

async fn set(backend: &mut impl Backend) -> (Scene, Agent) {
    let scene = Scene::set(backend).await;
    scene.sets_policy(Policy { lockout: NO_CAPTCHA, ..Policy::default() }).await;
    let dana = scene.agent("dana").await;
    (scene, dana)
}

fn refused<T>(outcome: Result<T, VerbError<AttemptRefusal>>) -> AttemptRefusal {
    match outcome {
        Err(VerbError::Refused(refusal)) => refusal,
        Err(VerbError::Store(error)) => panic!("{error}"),
        Ok(_) => panic!("it was taken"),
    }
}

async fn fails(scene: &Scene, attempt: Attempt) -> Failed {
    let charge = scene.store.take_attempt(attempt).await.unwrap();
    scene.store.fail_attempt(charge).await.unwrap()
}

/// Sixty-four guesses at once are six guesses, and the lock says until when.
pub async fn sixty_four_guesses_at_once_are_six(backend: &mut impl Backend) {
    let (scene, dana) = set(backend).await;
    let racers = (0..64).map(|_| scene.store.take_attempt(scene.attempt(&dana)));
    let taken: Vec<Charge> = join_all(racers).await.into_iter().filter_map(Result::ok).collect();
    assert_eq!(taken.len(), 6);
    for charge in taken {
        scene.store.fail_attempt(charge).await.unwrap();
    }
    let until = scene.now().plus_seconds(1_800);
    assert_eq!(refused(scene.store.take_attempt(scene.attempt(&dana)).await), AttemptRefusal::Locked(until));
    scene.wait(1_799);
    assert!(scene.store.take_attempt(scene.attempt(&dana)).await.is_err());
    scene.wait(1);
    assert!(scene.store.take_attempt(scene.attempt(&dana)).await.is_ok());
}

/// A name that does not exist is refused, locked and answered as one that does.
pub async fn an_unknown_name_is_treated_as_a_known_one(backend: &mut impl Backend) {
    let (scene, dana) = set(backend).await;
    let nobody = |scene: &Scene| {
        let mut attempt = Attempt { agent: None, ..scene.attempt(&dana) };
        attempt.key.0[31] = 1;
        attempt
    };
    for _ in 0..6 {
        assert_eq!(fails(&scene, scene.attempt(&dana)).await, fails(&scene, nobody(&scene)).await);
    }
    let (known, unknown) = (scene.attempt(&dana), nobody(&scene));
    assert_eq!(scene.store.attempt_gate(known).await.unwrap(), scene.store.attempt_gate(unknown).await.unwrap());
    // Only the one that exists is in the log, once for each failure and once for the lock.
    let lines = scene.store.audit_lines(0, 1_000).await.unwrap();
    let failures = lines.iter().filter(|line| line.reason.as_deref() == Some("wrong_password")).count();
    let locks = lines.iter().filter(|line| line.action == "lock_account").count();
    assert_eq!((failures, locks), (6, 1));
}

/// Somebody who signed in here before is not kept out by strangers who guess, and is kept out by guesses from there.
pub async fn a_known_device_has_a_counter_of_its_own(backend: &mut impl Backend) {
    let (scene, dana) = set(backend).await;
    let cookie = scene.key();
    let (mut sign_in, _) = scene.sign_in(&dana).await;
    sign_in.device = Some(cookie);
    scene.store.sign_in(sign_in).await.unwrap();
    for _ in 0..6 {
        fails(&scene, scene.attempt(&dana)).await;
    }
    assert!(matches!(refused(scene.store.take_attempt(scene.attempt(&dana)).await), AttemptRefusal::Locked(_)));
    let known = Attempt { device: Some(cookie), ..scene.attempt(&dana) };
    let racers = (0..64).map(|_| scene.store.take_attempt(known.clone()));
    let taken: Vec<Charge> = join_all(racers).await.into_iter().filter_map(Result::ok).collect();
    assert_eq!(taken.len(), 6);
    assert!(taken.iter().all(|charge| charge.on_device));

    // A cookie opens nothing for another account, and none that was made up does.
    let eve = scene.agent("eve").await;
    let borrowed = Attempt { device: Some(cookie), ..scene.attempt(&eve) };
    assert!(!scene.store.take_attempt(borrowed).await.unwrap().on_device);
    let made_up = Attempt { device: Some(scene.key()), ..scene.attempt(&dana) };
    assert!(matches!(refused(scene.store.take_attempt(made_up).await), AttemptRefusal::Locked(_)));

    let admin = scene.by(None);
    scene.store.unlock_account(&scene.site, dana.id, admin).await.unwrap();
    assert!(scene.store.take_attempt(known).await.is_ok());
    assert!(scene.store.take_attempt(scene.attempt(&dana)).await.is_ok());
}

/// A right password gives back what its own try cost, and only that of its network.
pub async fn a_sign_in_empties_the_counter(backend: &mut impl Backend) {
    let (scene, dana) = set(backend).await;
    for _ in 0..5 {
        fails(&scene, scene.attempt(&dana)).await;
    }
    scene.login(&dana).await;
    for _ in 0..6 {
        fails(&scene, scene.attempt(&dana)).await;
    }
    assert!(scene.store.take_attempt(scene.attempt(&dana)).await.is_err());
    assert!(scene.store.person(&scene.site, dana.id, scene.now()).await.unwrap().unwrap().locked_until.is_some());
}

/// A captcha is asked for before the lock, must cost enough, and is good once, whoever races.
pub async fn a_captcha_is_good_once(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    for turn in 1..=3 {
        assert_eq!(fails(&scene, scene.attempt(&dana)).await.captcha, turn == 3);
    }
    assert_eq!(refused(scene.store.take_attempt(scene.attempt(&dana)).await), AttemptRefusal::Captcha(1));
    let solved =
        |cost, life| Some(SolvedCaptcha { name: scene.key().0, ends_at: scene.now().plus_seconds(life), cost });
    for captcha in [solved(0, 300), solved(1, 0)] {
        let attempt = Attempt { captcha, ..scene.attempt(&dana) };
        assert!(scene.store.take_attempt(attempt).await.is_err(), "too cheap or too old: {captcha:?}");
    }
    let paid = Attempt { captcha: solved(1, 300), ..scene.attempt(&dana) };
    let racers = (0..64).map(|_| scene.store.take_attempt(paid.clone()));
    assert_eq!(join_all(racers).await.into_iter().filter(Result::is_ok).count(), 1);
}

/// A network that guesses at many names pays for all of them; its neighbours do not.
pub async fn a_network_that_guesses_pays_with_captchas(backend: &mut impl Backend) {
    let (scene, dana) = set(backend).await;
    let from = |address: &str| Some(address.parse().unwrap());
    for guess in 0..30_u8 {
        let mut attempt = Attempt { agent: None, from: from("203.0.113.7"), ..scene.attempt(&dana) };
        attempt.key.0[30] = guess;
        fails(&scene, attempt).await;
    }
    let near = Attempt { from: from("203.0.113.99"), ..scene.attempt(&dana) };
    assert_eq!(refused(scene.store.take_attempt(near.clone()).await), AttemptRefusal::Captcha(2));
    let far = Attempt { from: from("198.51.100.1"), ..scene.attempt(&dana) };
    assert!(scene.store.take_attempt(far).await.is_ok());
    scene.wait(600);
    assert_eq!(scene.store.attempt_gate(Attempt { now: scene.now(), ..near }).await.unwrap(), None);
}

/// What counts nothing any more leaves the tables.
pub async fn old_counters_are_forgotten_and_locks_are_not(backend: &mut impl Backend) {
    let (scene, dana) = set(backend).await;
    for _ in 0..6 {
        fails(&scene, scene.attempt(&dana)).await;
    }
    scene.store.forget_attempts(scene.now()).await.unwrap();
    assert!(scene.store.take_attempt(scene.attempt(&dana)).await.is_err());
    scene.wait(2 * 86_400);
    scene.store.forget_attempts(scene.now()).await.unwrap();
    assert!(scene.store.take_attempt(scene.attempt(&dana)).await.is_ok());
}

/// An account knows its ten newest devices, each for 90 days.
pub async fn an_account_knows_ten_devices_for_ninety_days(backend: &mut impl Backend) {
    let (scene, dana) = set(backend).await;
    let mut cookies = Vec::new();
    for _ in 0..11 {
        let (mut sign_in, _) = scene.sign_in(&dana).await;
        cookies.push(scene.key());
        sign_in.device = cookies.last().copied();
        scene.store.sign_in(sign_in).await.unwrap();
        scene.wait(1);
    }
    for (place, cookie) in cookies.iter().enumerate() {
        let known = Attempt { device: Some(*cookie), ..scene.attempt(&dana) };
        assert_eq!(scene.store.take_attempt(known).await.unwrap().on_device, place > 0, "{place}");
    }
    scene.wait(90 * 86_400);
    let old = Attempt { device: cookies.pop(), ..scene.attempt(&dana) };
    assert!(!scene.store.take_attempt(old).await.unwrap().on_device);
}
