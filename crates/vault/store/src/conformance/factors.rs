//! Second factors (A5): set up, confirmed with, refused.

use aside_vault_domain::{Confirmation, Factors, Lease, NewFactor, Proof, Refusal, Usable};
use aside_wire::Channel;

use super::Place;
use super::world::{World, refusal};
use crate::{Confirm, Reveal};

/// There is no switch for this.
pub async fn nothing_is_sent_without_a_factor(place: &dyn Place) {
    let world = World::begin(place).await;
    world.store.reset_factors(world.desk(), world.site.clone(), world.agent).await.unwrap();
    assert_eq!(refusal(world.send(world.invite(Channel::Web), None).await), Refusal::NoFactor);
    let start =
        || world.store.start_session(world.desk(), world.site.clone(), world.start(world.session), world.mint());
    assert!(!start().await.unwrap().factor);
    world.add(world.passkey()).await.unwrap();
    assert!(start().await.unwrap().factor);
    world.send(world.invite(Channel::Web), None).await.unwrap();
}

/// Step-up: each reveal, whatever it shows.
pub async fn a_reveal_needs_a_confirmation_of_the_last_five_minutes(place: &dyn Place) {
    let world = World::begin(place).await;
    // Setting up the first factor confirmed the session.
    world.wait(300);
    let shown = world.viewed().await;
    let reveal = |question: &str| {
        let reveal = Reveal { question: question.into(), ..world.revealing(shown.view.id) };
        world.store.reveal(world.browser(), reveal)
    };
    assert_eq!(shown.usable, Usable { code: true, passkeys: false });
    assert_eq!(shown.session.confirmation(world.now()), None);
    for question in ["number", "cvv"] {
        assert_eq!(refusal(reveal(question).await), Refusal::Confirm);
    }
    let wrong = world.confirm(Some(shown.view.id), Proof::WrongCode).await;
    assert_eq!(refusal(wrong), Refusal::WrongCode { left: 4 });
    assert_eq!(refusal(reveal("number").await), Refusal::Confirm);
    let until = world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    assert_eq!(until, world.now().plus_seconds(300));
    reveal("number").await.unwrap();
    world.wait(299);
    reveal("cvv").await.unwrap();
    world.wait(1);
    assert_eq!(refusal(reveal("number").await), Refusal::Confirm);
}

/// The agent's, in every session of hers; the right code and a passkey too.
pub async fn five_wrong_codes_lock_the_agent_everywhere(place: &dyn Place) {
    let world = World::begin(place).await;
    world.add(world.passkey()).await.unwrap();
    let passkey = world.factors().await.passkeys.remove(0);
    let signed = |counter| Proof::Passkey { id: passkey.id.clone(), counter };
    world.wait(300);
    let elsewhere = world.key();
    world.start_session_in(elsewhere).await;
    for left in [4, 3, 2, 1] {
        assert_eq!(refusal(world.confirm(None, Proof::WrongCode).await), Refusal::WrongCode { left });
    }
    let locked = Refusal::FactorLocked { until: world.now().plus_seconds(1_800) };
    assert_eq!(refusal(world.confirm(None, Proof::WrongCode).await), locked);
    let there = Confirm { viewer: elsewhere, lease: Lease::Alive, view: None, proof: signed(2) };
    assert_eq!(refusal(world.store.confirm(world.browser(), there.clone()).await), locked);
    world.wait(1_799);
    for proof in [world.code(world.step()), signed(2), Proof::WrongCode] {
        assert_eq!(refusal(world.confirm(None, proof).await), locked);
    }
    assert_eq!(refusal(world.add(world.code_app()).await), locked);
    assert_eq!(world.factors().await.tries.left(world.now()), 0);
    world.wait(1);
    world.confirm(None, world.code(world.step())).await.unwrap();
    world.store.confirm(world.browser(), there).await.unwrap();
    assert_eq!(world.factors().await.tries.left(world.now()), 5);
}

/// A browser that was left open adds no factor of a passer-by.
pub async fn another_factor_needs_the_first(place: &dyn Place) {
    let world = World::begin(place).await;
    world.wait(300);
    for factor in [world.passkey(), world.code_app()] {
        assert_eq!(refusal(world.add(factor).await), Refusal::Confirm);
    }
    world.confirm(None, world.code(world.step())).await.unwrap();
    world.add(world.passkey()).await.unwrap();
    world.wait(300);
    assert_eq!(refusal(world.add(world.passkey()).await), Refusal::Confirm);
    assert_eq!(world.factors().await.passkeys.len(), 1);
}

/// Nor does adding one take away what the older one has confirmed.
pub async fn a_newer_factor_opens_nothing_that_was_sent_before(place: &dyn Place) {
    let world = World::begin(place).await;
    world.wait(300);
    let before = world.viewed().await;
    world.wait(1);
    world.confirm(None, world.code(world.step())).await.unwrap();
    world.add(world.passkey()).await.unwrap();
    let reveal = |view| world.store.reveal(world.browser(), world.revealing(view));
    reveal(before.view.id).await.unwrap();
    let id = world.factors().await.passkeys.remove(0).id;
    let signed = |counter| Proof::Passkey { id: id.clone(), counter };
    assert_eq!(refusal(world.confirm(Some(before.view.id), signed(2)).await), Refusal::FactorTooNew);
    reveal(before.view.id).await.unwrap();
    // Confirmed for no form in particular: still nothing for this one.
    world.confirm(None, signed(3)).await.unwrap();
    assert_eq!(refusal(reveal(before.view.id).await), Refusal::FactorTooNew);
    let after = world.viewed().await;
    assert_eq!(after.usable, Usable { code: true, passkeys: true });
    reveal(after.view.id).await.unwrap();
    // A code app that takes the old one's place is as new as any.
    world.wait(1);
    world.add(world.code_app()).await.unwrap();
    let replaced = world.confirm(Some(before.view.id), world.code(world.step())).await;
    assert_eq!(refusal(replaced), Refusal::FactorTooNew);
}

/// Two agents never share a key, and a copied one betrays itself.
pub async fn a_passkey_is_of_one_agent_and_counts_on(place: &dyn Place) {
    let world = World::begin(place).await;
    let passkey = world.passkey();
    let NewFactor::Passkey { id, .. } = &passkey else { unreachable!() };
    world.add(passkey.clone()).await.unwrap();
    assert_eq!(refusal(world.add(passkey.clone()).await), Refusal::NotValid);
    let colleague = world.colleague().await;
    assert_eq!(refusal(world.add_in(colleague, passkey.clone()).await), Refusal::NotValid);
    let signed = |counter| Proof::Passkey { id: id.clone(), counter };
    let theirs = Confirm { viewer: colleague, lease: Lease::Alive, view: None, proof: signed(2) };
    assert_eq!(refusal(world.store.confirm(world.browser(), theirs).await), Refusal::NoFactor);
    for (counter, good) in [(1, false), (2, true), (2, false), (9, true), (8, false), (0, false)] {
        assert_eq!(world.confirm(None, signed(counter)).await.is_ok(), good, "{counter}");
    }
}

/// What is acknowledged is durable: a step that was used stays used.
pub async fn what_was_set_up_and_used_is_kept_across_a_restart(place: &dyn Place) {
    let world = World::begin(place).await;
    world.add(world.passkey()).await.unwrap();
    world.wait(7);
    let step = world.step();
    world.confirm(None, world.code(step)).await.unwrap();
    let confirmed_at = world.now();
    let _ = refusal(world.confirm(None, Proof::WrongCode).await);
    let factors: Factors = world.factors().await;
    let world = world.reopened(place).await;
    assert_eq!(world.factors().await, factors);
    assert_eq!(factors.code.as_ref().map(|code| (code.last_step, code.secret.sealed.len())), Some((step, 49)));
    assert_eq!(factors.tries.left(world.now()), 4);
    let since = factors.code.map(|code| code.since).unwrap();
    let session = world.store.session_of_viewer(world.viewer).await.unwrap().unwrap();
    assert_eq!(session.confirmed, Some(Confirmation { at: confirmed_at, since }));
    assert_eq!(refusal(world.confirm(None, world.code(step)).await), Refusal::WrongCode { left: 3 });
}

/// A8: who, with what, with what result.
pub async fn every_confirmation_and_its_refusal_is_audited(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    let last = world.last_audited().await;
    let _ = refusal(world.confirm(Some(shown.view.id), Proof::WrongCode).await);
    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    let _ = refusal(world.confirm(None, Proof::Passkey { id: vec![1], counter: 1 }).await);
    let _ = refusal(world.confirm(None, Proof::WrongPasskey { reason: "signature" }).await);
    world.add(world.passkey()).await.unwrap();
    world.store.reset_factors(world.desk(), world.site.clone(), world.agent).await.unwrap();
    world.store.reset_factors(world.desk(), world.site.clone(), world.agent).await.unwrap();
    let _ = refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await);
    let rows = world.store.audit(last, 10).await.unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.act.as_str(), row.on.detail.as_deref().unwrap_or(""), row.outcome.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("confirmed", "code", "wrong_code"),
            ("confirmed", "code", "done"),
            ("confirmed", "passkey", "no_factor"),
            ("confirmed", "passkey: signature", "not_valid"),
            ("factor_added", "passkey", "done"),
            ("factors_reset", "", "done"),
            ("revealed", "number", "confirm"),
        ]
    );
    assert!(rows[..6].iter().all(|row| row.on.agent == Some(world.agent)));
    assert_eq!((rows[0].on.view, rows[1].on.session), (Some(shown.view.id), Some(world.session)));
}
