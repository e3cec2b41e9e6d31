//! An invitation's life, with lost replies, stale tabs and restarts.

use std::time::Duration;

use aside_vault_domain::{Refusal, SealedSiteKey};
use aside_wire::{Channel, EventKind, Status};

use super::Place;
use super::world::{Form, World, refusal};
use crate::{OpenOutcome, Reveal, SubmitOutcome};

/// Nothing that was acknowledged is lost, nothing works twice, wherever the restart falls.
pub async fn every_step_is_kept_across_a_restart(place: &dyn Place) {
    let world = World::begin(place).await;
    let (invitation, open) = world.clicked().await;
    let world = world.reopened(place).await;
    let (device, key) = (world.key(), world.key());
    assert!(matches!(world.open_on(open, device).await.unwrap(), OpenOutcome::Now { .. }));
    let world = world.reopened(place).await;
    assert_eq!(refusal(world.open_on(open, world.key()).await), Refusal::Used);
    world.store.load_form(world.visitor(), invitation, device, key).await.unwrap();
    let world = world.reopened(place).await;
    let (form, answers) = (Form { invitation, key, device }, world.answers());
    let submission = answers.id;
    world.submit(&form, answers.clone()).await.unwrap();
    let world = world.reopened(place).await;
    assert!(matches!(world.submit(&form, world.answers()).await.unwrap(), SubmitOutcome::AlreadySent(_)));
    let view_key = world.grant_to(invitation, world.session).await.unwrap();
    let world = world.reopened(place).await;
    let shown = world.store.view(world.browser(), world.viewing(view_key, submission)).await.unwrap();
    assert_eq!((shown.answers, shown.data_keys), (answers.answers, answers.data_keys));
    let world = world.reopened(place).await;
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(view_key, submission)).await), Refusal::Used);
    assert_eq!(world.status(invitation).await, Status::Read);
    let kinds = [EventKind::Viewed, EventKind::Submitted { submission }, EventKind::Read];
    assert_eq!(world.happened(invitation).await, kinds);
}

/// The desk repeats what it got no reply to.
pub async fn a_repeated_invite_finds_the_first_and_mints_nothing(place: &dyn Place) {
    let world = World::begin(place).await;
    let (invite, key) = (world.invite(Channel::Link), world.key());
    let first = world.send(invite.clone(), Some(key)).await.unwrap();
    world.wait(60);
    let second_key = world.key();
    let second = world.send(invite.clone(), Some(second_key)).await.unwrap();
    assert!(first.link_key_kept && !second.link_key_kept);
    assert_eq!(first.invitation, second.invitation);
    assert_eq!(refusal(world.open_on(second_key, world.key()).await), Refusal::NotValid);
    let mut other = invite;
    other.conversation = aside_base::ConversationId::from_uuid(*other.invitation.as_uuid());
    assert_eq!(refusal(world.send(other, None).await), Refusal::WrongState(Status::Sent));
}

/// A phone dropped the tab and came back (step 2).
pub async fn a_stale_tab_is_told_and_the_fresh_one_submits(place: &dyn Place) {
    let world = World::begin(place).await;
    let stale = world.opened().await;
    let fresh = world.key();
    world.store.load_form(world.visitor(), stale.invitation, stale.device, fresh).await.unwrap();
    assert_eq!(refusal(world.submit(&stale, world.answers()).await), Refusal::Replaced);
    let fresh = Form { key: fresh, ..stale };
    assert!(matches!(world.submit(&fresh, world.answers()).await.unwrap(), SubmitOutcome::First(_)));
}

/// Edge case 13, and S6: a repeat is not a second submission, and a second submission is none.
pub async fn a_repeated_submit_is_known_and_another_is_refused(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, _) = world.submitted().await;
    let check = |key, device| world.store.check_submit(form.invitation, key, device, world.now());
    assert!(matches!(check(form.key, Some(form.device)).await.unwrap(), SubmitOutcome::AlreadySent(_)));
    // Long after the submit limit too: a lost reply may be asked for again the next day.
    world.wait(86_400);
    assert!(matches!(check(form.key, Some(form.device)).await.unwrap(), SubmitOutcome::AlreadySent(_)));
    assert_eq!(refusal(check(form.key, Some(world.key())).await), Refusal::OtherDevice);
    let reload = world.store.load_form(world.visitor(), form.invitation, form.device, world.key()).await;
    assert_eq!(refusal(reload), Refusal::AlreadySubmitted);
    let mint = world.store.mint_open(world.desk(), world.site.clone(), form.invitation, world.key()).await;
    assert_eq!(refusal(mint), Refusal::AlreadySubmitted);
}

/// *Declined* is the visitor's last word.
pub async fn declining_is_final_and_its_repeat_is_harmless(place: &dyn Place) {
    let world = World::begin(place).await;
    let form = world.opened().await;
    let decline = || world.store.decline(world.visitor(), form.invitation, form.key, Some(form.device));
    decline().await.unwrap();
    decline().await.unwrap();
    assert_eq!(refusal(world.submit(&form, world.answers()).await), Refusal::WrongState(Status::Declined));
    assert_eq!(world.happened(form.invitation).await, [EventKind::Viewed, EventKind::Declined]);
}

/// S14: a flood of asking is one event.
pub async fn asking_is_news_once_until_the_link_is_issued_anew(place: &dyn Place) {
    let world = World::begin(place).await;
    let (invitation, key) = world.sent_link().await;
    let ask = || world.store.ask(world.visitor(), key);
    assert_eq!(refusal(ask().await), Refusal::WrongState(Status::Sent));
    world.open_on(key, world.key()).await.unwrap();
    for _ in 0..3 {
        ask().await.unwrap();
    }
    assert_eq!(world.happened(invitation).await, [EventKind::Viewed, EventKind::Asked]);
    world.store.reissue(world.desk(), world.site.clone(), invitation, world.key()).await.unwrap();
    ask().await.unwrap();
    let happened = [EventKind::Viewed, EventKind::Asked, EventKind::Reissued, EventKind::Asked];
    assert_eq!(world.happened(invitation).await, happened);
}

/// S14: a scanner took the binding; one click of the agent gives it back.
pub async fn a_reissued_link_voids_the_old_one_and_its_device(place: &dyn Place) {
    let world = World::begin(place).await;
    let (invitation, old) = world.sent_link().await;
    let scanner = world.key();
    world.open_on(old, scanner).await.unwrap();
    let stolen = world.key();
    world.store.load_form(world.visitor(), invitation, scanner, stolen).await.unwrap();
    let new = world.key();
    let mut committed = world.store.events_committed();
    committed.mark_unchanged();
    world.store.reissue(world.desk(), world.site.clone(), invitation, new).await.unwrap();
    assert!(committed.has_changed().unwrap(), "whoever waits for events is woken");
    assert_eq!(world.status(invitation).await, Status::Sent);
    assert_eq!(world.happened(invitation).await, [EventKind::Viewed, EventKind::Reissued]);
    let reload = world.store.load_form(world.visitor(), invitation, scanner, world.key()).await;
    assert_eq!(refusal(reload), Refusal::NotValid);
    let form = Form { invitation, key: stolen, device: scanner };
    assert_eq!(refusal(world.submit(&form, world.answers()).await), Refusal::Replaced);
    let device = world.key();
    assert!(matches!(world.open_on(new, device).await.unwrap(), OpenOutcome::Now { .. }));
    assert!(matches!(world.open_on(new, device).await.unwrap(), OpenOutcome::Before(_)));
    // What is answered is not issued anew, and nothing tells that it was.
    let (form, _) = world.submitted().await;
    let late = world.store.reissue(world.desk(), world.site.clone(), form.invitation, world.key()).await;
    assert_eq!(refusal(late), Refusal::AlreadySubmitted);
    assert!(!world.happened(form.invitation).await.contains(&EventKind::Reissued));
}

/// V3: there is nothing to find.
pub async fn an_off_the_record_answer_leaves_a_marker_and_no_value(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    let reveal = |question: &str| Reveal { question: question.into(), ..world.revealing(shown.view.id) };
    let cvv = world.store.reveal(world.browser(), reveal("cvv")).await.unwrap();
    assert_eq!(cvv.answer.sealed, None);
    let number = world.store.reveal(world.browser(), reveal("number")).await.unwrap();
    assert_eq!(number.answer.sealed.as_deref(), Some(&[9; 44][..]));
    assert_eq!(number.submission, shown.view.submission);
    assert_eq!(refusal(world.store.reveal(world.browser(), reveal("name")).await), Refusal::NotValid);
}

/// F1 and V2: the first is kept whatever comes after.
pub async fn definitions_and_site_keys_never_change(place: &dyn Place) {
    let world = World::begin(place).await;
    let site = || world.site.clone();
    world.store.put_definition(world.desk(), site(), world.form.clone()).await.unwrap();
    let found = world.store.definition(site(), world.form.hash().clone()).await.unwrap();
    assert_eq!(found.as_ref(), Some(&world.form));
    let key = |byte| SealedSiteKey { version: 1, provider: Some("test".into()), sealed: vec![byte; 60] };
    assert_eq!(world.store.site_key(site(), None).await.unwrap(), None);
    assert_eq!(world.store.put_site_key(world.desk(), site(), key(1)).await.unwrap(), key(1));
    assert_eq!(world.store.put_site_key(world.desk(), site(), key(2)).await.unwrap(), key(1));
    let newer = SealedSiteKey { version: 2, ..key(3) };
    assert!(world.store.rotate_site_key(world.desk(), site(), newer.clone()).await.unwrap());
    assert_eq!(world.store.site_key(site(), None).await.unwrap(), Some(newer));
    assert_eq!(world.store.site_key(site(), Some(1)).await.unwrap(), Some(key(1)));
    let stranger = world.store.put_site_key(world.desk(), "nobody".parse().unwrap(), key(1)).await;
    assert_eq!(refusal(stranger), Refusal::NotValid);
}

/// The desk misses nothing and applies nothing twice.
pub async fn events_come_in_order_and_wake_who_waits(place: &dyn Place) {
    let world = World::begin(place).await;
    let mut committed = world.store.events_committed();
    committed.mark_unchanged();
    let (form, _) = world.submitted().await;
    tokio::time::timeout(Duration::from_secs(5), committed.changed()).await.unwrap().unwrap();
    let page = world.store.events(vec![world.site.clone()], 0).await.unwrap();
    assert_eq!(page.events.len(), 2);
    assert!(page.events.windows(2).all(|pair| pair[0].sequence < pair[1].sequence));
    assert_eq!(page.head, page.events[1].sequence);
    let after = world.store.events(vec![world.site.clone()], page.events[0].sequence).await.unwrap();
    assert_eq!(after.events, page.events[1..]);
    assert_eq!(after.epoch, page.epoch);
    let elsewhere = world.store.events(vec!["contoso".parse().unwrap()], 0).await.unwrap();
    assert!(elsewhere.events.is_empty() && elsewhere.head == page.head);
    assert_eq!(world.record(&form).await.state.status(), Status::Submitted);
}
