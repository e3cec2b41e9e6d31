//! The idle lock: who gave no input is locked out, then signed out; who comes back shows a password or passkey (A4).

use aside_desk_domain::{BeginRefusal, EndReason, Errand, FactorProof, Idle, Policy, SessionStage, StepRefusal};
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::{Aftermath, EndedSession, LockedSession, Unlock, VerbError};

fn unlock(scene: &Scene, session: &aside_desk_domain::Session, charge: Option<crate::Charge>) -> Unlock {
    Unlock {
        site: scene.site.clone(),
        session: session.id,
        charge,
        proof: None,
        token: scene.key(),
        from: None,
        now: scene.now(),
    }
}

/// Fifteen minutes without input lock, fifteen more end; input in between moves both.
pub async fn a_console_without_input_locks_and_then_ends(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, token) = scene.login(&dana).await;
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    scene.wait(600);
    scene.store.note_input(&scene.site, session.id, scene.now()).await.unwrap();
    scene.wait(899);
    assert_eq!(scene.store.sweep_sessions(scene.now()).await.unwrap(), Aftermath::default());
    scene.wait(1);
    let live = scene.store.session_by_token(token, scene.now()).await.unwrap().unwrap();
    assert!(live.is_locked(scene.now()), "before any sweep");
    // An input that comes too late opens nothing, and nothing is sent.
    scene.store.note_input(&scene.site, session.id, scene.now()).await.unwrap();
    let begun = scene.store.begin_invitation(scene.draft(&dana, &session, conversation)).await;
    assert!(matches!(begun, Err(VerbError::Refused(BeginRefusal::NotAllowed))), "{begun:?}");
    let locked = LockedSession { site: scene.site.clone(), session: session.id };
    let aftermath = Aftermath { locked: vec![locked], ..Aftermath::default() };
    assert_eq!(scene.store.sweep_sessions(scene.now()).await.unwrap(), aftermath);
    assert_eq!(scene.store.live_sessions(scene.now()).await.unwrap().len(), 1, "its lease goes on");
    scene.wait(899);
    scene.store.note_input(&scene.site, session.id, scene.now()).await.unwrap();
    assert_eq!(scene.store.sweep_sessions(scene.now()).await.unwrap(), Aftermath::default());
    scene.wait(1);
    let reason = EndReason::Idle;
    let ended = EndedSession { site: scene.site.clone(), session: session.id, reason };
    let aftermath = Aftermath { ended: vec![ended], ..Aftermath::default() };
    assert_eq!(scene.store.sweep_sessions(scene.now()).await.unwrap(), aftermath);
    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap(), None);
    // Errands about one session come one after the other.
    assert_eq!(scene.owed().await, vec![Errand::LockSession(session.id)]);
    let due = scene.store.due_errands(scene.now(), 10).await.unwrap();
    scene.store.errand_failed(due[0].id, scene.now()).await.unwrap();
    assert!(scene.owed().await.is_empty(), "the end waits for the lock before it");
    scene.store.errand_done(due[0].id, scene.now()).await.unwrap();
    assert_eq!(scene.owed().await, vec![Errand::EndSession(session.id)]);
}

/// Zero minutes until sign-out: the end comes instead of the lock.
pub async fn with_nothing_between_a_console_ends_instead_of_locking(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let idle = Idle { on: true, lock_after_minutes: 1, sign_out_after_minutes: 0 };
    scene.sets_policy(Policy { idle, ..Policy::default() }).await;
    scene.login(&dana).await;
    scene.wait(60);
    let swept = scene.store.sweep_sessions(scene.now()).await.unwrap();
    assert_eq!((swept.ended.len(), swept.locked.len()), (1, 0));
}

/// The password of a charged try, or a passkey, takes the lock away once, under another token.
pub async fn an_unlock_needs_a_proof_and_gives_another_token(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, token) = scene.login(&dana).await;
    let by = scene.by(Some(&session));
    let early = scene.store.unlock_session(unlock(&scene, &session, None)).await;
    assert!(matches!(early, Err(VerbError::Refused(StepRefusal::Session))), "not locked: {early:?}");
    let racers = (0..16).map(|_| scene.store.lock_session(&scene.site, session.id, by));
    assert_eq!(join_all(racers).await.into_iter().filter(|locked| *locked.as_ref().unwrap()).count(), 1);

    let bare = scene.store.unlock_session(unlock(&scene, &session, None)).await;
    assert!(matches!(bare, Err(VerbError::Refused(StepRefusal::FactorNeeded))), "{bare:?}");
    let code = Unlock { proof: Some(FactorProof::Totp { step: scene.step() }), ..unlock(&scene, &session, None) };
    let alone = scene.store.unlock_session(code).await;
    assert!(matches!(alone, Err(VerbError::Refused(StepRefusal::FactorNeeded))), "{alone:?}");

    let charge = scene.store.take_attempt(scene.attempt(&dana)).await.unwrap();
    let opened = unlock(&scene, &session, Some(charge));
    let racers = (0..16).map(|_| scene.store.unlock_session(opened.clone()));
    let unlocked: Vec<_> = join_all(racers).await.into_iter().filter_map(Result::ok).collect();
    assert_eq!(unlocked.len(), 1);
    assert!(unlocked[0].is_usable(scene.now()));
    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap(), None, "the old token is void");
    assert!(scene.store.session_by_token(opened.token, scene.now()).await.unwrap().is_some());
    assert_eq!(scene.owed().await, vec![Errand::LockSession(session.id)]);
    scene.store.errand_done(scene.store.due_errands(scene.now(), 1).await.unwrap()[0].id, scene.now()).await.unwrap();
    assert_eq!(scene.owed().await, vec![Errand::UnlockSession(session.id)]);
}

/// A login that stops half-way has no rights, is not at the vault, and ends by itself.
pub async fn an_unfinished_login_has_no_rights_and_ends(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (ready, _) = scene.login(&dana).await;
    let (half, token) = scene.begins_login(&dana).await;
    assert_eq!(half.session.stage, SessionStage::SecondFactor);
    assert!(!half.is_usable(scene.now()));
    let visitor = scene.visitor().await;
    let conversation = scene.says(&visitor, "Hello").await.entry.conversation;
    let begun = scene.store.begin_invitation(scene.draft(&dana, &half.session, conversation)).await;
    assert!(matches!(begun, Err(VerbError::Refused(BeginRefusal::NotAllowed))), "{begun:?}");
    assert!(!scene.store.lock_session(&scene.site, half.session.id, scene.by(None)).await.unwrap());
    let live = scene.store.live_sessions(scene.now()).await.unwrap();
    assert_eq!(live.iter().map(|live| live.session.id).collect::<Vec<_>>(), vec![ready.id]);
    scene.wait(899);
    assert!(scene.store.session_by_token(token, scene.now()).await.unwrap().is_some());
    scene.wait(1);
    let swept = scene.store.sweep_sessions(scene.now()).await.unwrap();
    assert_eq!(swept.ended.iter().map(|ended| ended.session).collect::<Vec<_>>(), vec![half.session.id]);
}
