//! Logins.

use aside_base::KeyHash;
use aside_desk_domain::{EndReason, Errand, Idle, Policy, Role};
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::Aftermath;

/// A token opens its own session only, and nothing after the end.
pub async fn a_session_is_found_by_its_token_until_it_ends(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let dana = scene.agent("dana").await;
    let (session, token) = scene.login(&dana).await;
    let found = store.session_by_token(token, scene.now()).await.unwrap().unwrap();
    assert_eq!((&found.session, &found.agent), (&session, &dana));
    assert_eq!((found.role, found.permissions), (Role::Agent, Role::Agent.defaults()));
    assert!(found.forms_on && found.is_usable(scene.now()));
    assert_eq!(store.session_by_token(KeyHash([0; 32]), scene.now()).await.unwrap(), None);
    let by_id = store.live_session(&scene.site, session.id, scene.now()).await.unwrap();
    assert_eq!(by_id.as_ref(), Some(&found));
    assert_eq!(store.live_sessions(scene.now()).await.unwrap(), vec![found]);

    assert!(store.end_session(&scene.site, session.id, EndReason::Logout, scene.by(None)).await.unwrap());
    assert_eq!(store.session_by_token(token, scene.now()).await.unwrap(), None);
    assert!(store.live_sessions(scene.now()).await.unwrap().is_empty());
}

/// The end is one event with one errand.
pub async fn a_session_ends_once_whoever_races(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    let (session, _) = scene.login(&dana).await;
    let racers = (0..16).map(|_| scene.store.end_session(&scene.site, session.id, EndReason::Logout, scene.by(None)));
    let ended = join_all(racers).await.into_iter().filter(|outcome| *outcome.as_ref().unwrap()).count();
    assert_eq!(ended, 1);
    assert_eq!(scene.owed().await, vec![Errand::EndSession(session.id)]);
}

/// A site cannot reach into another.
pub async fn a_session_of_another_site_cannot_be_ended(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let south = Scene::on(backend, "southwind", 2).await;
    let dana = scene.agent("dana").await;
    let (session, token) = scene.login(&dana).await;
    let reason = EndReason::Logout;
    assert!(!scene.store.end_session(&south.site, session.id, reason, scene.by(None)).await.unwrap());
    assert!(scene.store.session_by_token(token, scene.now()).await.unwrap().is_some());
}

/// Twelve hours are the end, noticed or not.
pub async fn sessions_end_after_twelve_hours(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let dana = scene.agent("dana").await;
    scene.sets_policy(Policy { idle: Idle { on: false, ..Idle::default() }, ..Policy::default() }).await;
    let (old, token) = scene.login(&dana).await;
    scene.wait(60);
    let (young, _) = scene.login(&dana).await;
    scene.wait(12 * 3_600 - 60);
    assert_eq!(scene.store.session_by_token(token, scene.now()).await.unwrap(), None, "before any sweep");
    let ended = scene.store.sweep_sessions(scene.now()).await.unwrap().ended;
    assert_eq!(
        ended.iter().map(|end| (end.session, end.reason)).collect::<Vec<_>>(),
        vec![(old.id, EndReason::TooOld)]
    );
    assert_eq!(scene.store.sweep_sessions(scene.now()).await.unwrap(), Aftermath::default());
    assert_eq!(scene.owed().await, vec![Errand::SwitchForms(false), Errand::EndSession(old.id)]);
    let live: Vec<_> =
        scene.store.live_sessions(scene.now()).await.unwrap().into_iter().map(|l| l.session.id).collect();
    assert_eq!(live, vec![young.id]);
}
