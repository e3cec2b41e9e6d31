//! A key works once, for its purpose, on its site, for its invitation and nowhere else (S4).

use aside_base::{KeyHash, SiteId};
use aside_vault_domain::{Lease, Refusal};
use aside_wire::{CancelReason, Channel};

use super::Place;
use super::world::{Form, World, refusal};

/// Every key at every door that is not its own.
pub async fn a_key_works_for_its_purpose_alone(place: &dyn Place) {
    let world = World::begin(place).await;
    let (_, open) = world.clicked().await;
    let form = world.opened().await;
    let (read, submission) = world.submitted().await;
    let view = world.grant_to(read.invitation, world.session).await.unwrap();
    let enrol = world.mint();
    world.store.start_session(world.desk(), world.site.clone(), world.start(world.session_id()), enrol).await.unwrap();
    let keys = [("open", open), ("submit", form.key), ("view", view), ("enrol", enrol.hash)];
    for (purpose, key) in keys {
        let mut refusals = Vec::new();
        if purpose != "open" {
            refusals.push(refusal(world.open_on(key, world.key()).await));
            refusals.push(refusal(world.store.ask(world.visitor(), key).await));
            refusals.push(refusal(world.store.find_open_key(key).await));
        }
        if purpose != "submit" {
            let misused = Form { key, ..Form { invitation: form.invitation, key, device: form.device } };
            refusals.push(refusal(world.submit(&misused, world.answers()).await));
            let device = Some(form.device);
            refusals.push(refusal(world.store.decline(world.visitor(), form.invitation, key, device).await));
        }
        if purpose != "view" {
            refusals.push(refusal(world.store.view(world.browser(), world.viewing(key, submission)).await));
        }
        if purpose != "enrol" {
            refusals.push(refusal(world.store.enrol(world.browser(), key, world.key()).await));
        }
        assert!(refusals.iter().all(|refusal| *refusal == Refusal::NotValid), "{purpose}: {refusals:?}");
    }
    // None of that has used any of them up.
    world.open_on(open, world.key()).await.unwrap();
    world.submit(&form, world.answers()).await.unwrap();
    world.store.view(world.browser(), world.viewing(view, submission)).await.unwrap();
    world.store.enrol(world.browser(), enrol.hash, world.key()).await.unwrap();
}

/// An id of another site is *not valid*, whatever it names.
pub async fn nothing_of_another_site_is_valid(place: &dyn Place) {
    let world = World::begin(place).await;
    let other: SiteId = "contoso".parse().unwrap();
    world.settle_site(&other).await;
    let (form, _) = world.submitted().await;
    let (sent, _) = world.clicked().await;
    let store = &world.store;
    let refusals = [
        refusal(store.status(other.clone(), sent, world.now()).await),
        refusal(store.mint_open(world.desk(), other.clone(), sent, world.key()).await),
        refusal(store.reissue(world.desk(), other.clone(), sent, world.key()).await),
        refusal(store.cancel(world.desk(), other.clone(), sent, CancelReason::Agent).await),
        refusal(
            store.grant(world.desk(), other.clone(), form.invitation, world.session, Lease::Alive, world.mint()).await,
        ),
        refusal(store.revoke(world.desk(), other.clone(), form.invitation, CancelReason::Transferred).await),
        refusal(store.end_session(world.desk(), other.clone(), world.session).await),
        refusal(store.start_session(world.desk(), other.clone(), world.start(world.session), world.mint()).await),
        refusal(
            store
                .invite(
                    world.desk(),
                    other.clone(),
                    world.invite(Channel::Web),
                    aside_vault_domain::Reference::from_stored("7F3K".into()),
                    None,
                )
                .await,
        ),
    ];
    assert!(refusals.iter().all(|refusal| *refusal == Refusal::NotValid), "{refusals:?}");
    let unknown = "nobody".parse().unwrap();
    assert_eq!(refusal(store.put_definition(world.desk(), unknown, world.form.clone()).await), Refusal::NotValid);
    assert_eq!(store.ended_sessions(other.clone(), vec![world.session]).await.unwrap(), [world.session]);
    // A conversation of another site with the same id closes nothing here.
    store.close_conversation(world.desk(), other, world.conversation).await.unwrap();
    world.grant_to(form.invitation, world.session).await.unwrap();
}

/// Guessing says nothing.
pub async fn a_key_that_nobody_made_is_not_valid(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, submission) = world.submitted().await;
    let guess = KeyHash([0; 32]);
    let guessed = Form { key: guess, ..Form { invitation: form.invitation, key: guess, device: form.device } };
    assert_eq!(refusal(world.open_on(guess, world.key()).await), Refusal::NotValid);
    assert_eq!(refusal(world.submit(&guessed, world.answers()).await), Refusal::NotValid);
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(guess, submission)).await), Refusal::NotValid);
    assert_eq!(refusal(world.store.enrol(world.browser(), guess, world.key()).await), Refusal::NotValid);
}

/// S10: only the device that opened the form can submit it.
pub async fn another_device_neither_loads_nor_submits(place: &dyn Place) {
    let world = World::begin(place).await;
    let form = world.opened().await;
    let thief = world.key();
    let load = world.store.load_form(world.visitor(), form.invitation, thief, world.key()).await;
    assert_eq!(refusal(load), Refusal::NotValid);
    assert_eq!(world.store.find_form(form.invitation, thief).await.unwrap(), None);
    let stolen = Form { device: thief, ..Form { invitation: form.invitation, key: form.key, device: thief } };
    assert_eq!(refusal(world.submit(&stolen, world.answers()).await), Refusal::OtherDevice);
    let bare = world.store.check_submit(form.invitation, form.key, None, world.now()).await;
    assert_eq!(refusal(bare), Refusal::NotValid);
    // The owner is not harmed by it.
    world.submit(&form, world.answers()).await.unwrap();
}
