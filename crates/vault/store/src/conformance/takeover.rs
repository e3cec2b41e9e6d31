//! A desk that somebody has taken over says what it likes: it starts sessions, resets factors, replays codes. And the neighbours:
//! a second browser, another site. Nothing that was sent before is opened by it.

use aside_vault_domain::{Lease, NoRight, Proof, Refusal, Usable};
use aside_wire::{AgentRights, Channel};

use super::Place;
use super::world::{World, refusal};
use crate::{AddFactor, Confirm, ViewAnswers};

/// The desk resets Dana's factors and sits down at her screen.
pub async fn a_reset_opens_nothing_that_was_sent_before(place: &dyn Place) {
    let world = World::begin(place).await;
    world.wait(300);
    let (unsubmitted, shown) = (world.opened().await, world.viewed().await);
    let old_step = world.step();
    world.confirm(Some(shown.view.id), world.code(old_step)).await.unwrap();
    world.wait(1);
    world.store.reset_factors(world.desk(), world.site.clone(), world.agent).await.unwrap();
    let reveal = |view| world.store.reveal(world.browser(), world.revealing(view));
    // What was confirmed is void, and the lost app confirms nothing more.
    assert_eq!(refusal(reveal(shown.view.id).await), Refusal::Confirm);
    let lost = world.confirm(Some(shown.view.id), world.code(world.step())).await;
    assert_eq!(refusal(lost), Refusal::NoFactor);
    let of_the_lost_app = world.code(world.step());
    world.add(world.code_app()).await.unwrap();
    assert_eq!(refusal(world.confirm(None, of_the_lost_app).await), Refusal::NoFactor);
    assert_eq!(refusal(reveal(shown.view.id).await), Refusal::FactorTooNew);
    for view in [Some(shown.view.id), None] {
        let _ = world.confirm(view, world.code(world.step())).await;
        assert_eq!(refusal(reveal(shown.view.id).await), Refusal::FactorTooNew);
    }
    // Nor what was sent before and answered later, issued anew or not.
    world.store.reissue(world.desk(), world.site.clone(), unsubmitted.invitation, world.key()).await.unwrap();
    let key = world.key();
    world.store.mint_open(world.desk(), world.site.clone(), unsubmitted.invitation, key).await.unwrap();
    let (device, submit) = (world.key(), world.key());
    world.open_on(key, device).await.unwrap();
    world.store.load_form(world.visitor(), unsubmitted.invitation, device, submit).await.unwrap();
    let form = super::world::Form { invitation: unsubmitted.invitation, key: submit, device };
    let answers = world.answers();
    let submission = answers.id;
    world.submit(&form, answers).await.unwrap();
    let key = world.grant_to(form.invitation, world.session).await.unwrap();
    let answered = world.store.view(world.browser(), world.viewing(key, submission)).await.unwrap();
    assert_eq!(answered.usable, Usable::default());
    assert_eq!(refusal(reveal(answered.view.id).await), Refusal::FactorTooNew);
    // What is sent from now on is the new factor's.
    let after = world.viewed().await;
    reveal(after.view.id).await.unwrap();
}

/// The desk makes a session of Dana's in a browser of its own, invents a factor there, and goes for hers.
pub async fn a_session_that_the_desk_starts_itself_opens_nothing(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    let (form, submission) = world.submitted().await;
    world.wait(1);
    world.store.reset_factors(world.desk(), world.site.clone(), world.agent).await.unwrap();
    let theirs = world.key();
    let session = world.start_session_in(theirs).await;
    world.add_in(theirs, world.passkey()).await.unwrap();
    let id = world.factors().await.passkeys.remove(0).id;
    // In Dana's view: not their browser.
    let in_hers = Confirm {
        viewer: theirs,
        lease: Lease::Alive,
        view: Some(shown.view.id),
        proof: Proof::Passkey { id: id.clone(), counter: 2 },
    };
    let other_browser = Refusal::NoRight(NoRight::OtherBrowser);
    assert_eq!(refusal(world.store.confirm(world.browser(), in_hers).await), other_browser);
    // In their own: it confirms nothing of hers.
    let own = Confirm { viewer: theirs, lease: Lease::Alive, view: None, proof: Proof::Passkey { id, counter: 3 } };
    world.store.confirm(world.browser(), own).await.unwrap();
    let peek = crate::Reveal { viewer: theirs, ..world.revealing(shown.view.id) };
    assert_eq!(refusal(world.store.reveal(world.browser(), peek).await), other_browser);
    let granted = world.grant_to(form.invitation, session).await;
    assert_eq!(refusal(granted), Refusal::NoRight(NoRight::OtherSession));
    let key = world.grant_to(form.invitation, world.session).await.unwrap();
    let stolen = ViewAnswers { viewer: theirs, ..world.viewing(key, submission) };
    assert_eq!(refusal(world.store.view(world.browser(), stolen).await), other_browser);
    // Dana's own browser sees, and reveals nothing: her factor is gone and theirs is too new.
    let seen = world.store.view(world.browser(), world.viewing(key, submission)).await.unwrap();
    assert_eq!(refusal(world.store.reveal(world.browser(), world.revealing(seen.view.id)).await), Refusal::Confirm);
    // Rights given, taken and given again change nothing of it.
    for rights in [AgentRights { card_numbers: false, ..world.start(session).rights }, world.start(session).rights] {
        world.store.set_rights(world.desk(), world.site.clone(), world.agent, rights).await.unwrap();
    }
    let closed = world.store.reveal(world.browser(), world.revealing(seen.view.id)).await;
    assert_eq!(refusal(closed), Refusal::NoRight(NoRight::ViewClosed));
}

/// Dana confirms at one desk and has another session open somewhere.
pub async fn a_confirmation_counts_in_its_own_session_alone(place: &dyn Place) {
    let world = World::begin(place).await;
    world.wait(300);
    let shown = world.viewed().await;
    let elsewhere = world.key();
    world.start_session_in(elsewhere).await;
    let step = world.step();
    let there = |proof| Confirm { viewer: elsewhere, lease: Lease::Alive, view: None, proof };
    world.store.confirm(world.browser(), there(world.code(step))).await.unwrap();
    let unconfirmed = world.store.reveal(world.browser(), world.revealing(shown.view.id)).await;
    assert_eq!(refusal(unconfirmed), Refusal::Confirm);
    // The code that was seen over her shoulder is used up.
    let replayed = world.confirm(Some(shown.view.id), world.code(step)).await;
    assert_eq!(refusal(replayed), Refusal::WrongCode { left: 4 });
}

/// Only the enrolled browser is at the other end of a factor.
pub async fn another_browser_neither_confirms_nor_adds(place: &dyn Place) {
    let world = World::begin(place).await;
    let stranger = world.key();
    let other_browser = Refusal::NoRight(NoRight::OtherBrowser);
    assert_eq!(refusal(world.add_in(stranger, world.passkey()).await), other_browser);
    let confirm = |viewer, lease| Confirm { viewer, lease, view: None, proof: Proof::WrongCode };
    let tried = world.store.confirm(world.browser(), confirm(stranger, Lease::Alive)).await;
    assert_eq!(refusal(tried), other_browser);
    // Nor the enrolled one while the desk is silent, or after the end.
    let lapsed = Refusal::NoRight(NoRight::LeaseLapsed);
    let silent = world.store.confirm(world.browser(), confirm(world.viewer, Lease::Lapsed)).await;
    assert_eq!(refusal(silent), lapsed);
    let add = AddFactor { viewer: world.viewer, lease: Lease::Lapsed, factor: world.passkey() };
    assert_eq!(refusal(world.store.add_factor(world.browser(), add).await), lapsed);
    world.store.end_session(world.desk(), world.site.clone(), world.session).await.unwrap();
    let over = Refusal::NoRight(NoRight::SessionEnded);
    assert_eq!(refusal(world.confirm(None, Proof::WrongCode).await), over);
    assert_eq!(refusal(world.add(world.passkey()).await), over);
    assert_eq!(world.factors().await.tries.left(world.now()), 5, "strangers lock nobody out");
}

/// The other site's desk knows every id there is.
pub async fn another_site_reaches_nobodys_factors(place: &dyn Place) {
    let world = World::begin(place).await;
    let other: aside_base::SiteId = "southwind".parse().unwrap();
    world.settle_site(&other).await;
    let before = world.factors().await;
    let none = AgentRights::default();
    world.store.reset_factors(world.desk(), other.clone(), world.agent).await.unwrap();
    world.store.set_rights(world.desk(), other.clone(), world.agent, none).await.unwrap();
    world.store.switch_forms(world.desk(), other.clone(), false).await.unwrap();
    assert_eq!(refusal(world.store.lock_session(world.desk(), other.clone(), world.session).await), Refusal::NotValid);
    let unlocked = world.store.unlock_session(world.desk(), other.clone(), world.session).await;
    assert_eq!(refusal(unlocked), Refusal::NotValid);
    assert_eq!(world.factors().await, before);
    assert!(world.store.factors(other.clone(), world.agent).await.unwrap().is_empty());
    world.send(world.invite(Channel::Web), None).await.unwrap();
    // An agent of that site with the same id has nothing of this one's.
    let theirs = world.key();
    world.start_session_at(&other, world.agent, theirs).await;
    let code = Confirm { viewer: theirs, lease: Lease::Alive, view: None, proof: world.code(world.step()) };
    assert_eq!(refusal(world.store.confirm(world.browser(), code).await), Refusal::NoRight(NoRight::SecureForms));
}
