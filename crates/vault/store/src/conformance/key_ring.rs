//! Versions of a site's key: one at a time, moved while others write, retired when nothing depends on them (V2, PCI 3.7).

use aside_base::SiteId;
use aside_vault_domain::{
    KeyState, Moved, NewFactor, Retirement, SealedCodeSecret, SealedFingerprintKey, SealedSiteKey, ToMove, Wrapped,
};

use super::{Place, World};
use crate::{AddFactor, Error};

fn key(version: u32, provider: &str) -> SealedSiteKey {
    SealedSiteKey { version, provider: Some(provider.to_owned()), sealed: vec![u8::try_from(version).unwrap(); 61] }
}

async fn first_key(world: &World) -> SiteId {
    world.store.put_site_key(world.desk(), world.site.clone(), key(1, "file:1")).await.unwrap();
    world.site.clone()
}

async fn rotate(world: &World, version: u32) -> bool {
    world.store.rotate_site_key(world.desk(), world.site.clone(), key(version, "file:1")).await.unwrap()
}

async fn states(world: &World) -> Vec<(u32, KeyState)> {
    let versions = world.store.site_key_versions().await.unwrap();
    versions.iter().map(|version| (version.version, version.state())).collect()
}

fn moved(from: ToMove, version: u32) -> Moved {
    let sealed = from.sealed.iter().map(|byte| byte ^ 0xff).collect();
    Moved { from, version, sealed }
}

async fn acts(world: &World) -> Vec<String> {
    let rows = world.store.audit(0, 1_000).await.unwrap();
    rows.into_iter().map(|row| row.act).filter(|act| act.contains("site_key") || act.contains("rewrap")).collect()
}

/// The newest seals, an older one opens, and whoever comes second makes no version.
pub async fn of_two_rotations_at_once_one_makes_the_next_version(place: &dyn Place) {
    let world = World::begin(place).await;
    assert!(!rotate(&world, 1).await && !rotate(&world, 2).await, "a site without a key has none to follow");
    let site = first_key(&world).await;
    let (one, two) = tokio::join!(rotate(&world, 2), rotate(&world, 2));
    assert!(one != two, "one of them");
    assert!(!rotate(&world, 4).await, "no version is left out");
    assert_eq!(states(&world).await, [(1, KeyState::Readable), (2, KeyState::Current)]);
    assert_eq!(world.store.site_key(site.clone(), None).await.unwrap(), Some(key(2, "file:1")));
    assert_eq!(world.store.site_key(site, Some(1)).await.unwrap(), Some(key(1, "file:1")));
    let world = world.reopened(place).await;
    assert_eq!(states(&world).await, [(1, KeyState::Readable), (2, KeyState::Current)]);
    assert_eq!(acts(&world).await, ["site_key_made", "site_key_rotated"]);
}

/// Everything that older versions seal is found, and what was moved is not found again.
pub async fn everything_is_moved_and_counted_also_across_a_restart(place: &dyn Place) {
    let world = World::begin(place).await;
    let site = first_key(&world).await;
    let (form, submission) = world.submitted().await;
    world.submitted().await;
    let fingerprints = SealedFingerprintKey { version: 1, sealed: vec![3; 61] };
    world.store.put_fingerprint_key(site.clone(), fingerprints.clone()).await.unwrap();
    let again = SealedFingerprintKey { version: 1, sealed: vec![4; 61] };
    assert_eq!(world.store.put_fingerprint_key(site.clone(), again).await.unwrap(), fingerprints);
    assert!(rotate(&world, 2).await);

    let begun = world.store.begin_rewrap(world.desk()).await.unwrap();
    // Two data keys, the code secret of the world's agent, the fingerprint key.
    assert_eq!(begun.total, 4);
    assert_eq!(world.store.begin_rewrap(world.desk()).await.unwrap(), begun, "it is under way");
    let one = world.store.to_move(site.clone(), 2, 0, 1).await.unwrap();
    let kept = world.store.keep_moved(site.clone(), one.into_iter().map(|from| moved(from, 2)).collect()).await;
    assert_eq!(kept.unwrap(), 1);

    let world = world.reopened(place).await;
    assert_eq!(world.store.rewrap_under_way().await.unwrap(), Some(begun));
    let rest = world.store.to_move(site.clone(), 2, 0, 100).await.unwrap();
    assert_eq!(rest.len(), 3);
    assert_eq!(world.store.to_move(site.clone(), 2, 1, 100).await.unwrap().len(), 2, "what cannot be moved is skipped");
    let kept = world.store.keep_moved(site.clone(), rest.into_iter().map(|from| moved(from, 2)).collect()).await;
    assert_eq!(kept.unwrap(), 3);
    assert!(world.store.to_move(site.clone(), 2, 0, 100).await.unwrap().is_empty());
    let sealing = world.store.sealing().await.unwrap();
    assert_eq!(sealing.len(), 1);
    let of = &sealing[0];
    assert_eq!((of.version, of.data_keys, of.code_secrets, of.fingerprint_keys), (2, 2, 1, 1));
    world.store.finish_rewrap(world.desk(), 4, 0).await.unwrap();
    assert_eq!(world.store.rewrap_under_way().await.unwrap(), None);
    let view_key = world.grant_to(form.invitation, world.session).await.unwrap();
    let answers = world.store.view(world.browser(), world.viewing(view_key, submission)).await.unwrap();
    let data_key = &answers.data_keys[0];
    assert_eq!(
        (data_key.version, data_key.born_version),
        (2, 1),
        "its answers name the version that it was born under"
    );
    assert_eq!(data_key.sealed, vec![7 ^ 0xff; 60]);
}

/// A move never brings back what somebody has changed or deleted meanwhile.
pub async fn what_changed_since_it_was_read_is_not_moved(place: &dyn Place) {
    let world = World::begin(place).await;
    let site = first_key(&world).await;
    assert!(rotate(&world, 2).await);
    let found = world.store.to_move(site.clone(), 2, 0, 100).await.unwrap();
    let [secret] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(secret.what, Wrapped::CodeSecret { agent: world.agent });
    world.store.reset_factors(world.desk(), site.clone(), world.agent).await.unwrap();
    assert_eq!(world.store.keep_moved(site.clone(), vec![moved(secret.clone(), 2)]).await.unwrap(), 0);
    let newer = NewFactor::Code { secret: SealedCodeSecret { version: 2, sealed: vec![5; 44] }, step: 1 };
    world.add(newer).await.unwrap();
    assert_eq!(world.store.keep_moved(site.clone(), vec![moved(secret.clone(), 2)]).await.unwrap(), 0);
    assert_eq!(world.factors().await.code.unwrap().secret.sealed, vec![5; 44]);
    assert_eq!(world.store.keep_moved("other".parse().unwrap(), vec![moved(secret.clone(), 2)]).await.unwrap(), 0);
}

/// A version is deleted when nothing depends on it, and not before; nothing is ever kept that only it could open.
pub async fn a_version_that_something_depends_on_is_not_retired(place: &dyn Place) {
    let world = World::begin(place).await;
    let site = first_key(&world).await;
    world.submitted().await;
    let retire = async |version| world.store.retire_site_key(world.desk(), site.clone(), version).await.unwrap();
    assert_eq!(retire(1).await, Retirement::Current);
    assert_eq!(retire(7).await, Retirement::Unknown);
    assert!(rotate(&world, 2).await);
    // The data key and the code secret.
    assert_eq!(retire(1).await, Retirement::StillNeeded(2));
    // A form that was opened before, and is sent only after the version is gone.
    let form = world.opened().await;
    let stale = world.answers();
    let all = world.store.to_move(site.clone(), 2, 0, 100).await.unwrap();
    world.store.keep_moved(site.clone(), all.into_iter().map(|from| moved(from, 2)).collect()).await.unwrap();
    assert_eq!(retire(1).await, Retirement::Done);
    assert_eq!(retire(1).await, Retirement::Done, "a repeat changes nothing");
    assert_eq!(states(&world).await, [(1, KeyState::Retired), (2, KeyState::Current)]);
    assert_eq!(world.store.site_key(site.clone(), Some(1)).await.unwrap(), None);

    assert!(matches!(world.submit(&form, stale.clone()).await, Err(Error::Busy)), "nobody could open it");
    assert_eq!(world.status(form.invitation).await, aside_wire::Status::Viewed, "and the form is still there");
    let old = NewFactor::Code { secret: SealedCodeSecret { version: 1, sealed: vec![5; 44] }, step: 1 };
    let add = AddFactor { viewer: world.viewer, lease: aside_vault_domain::Lease::Alive, factor: old };
    world.store.reset_factors(world.desk(), site.clone(), world.agent).await.unwrap();
    assert!(matches!(world.store.add_factor(world.browser(), add).await, Err(Error::Busy)));
    let fingerprints = SealedFingerprintKey { version: 1, sealed: vec![3; 61] };
    assert!(matches!(world.store.put_fingerprint_key(site.clone(), fingerprints).await, Err(Error::Busy)));

    let mut fresh = stale;
    for data_key in &mut fresh.data_keys {
        (data_key.version, data_key.born_version) = (2, 2);
    }
    world.submit(&form, fresh).await.unwrap();
    assert_eq!(acts(&world).await, ["site_key_made", "site_key_rotated", "site_key_retired"]);
}

/// Another provider seals the same key: the version stays, and only once.
pub async fn a_site_key_moves_to_another_provider_once(place: &dyn Place) {
    let world = World::begin(place).await;
    let site = first_key(&world).await;
    let moved = SealedSiteKey { sealed: vec![9; 70], ..key(1, "pkcs11:aside/vault") };
    let move_it = async || world.store.move_site_key(world.desk(), site.clone(), key(1, "file:1"), moved.clone()).await;
    assert!(move_it().await.unwrap());
    assert!(!move_it().await.unwrap());
    assert_eq!(world.store.site_key(site.clone(), None).await.unwrap(), Some(moved.clone()));
    let versions = world.store.site_key_versions().await.unwrap();
    assert_eq!(versions[0].provider.as_deref(), Some("pkcs11:aside/vault"));
    assert_eq!(acts(&world).await, ["site_key_made", "site_key_moved"]);
}
