//! How long answers are kept, and how they go (V5, V8, edge case 32).

use aside_vault_domain::{Fingerprint, Lease, NoRight, Refusal, SealedSubmission};
use aside_wire::{AgentRights, EraseReason, EventKind, Keeping, SiteProfile, Status};

use super::Place;
use super::world::{World, refusal};
use crate::{GrantExport, OpenExport, Reveal};

const DAY: u32 = 86_400;

async fn keep_days(world: &World, days: u16) {
    let profile = SiteProfile { keeping: Keeping { days }, ..world.profile() };
    world.store.put_site(world.desk(), world.site.clone(), profile).await.unwrap();
}

fn kept_days(world: &World, days: u32, at_close: bool) -> SealedSubmission {
    let mut answers = world.answers();
    answers.data_keys[0].erase_at = world.now().plus_seconds(days * DAY);
    answers.data_keys[0].at_close = at_close;
    answers
}

async fn erase_due(world: &World) -> u32 {
    world.store.erase_due(world.now(), 200).await.unwrap().parts
}

async fn audited(world: &World, act: &str) -> Vec<String> {
    let rows = world.store.audit(0, 10_000).await.unwrap();
    rows.into_iter().filter(|row| row.act == act).map(|row| row.on.detail.unwrap_or_default()).collect()
}

/// The key and the value are gone, the token stays as a marker, the desk is told, and the log names ids alone.
pub async fn what_is_over_is_erased_and_its_token_stays(place: &dyn Place) {
    let world = World::begin(place).await;
    let form = world.opened().await;
    let answers = kept_days(&world, 7, false);
    let (submission, tokens) = (answers.id, answers.answers.iter().map(|answer| answer.token.clone()));
    let tokens: Vec<_> = tokens.collect();
    world.submit(&form, answers).await.unwrap();
    world.wait(7 * DAY - 1);
    assert_eq!(erase_due(&world).await, 0);
    world.wait(1);
    assert_eq!(erase_due(&world).await, 1);
    assert_eq!(erase_due(&world).await, 0, "once");
    let world = world.reopened(place).await;
    let key = world.grant_to(form.invitation, world.session).await.unwrap();
    let shown = world.store.view(world.browser(), world.viewing(key, submission)).await.unwrap();
    assert!(shown.data_keys.is_empty());
    assert_eq!(shown.answers.iter().map(|answer| answer.token.clone()).collect::<Vec<_>>(), tokens);
    assert!(shown.answers.iter().all(|answer| answer.sealed.is_none() && answer.fingerprint.is_none()));
    // Off the record is not erased: it was never kept.
    assert_eq!(shown.answers[0].erased_at, Some(world.now()));
    assert_eq!(shown.answers[1].erased_at, None);
    let happened = world.happened(form.invitation).await;
    assert!(happened.contains(&EventKind::Erased { why: EraseReason::Retention }), "{happened:?}");
    assert_eq!(audited(&world, "erased").await, [format!("retention: {submission}/1")]);
    let report = world.store.keeping_report(world.site.clone(), world.now()).await.unwrap();
    assert_eq!((report.held, report.due_soon, report.erased_total), (0, 0, 1));
    assert_eq!(report.last_erased, Some(world.now()));
}

/// The purge takes no more than it is given at once, and the rest the next time.
pub async fn a_batch_erases_no_more_than_its_limit(place: &dyn Place) {
    let world = World::begin(place).await;
    for _ in 0..5 {
        let form = world.opened().await;
        world.submit(&form, kept_days(&world, 1, false)).await.unwrap();
    }
    world.wait(DAY);
    let mut batches = Vec::new();
    for _ in 0..4 {
        batches.push(world.store.erase_due(world.now(), 2).await.unwrap().parts);
    }
    assert_eq!(batches, [2, 2, 1, 0]);
}

/// A site that keeps less from now on keeps less of what it has.
pub async fn a_shortened_time_holds_for_what_is_stored(place: &dyn Place) {
    let world = World::begin(place).await;
    let (old, _) = world.submitted().await;
    world.wait(10 * DAY);
    let (young, _) = world.submitted().await;
    keep_days(&world, 7).await;
    // By its own key's version, as the house makes them.
    let key = aside_vault_domain::SealedSiteKey { version: 1, provider: None, sealed: vec![1; 60] };
    world.store.put_site_key(world.desk(), world.site.clone(), key).await.unwrap();
    assert_eq!(erase_due(&world).await, 1);
    let erased = EventKind::Erased { why: EraseReason::Retention };
    assert!(world.happened(old.invitation).await.contains(&erased));
    assert!(!world.happened(young.invitation).await.contains(&erased));
    // Lengthened again, nothing comes back and nothing more goes.
    keep_days(&world, 395).await;
    assert_eq!(erase_due(&world).await, 0);
}

/// PCI DSS 3.2.1: who keeps card numbers for longer than a week is told, whatever the settings say; of other answers, and of
/// another site's, nobody is.
pub async fn card_numbers_kept_for_more_than_a_week_are_reported(place: &dyn Place) {
    let world = World::begin(place).await;
    let other: aside_base::SiteId = "contoso".parse().unwrap();
    world.settle_site(&other).await;
    let reported = async |site: &aside_base::SiteId| {
        world.store.keeping_report(site.clone(), world.now()).await.unwrap().cards_over_week
    };
    world.submitted().await;
    let form = world.opened().await;
    let mut card = kept_days(&world, 8, false);
    card.answers[0].fingerprint = Some(Fingerprint([1; 16]));
    world.submit(&form, card).await.unwrap();
    world.wait(7 * DAY);
    assert!(!reported(&world.site).await, "a week is what it may be");
    world.wait(1);
    assert!(reported(&world.site).await && !reported(&other).await);
    world.wait(DAY);
    assert_eq!(erase_due(&world).await, 1);
    assert!(!reported(&world.site).await, "an answer that is no card number is still kept, and may be");
}

/// Nothing outlives the conversation.
pub async fn what_is_kept_until_the_close_goes_with_it(place: &dyn Place) {
    let world = World::begin(place).await;
    let (short, long) = (world.opened().await, world.opened().await);
    world.submit(&short, kept_days(&world, 395, true)).await.unwrap();
    world.submit(&long, kept_days(&world, 395, false)).await.unwrap();
    let close = || world.store.close_conversation(world.desk(), world.site.clone(), world.conversation);
    assert!(close().await.unwrap().erased);
    assert!(!close().await.unwrap().erased, "once");
    let erased = EventKind::Erased { why: EraseReason::Closed };
    assert!(world.happened(short.invitation).await.contains(&erased));
    assert!(!world.happened(long.invitation).await.contains(&erased));
    // A site that keeps nothing any more: what closed before goes too.
    keep_days(&world, 0).await;
    assert_eq!(erase_due(&world).await, 1);
    assert!(world.happened(long.invitation).await.contains(&erased));
}

/// V8 and edge case 32: erased on request, again and again, and the log keeps ids.
pub async fn a_conversation_is_erased_on_request_with_its_open_view(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    let waiting = world.opened().await;
    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    let erase = || world.store.erase_conversation(world.desk(), world.site.clone(), world.conversation);
    let ended = erase().await.unwrap();
    assert!(ended.erased && ended.views.contains(&shown.view.id) && ended.cancelled == [waiting.invitation]);
    assert!(ended.submissions.contains(&shown.view.submission), "what is in memory goes too");
    assert_eq!(world.status(waiting.invitation).await, Status::Cancelled);
    let reveal = world.store.reveal(world.browser(), world.revealing(shown.view.id)).await;
    assert!(matches!(refusal(reveal), Refusal::NoRight(NoRight::Lost | NoRight::ViewClosed)));
    let late = world.submit(&waiting, world.answers()).await;
    assert_eq!(refusal(late), Refusal::WrongState(Status::Cancelled));
    let again = erase().await.unwrap();
    assert!(!again.erased && again.views.is_empty());
    assert_eq!(audited(&world, "conversation_erased").await, ["1 parts", "0 parts"]);
    let happened = world.happened(shown.invitation.id).await;
    assert!(happened.contains(&EventKind::Erased { why: EraseReason::Request }));
    // Nothing is sent into it any more.
    let sent = world.send(world.invite(aside_wire::Channel::Web), None).await;
    assert_eq!(refusal(sent), Refusal::ConversationClosed);
}

/// Whoever answers the phone first: nothing can be sent into a conversation that was erased before anything was.
pub async fn erasing_before_anything_was_sent_holds(place: &dyn Place) {
    let world = World::begin(place).await;
    world.store.erase_conversation(world.desk(), world.site.clone(), world.conversation).await.unwrap();
    let sent = world.send(world.invite(aside_wire::Channel::Web), None).await;
    assert_eq!(refusal(sent), Refusal::ConversationClosed);
}

/// Another site's desk names the conversation and erases nothing.
pub async fn another_site_erases_nothing(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    let other: aside_base::SiteId = "contoso".parse().unwrap();
    world.settle_site(&other).await;
    let ended = world.store.erase_conversation(world.desk(), other, world.conversation).await.unwrap();
    assert!(!ended.erased && ended.views.is_empty() && ended.submissions.is_empty());
    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    let reveal = Reveal { question: "number".into(), ..world.revealing(shown.view.id) };
    assert!(world.store.reveal(world.browser(), reveal).await.unwrap().answer.sealed.is_some());
}

/// A reveal and a purge never both have the answer: who comes second finds what the first has left.
pub async fn a_purge_and_a_reveal_leave_nothing_half_erased(place: &dyn Place) {
    let world = World::begin(place).await;
    for _ in 0..8 {
        let form = world.opened().await;
        let answers = kept_days(&world, 1, false);
        let submission = answers.id;
        world.submit(&form, answers).await.unwrap();
        world.wait(DAY);
        let key = world.grant_to(form.invitation, world.session).await.unwrap();
        let view = world.store.view(world.browser(), world.viewing(key, submission)).await.unwrap().view.id;
        world.confirm(Some(view), world.code(world.step())).await.unwrap();
        let reveal = world.store.reveal(world.browser(), world.revealing(view));
        let (revealed, erased) = tokio::join!(reveal, world.store.erase_due(world.now(), 200));
        assert_eq!(erased.unwrap().views, [view], "the view closes with what it showed");
        match revealed {
            Ok(revealed) => assert!(revealed.answer.sealed.is_some() && revealed.data_key.is_some()),
            refused => assert_eq!(refusal(refused), Refusal::NoRight(NoRight::ViewClosed)),
        }
    }
}

async fn may_export(world: &World, export: bool) {
    let rights = AgentRights { secure_forms: true, card_numbers: true, export, ..AgentRights::default() };
    world.store.set_rights(world.desk(), world.site.clone(), world.agent, rights).await.unwrap();
}

async fn granted(world: &World) -> Result<aside_base::KeyHash, crate::Error> {
    let key = world.mint();
    let grant = GrantExport {
        session: world.session,
        lease: Lease::Alive,
        conversations: vec![world.conversation],
        reference: Some("CASE-1".into()),
        key,
    };
    world.store.grant_export(world.desk(), world.site.clone(), grant).await.map(|_| key.hash)
}

/// V8: the right, the enrolled browser, the key once, and a factor that confirms.
pub async fn an_export_needs_the_right_the_browser_and_a_confirmation(place: &dyn Place) {
    let world = World::begin(place).await;
    let (_, submission) = world.submitted().await;
    // Setting the app up has confirmed too.
    world.wait(301);
    assert_eq!(refusal(granted(&world).await), Refusal::NoRight(NoRight::Export));
    may_export(&world, true).await;
    let (stranger, alive) = (world.colleague().await, Lease::Alive);
    let key = granted(&world).await.unwrap();
    let open = |key, viewer| world.store.open_export(world.browser(), key, viewer, alive);
    assert_eq!(refusal(open(key, stranger).await), Refusal::NoRight(NoRight::OtherBrowser));
    assert_eq!(refusal(world.store.export(world.browser(), world.viewer, alive).await), Refusal::NotValid);
    let OpenExport { forms, conversations, .. } = open(key, world.viewer).await.unwrap();
    assert_eq!((forms, conversations), (1, vec![world.conversation]));
    assert_eq!(refusal(open(key, world.viewer).await), Refusal::Used);
    assert_eq!(refusal(world.store.export(world.browser(), world.viewer, alive).await), Refusal::Confirm);
    world.confirm(None, world.code(world.step())).await.unwrap();
    let (_, stored) = world.store.export(world.browser(), world.viewer, alive).await.unwrap();
    assert_eq!(stored.iter().map(|form| form.submission).collect::<Vec<_>>(), [submission]);
    let lapsed = world.store.export(world.browser(), world.viewer, Lease::Lapsed).await;
    assert_eq!(refusal(lapsed), Refusal::NoRight(NoRight::LeaseLapsed));
    assert_eq!(refusal(world.store.find_export(stranger, alive, world.now()).await), Refusal::NoRight(NoRight::Export));
    may_export(&world, false).await;
    let taken = world.store.export(world.browser(), world.viewer, alive).await;
    assert_eq!(refusal(taken), Refusal::NoRight(NoRight::Export));
    may_export(&world, true).await;
    world.wait(601);
    let late = world.store.find_export(world.viewer, alive, world.now()).await;
    assert_eq!(refusal(late), Refusal::Expired(aside_vault_domain::Clock::KeyLife));
    assert_eq!(audited(&world, "exported").await.iter().filter(|detail| *detail == "CASE-1").count(), 1);
}

/// A newer grant takes the former one's place, and a key of another purpose opens no export.
pub async fn only_the_newest_export_key_opens(place: &dyn Place) {
    let world = World::begin(place).await;
    may_export(&world, true).await;
    let (form, submission) = world.submitted().await;
    let view_key = world.grant_to(form.invitation, world.session).await.unwrap();
    let open = |key| world.store.open_export(world.browser(), key, world.viewer, Lease::Alive);
    assert_eq!(refusal(open(view_key).await), Refusal::NotValid);
    let (first, second) = (granted(&world).await.unwrap(), granted(&world).await.unwrap());
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(second, submission)).await), Refusal::NotValid);
    assert_eq!(refusal(open(first).await), Refusal::Replaced);
    world.wait(11);
    assert_eq!(refusal(open(second).await), Refusal::Expired(aside_vault_domain::Clock::KeyLife));
}
