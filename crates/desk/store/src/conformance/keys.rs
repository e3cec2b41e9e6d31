//! API keys: within what their maker may do, until they end or are revoked, for good.

use aside_base::{ApiKeyId, KeyHash};
use aside_desk_domain::{ApiKey, KeyRefusal, Role, Scope, Session};
use futures_util::future::join_all;

use super::{Backend, Scene};
use crate::VerbError;

fn key(scene: &Scene, maker: &Session, scopes: &[Scope]) -> ApiKey {
    ApiKey {
        id: ApiKeyId::from_uuid(*scene.message().as_uuid()),
        site: scene.site.clone(),
        name: "Archive".into(),
        prefix: "Zk3q".into(),
        scopes: scopes.to_vec(),
        created_by: maker.agent,
        created_at: scene.now(),
        expires_at: scene.now().plus_seconds(86_400),
        last_used_at: None,
        revoked_at: None,
    }
}

/// A key opens what it was made for, by its own secret, until it ends; its use is noted to the minute.
pub async fn a_key_opens_until_it_ends_or_is_revoked(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let root = scene.somebody("root", Role::Admin).await;
    let (session, _) = scene.login(&root).await;
    let (store, by) = (&scene.store, scene.by(Some(&session)));
    let (audit, secret) = (key(&scene, &session, &[Scope::AuditRead]), scene.key());
    store.create_api_key(audit.clone(), secret, by).await.unwrap();
    let used = store.use_api_key(audit.id, secret, scene.now()).await.unwrap().unwrap();
    assert!(used.may(Scope::AuditRead, scene.now()) && !used.may(Scope::PeopleRead, scene.now()));
    let first = scene.now();
    assert_eq!(store.use_api_key(audit.id, KeyHash([0; 32]), scene.now()).await.unwrap(), None);
    scene.wait(30);
    store.use_api_key(audit.id, secret, scene.now()).await.unwrap().unwrap();
    assert_eq!(store.api_keys(&scene.site).await.unwrap()[0].last_used_at, Some(first));
    scene.wait(30);
    store.use_api_key(audit.id, secret, scene.now()).await.unwrap().unwrap();
    assert_eq!(store.api_keys(&scene.site).await.unwrap()[0].last_used_at, Some(scene.now()));

    let (short, other) = (key(&scene, &session, &[Scope::SecurityRead]), scene.key());
    store.create_api_key(short.clone(), other, by).await.unwrap();
    let south = Scene::on(backend, "southwind", 2).await;
    let foreign = store.revoke_api_key(&south.site, audit.id, by).await;
    assert!(matches!(foreign, Err(VerbError::Refused(KeyRefusal::NotFound))), "{foreign:?}");
    let racers = (0..8).map(|_| store.revoke_api_key(&scene.site, audit.id, by));
    assert!(join_all(racers).await.iter().all(Result::is_ok));
    assert_eq!(store.use_api_key(audit.id, secret, scene.now()).await.unwrap(), None);
    let lines = store.audit_lines(0, 100).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.action == "revoke_key").count(), 1);
    scene.wait(86_400);
    assert_eq!(store.use_api_key(short.id, other, scene.now()).await.unwrap(), None, "a day is over");
}

/// Nobody makes a key that may do more than they may, in another's name, or for ever.
pub async fn a_key_is_within_what_its_maker_may_do(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let (root, dana) = (scene.somebody("root", Role::Admin).await, scene.agent("dana").await);
    let (admin, _) = scene.login(&root).await;
    let (agent, _) = scene.login(&dana).await;
    let refusal = async |key: ApiKey, by: &Session| match scene
        .store
        .create_api_key(key, scene.key(), scene.by(Some(by)))
        .await
    {
        Err(VerbError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(key(&scene, &agent, &[Scope::AuditRead]), &agent).await, KeyRefusal::BeyondOwn);
    assert_eq!(refusal(key(&scene, &admin, &[Scope::AuditRead]), &agent).await, KeyRefusal::BeyondOwn);
    let eternal =
        ApiKey { expires_at: scene.now().plus_seconds(366 * 86_400), ..key(&scene, &admin, &[Scope::AuditRead]) };
    assert_eq!(refusal(eternal, &admin).await, KeyRefusal::Field("days"));
}
