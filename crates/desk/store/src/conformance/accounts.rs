//! Sites and agents.

use super::{Backend, Scene};
use crate::Creation;

/// Creating twice leaves the first, password included.
pub async fn a_site_and_an_agent_are_created_once(backend: &mut impl Backend) {
    let scene = Scene::set(backend).await;
    let store = &scene.store;
    let mut other = scene.profile();
    other.brand = "Southwind".into();
    assert_eq!(store.create_site(other, scene.now()).await.unwrap(), Creation::Exists(scene.profile()));
    assert_eq!(store.site(&scene.site).await.unwrap(), Some(scene.profile()));
    assert_eq!(store.sites().await.unwrap(), vec![scene.profile()]);

    let dana = scene.agent("dana").await;
    let mut again = scene.new_agent("dana");
    again.password = aside_desk_domain::PasswordHash::from_phc("another".into());
    assert_eq!(store.create_agent(again, scene.now()).await.unwrap(), Some(Creation::Exists(dana.clone())));
    let found = store.credentials(Some(&scene.site), &dana.name).await.unwrap().unwrap();
    assert_eq!(found.usable().map(|hash| hash.as_phc()), Some("$argon2id$for-dana"));
    assert_eq!(found.agent, dana);
    assert_eq!(store.agent(&scene.site, dana.id).await.unwrap(), Some(dana.clone()));

    let nowhere = "nowhere".parse().unwrap();
    assert_eq!(store.agent(&nowhere, dana.id).await.unwrap(), None);
    let mut lost = scene.new_agent("lost");
    lost.agent.site = nowhere;
    assert_eq!(store.create_agent(lost, scene.now()).await.unwrap(), None);
}

/// Two sites may have a `dana` each; then the name alone names nobody.
pub async fn a_login_name_without_its_site_must_be_unique(backend: &mut impl Backend) {
    let north = Scene::set(backend).await;
    let south = Scene::on(backend, "southwind", 2).await;
    let dana = north.agent("dana").await;
    assert_eq!(north.store.credentials(None, &dana.name).await.unwrap().unwrap().agent, dana);
    let namesake = south.agent("dana").await;
    assert_eq!(north.store.credentials(None, &dana.name).await.unwrap(), None);
    assert_eq!(north.store.credentials(Some(&south.site), &dana.name).await.unwrap().unwrap().agent, namesake);
    assert_eq!(north.store.credentials(None, &"nobody".parse().unwrap()).await.unwrap(), None);
}
