//! Second factors: each code, step and recovery code works once, whoever races; who needs one has one.

use aside_base::{PasskeyId, Timestamp};
use aside_desk_domain::{
    AttemptRefusal, EndReason, Errand, FactorName, FactorProof, FactorRefusal, PasskeyRecord, PeopleRefusal, Role,
    SessionStage, StepRefusal,
};
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::{NewFactor, PassFactor, VerbError};

fn passkey(scene: &Scene, credential: u8) -> PasskeyRecord {
    PasskeyRecord {
        id: PasskeyId::from_uuid(*scene.message().as_uuid()),
        name: "Key ring".into(),
        credential: vec![credential; 16],
        public_key: b"a public key".to_vec(),
        counter: 5,
        backup_eligible: false,
        since: scene.now(),
        last_used_at: None,
    }
}

/// One code opens one of sixty-four logins.
pub async fn one_code_opens_one_of_sixty_four_logins(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    scene.login(&dana).await;
    let mut logins = Vec::new();
    for _ in 0..64 {
        logins.push(scene.begins_login(&dana).await.0.session);
    }
    let step = scene.step();
    let racers = logins.iter().map(|session| scene.store.pass_factor(scene.pass(session, step, scene.key())));
    let passed = join_all(racers).await;
    assert_eq!(passed.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for refused in passed.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert!(matches!(refused, VerbError::Refused(StepRefusal::Factor)), "{refused:?}");
    }
    let older = scene.store.pass_factor(scene.pass(&logins[0], step - 1, scene.key())).await;
    assert!(older.is_err(), "nor does an older one");
}

/// One recovery code opens one of sixty-four logins, and is gone.
pub async fn one_recovery_code_opens_one_of_sixty_four_logins(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (first, token) = scene.begins_login(&dana).await;
    let set_up = scene.set_up(&first.session, scene.totp(), scene.key());
    let (code, kept) = (set_up.recovery[0], scene.store.set_up_factor(set_up).await.unwrap());
    assert!(kept.recovery_kept);
    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap(), None, "the old token is void");
    let mut logins = Vec::new();
    for _ in 0..64 {
        logins.push(scene.begins_login(&dana).await.0.session);
    }
    let proof = FactorProof::RecoveryCode(code);
    let racers = logins
        .iter()
        .map(|session| scene.store.pass_factor(PassFactor { proof, ..scene.pass(session, 0, scene.key()) }));
    assert_eq!(join_all(racers).await.into_iter().filter(Result::is_ok).count(), 1);
    assert_eq!(scene.store.factors(&scene.site, dana.id).await.unwrap().recovery_codes_left, 1);
}

/// Sixty-four codes guessed at once are five, then half an hour; a right one starts again.
pub async fn sixty_four_guessed_codes_are_five(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    scene.login(&dana).await;
    let take = || scene.store.take_factor_attempt(&scene.site, dana.id, None, scene.now());
    assert_eq!(take().await.unwrap(), 4);
    let (half, _) = scene.begins_login(&dana).await;
    scene.store.pass_factor(scene.pass(&half.session, scene.step(), scene.key())).await.unwrap();
    let taken = join_all((0..64).map(|_| take())).await;
    let left: Vec<u32> = taken.into_iter().filter_map(Result::ok).collect();
    assert_eq!(left, vec![4, 3, 2, 1, 0]);
    let locked = take().await;
    assert!(matches!(locked, Err(VerbError::Refused(AttemptRefusal::Locked(_)))), "{locked:?}");
    scene.wait(1_800);
    assert_eq!(take().await.unwrap(), 4);
}

/// A passkey whose counter stands still is a copy's.
pub async fn a_passkey_that_counts_backwards_opens_nothing(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (first, _) = scene.begins_login(&dana).await;
    let key = passkey(&scene, 1);
    let set_up = scene.set_up(&first.session, NewFactor::Passkey(key.clone()), scene.key());
    scene.store.set_up_factor(set_up).await.unwrap();
    for (counter, opens) in [(4, false), (5, false), (6, true), (6, false), (7, true)] {
        let (half, _) = scene.begins_login(&dana).await;
        let proof = FactorProof::Passkey { id: key.id, counter };
        let passed = scene.store.pass_factor(PassFactor { proof, ..scene.pass(&half.session, 0, scene.key()) }).await;
        assert_eq!(passed.is_ok(), opens, "{counter}");
    }
    let known = scene.store.factors(&scene.site, dana.id).await.unwrap().passkeys;
    assert_eq!((known[0].counter, known[0].last_used_at), (7, Some(scene.now())));

    // Another account's passkey opens nothing, and the same one is not registered twice.
    let eve = scene.agent("eve").await;
    scene.login(&eve).await;
    let (half, _) = scene.begins_login(&eve).await;
    let stolen = FactorProof::Passkey { id: key.id, counter: 99 };
    let passed =
        scene.store.pass_factor(PassFactor { proof: stolen, ..scene.pass(&half.session, 0, scene.key()) }).await;
    assert!(matches!(passed, Err(VerbError::Refused(StepRefusal::Factor))), "{passed:?}");
    let (session, _) = scene.login(&eve).await;
    let again = NewFactor::Passkey(PasskeyRecord { id: passkey(&scene, 1).id, ..key });
    let taken = scene.store.set_up_factor(scene.set_up(&session, again, scene.key())).await;
    assert!(matches!(taken, Err(VerbError::Refused(FactorRefusal::Taken))), "{taken:?}");
}

/// The last factor of somebody who needs one stays; a second one may go, and with it nothing else.
pub async fn the_last_factor_stays_where_one_is_needed(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let by = scene.by(Some(&session));
    let remove = |name| scene.store.remove_factor(&scene.site, dana.id, name, by);
    assert!(matches!(remove(FactorName::Totp).await, Err(VerbError::Refused(FactorRefusal::LastFactor))));
    let key = passkey(&scene, 1);
    let set = scene.store.set_up_factor(scene.set_up(&session, NewFactor::Passkey(key.clone()), scene.key())).await;
    assert!(!set.unwrap().recovery_kept, "the first ones stay good");
    let races = join_all([remove(FactorName::Totp), remove(FactorName::Passkey(key.id))]).await;
    assert_eq!(races.iter().filter(|outcome| outcome.is_ok()).count(), 1, "one of two at once");
    assert_eq!(scene.store.factors(&scene.site, dana.id).await.unwrap().recovery_codes_left, 2);

    let lead = scene.somebody("lead", Role::Manager).await;
    let (session, _) = scene.begins_login(&lead).await;
    assert_eq!(session.session.stage, SessionStage::Ready, "a manager needs none");
    let set_up = scene.set_up(&session.session, scene.totp(), scene.key());
    scene.store.set_up_factor(set_up).await.unwrap();
    let by = scene.by(Some(&session.session));
    scene.store.remove_factor(&scene.site, lead.id, FactorName::Totp, by).await.unwrap();
    assert_eq!(scene.store.factors(&scene.site, lead.id).await.unwrap(), aside_desk_domain::Factors::default());
}

/// A reset takes everything: factors, recovery codes, sessions, and the vault's factors by errand. Nobody resets their own.
pub async fn a_reset_takes_all_factors_and_sessions(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (dana, root) = (scene.agent("dana").await, scene.somebody("root", Role::Admin).await);
    let (session, token) = scene.login(&dana).await;
    let (admin, _) = scene.login(&root).await;
    let by = scene.by(Some(&admin));
    let own = scene.store.reset_factors(&scene.site, root.id, by).await;
    assert!(matches!(own, Err(VerbError::Refused(PeopleRefusal::Own))), "{own:?}");
    let south = Scene::on(backend, "southwind", 2).await;
    let foreign = scene.store.reset_factors(&south.site, dana.id, by).await;
    assert!(matches!(foreign, Err(VerbError::Refused(PeopleRefusal::NotFound))), "{foreign:?}");
    let aftermath = scene.store.reset_factors(&scene.site, dana.id, by).await.unwrap();
    assert_eq!((aftermath.ended[0].session, aftermath.ended[0].reason), (session.id, EndReason::FactorReset));
    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap(), None);
    assert!(!scene.store.factors(&scene.site, dana.id).await.unwrap().any());
    assert_eq!(scene.owed().await, vec![Errand::EndSession(session.id), Errand::ResetFactors(dana.id)]);
    let (half, _) = scene.begins_login(&dana).await;
    assert_eq!(half.session.stage, SessionStage::SetUpFactor);
}

/// An account has at most ten passkeys.
pub async fn ten_passkeys_are_enough(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    for number in 0..11 {
        let factor = NewFactor::Passkey(PasskeyRecord { since: Timestamp(number), ..passkey(&scene, number as u8) });
        let set = scene.store.set_up_factor(scene.set_up(&session, factor, scene.key())).await;
        assert_eq!(set.is_ok(), number < 10, "{number}");
    }
}

/// New recovery codes void the former ones, and are none without a factor.
pub async fn new_recovery_codes_void_the_former(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let renew = |codes| scene.store.renew_recovery_codes(&scene.site, dana.id, codes, scene.by(None));
    let early = renew(vec![scene.key()]).await;
    assert!(matches!(early, Err(VerbError::Refused(FactorRefusal::NotFound))), "{early:?}");
    let (first, _) = scene.begins_login(&dana).await;
    let set_up = scene.set_up(&first.session, scene.totp(), scene.key());
    let (old, new) = (set_up.recovery[0], scene.key());
    scene.store.set_up_factor(set_up).await.unwrap();
    renew(vec![new]).await.unwrap();
    for (code, opens) in [(old, false), (new, true)] {
        let (half, _) = scene.begins_login(&dana).await;
        let proof = FactorProof::RecoveryCode(code);
        let passed = scene.store.pass_factor(PassFactor { proof, ..scene.pass(&half.session, 0, scene.key()) }).await;
        assert_eq!(passed.is_ok(), opens);
    }
    assert_eq!(scene.store.factors(&scene.site, dana.id).await.unwrap().recovery_codes_left, 0);
}
