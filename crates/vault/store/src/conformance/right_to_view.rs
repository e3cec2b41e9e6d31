//! The right to view as it ends and as history has it, and forms that are left (S8, S11, S12, V6).

use std::sync::Arc;

use aside_base::{AgentId, ConversationId, KeyHash, SessionId, SiteId};
use aside_vault_domain::{Lease, Left, NoRight, Refusal, Sight};
use aside_wire::{
    AgentRights, CancelReason, Channel, EventKind, HistoryReason, HistoryRequest, Invite, Reopen, Status,
};
use tokio::task::JoinSet;

use super::Place;
use super::world::{Form, World, refusal};
use crate::{Error, Granted, LoadOutcome, OpenOutcome, Reveal};

/// A form that opens once, opened and loaded.
async fn opened_once(world: &World) -> Form {
    let invite = Invite { reopen: Reopen::Once, ..world.invite(Channel::Web) };
    let (invitation, open, device, key) = (invite.invitation, world.key(), world.key(), world.key());
    world.send(invite, None).await.unwrap();
    world.store.mint_open(world.desk(), world.site.clone(), invitation, open).await.unwrap();
    world.open_on(open, device).await.unwrap();
    let loaded = world.store.load_form(world.visitor(), invitation, device, key).await.unwrap();
    assert!(matches!(loaded, LoadOutcome::Loaded(_)));
    Form { invitation, key, device }
}

/// Transfer: an open view closes, keys die, what awaited answers is cancelled, and nothing brings the right back.
pub async fn a_revoked_right_is_lost_at_once_and_for_good(place: &dyn Place) {
    let world = World::begin(place).await;
    let unsubmitted = world.opened().await;
    let shown = world.viewed().await;
    let invitation = shown.invitation.id;
    let key = world.grant_to(invitation, world.session).await.unwrap();
    let revoke = |id, site| world.store.revoke(world.desk(), site, id, CancelReason::Transferred);
    let other: SiteId = "contoso".parse().unwrap();
    world.settle_site(&other).await;
    assert_eq!(refusal(revoke(invitation, other).await), Refusal::NotValid);
    let ended = revoke(invitation, world.site.clone()).await.unwrap();
    assert_eq!((ended.views, ended.submissions), (vec![shown.view.id], vec![shown.view.submission]));
    assert_eq!(revoke(unsubmitted.invitation, world.site.clone()).await.unwrap().cancelled, [unsubmitted.invitation]);
    let lost = Refusal::NoRight(NoRight::Lost);
    assert_eq!(refusal(world.store.reveal(world.browser(), world.revealing(shown.view.id)).await), lost);
    assert_eq!(refusal(world.store.check_view(shown.view.id, world.viewer, Lease::Alive).await), lost);
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(key, shown.view.submission)).await), lost);
    assert_eq!(refusal(world.grant_to(invitation, world.session).await), lost);
    let cancelled = EventKind::Cancelled { reason: CancelReason::Transferred };
    assert_eq!(world.happened(unsubmitted.invitation).await, [EventKind::Viewed, cancelled]);
    assert_eq!(refusal(world.submit(&unsubmitted, world.answers()).await), Refusal::WrongState(Status::Cancelled));
    let audited = world.last_audited().await;
    let repeat = revoke(invitation, world.site.clone()).await.unwrap();
    assert!(repeat.views.is_empty() && repeat.submissions.is_empty());
    assert_eq!(world.last_audited().await, audited, "a repeat changes nothing");
}

/// Leaving, or coming back later, closes for good a form that opens once, and no other (S11).
pub async fn a_form_that_opens_once_is_closed_by_leaving_and_by_coming_back(place: &dyn Place) {
    let world = World::begin(place).await;
    let closed = [EventKind::Viewed, EventKind::Cancelled { reason: CancelReason::FormClosed }];
    let leave = |form: &Form, device| world.store.leave_form(world.visitor(), form.invitation, form.key, device);
    let left = opened_once(&world).await;
    assert_eq!(refusal(leave(&left, Some(world.key())).await), Refusal::OtherDevice);
    assert_eq!(leave(&left, Some(left.device)).await.unwrap().1, Left::ForGood { news: true });
    assert_eq!(leave(&left, Some(left.device)).await.unwrap().1, Left::ForGood { news: false });
    assert_eq!(world.happened(left.invitation).await, closed);
    assert_eq!(refusal(world.submit(&left, world.answers()).await), Refusal::WrongState(Status::Cancelled));

    let back = opened_once(&world).await;
    let load = |form: &Form| world.store.load_form(world.visitor(), form.invitation, form.device, world.key());
    assert!(matches!(load(&back).await.unwrap(), LoadOutcome::Loaded(_)), "a second tap");
    world.wait(6);
    assert!(matches!(load(&back).await.unwrap(), LoadOutcome::Closed(_)));
    assert_eq!(world.happened(back.invitation).await, closed);
    assert_eq!(refusal(load(&back).await), Refusal::WrongState(Status::Cancelled));

    let stays = world.opened().await;
    assert_eq!(leave(&stays, Some(stays.device)).await.unwrap().1, Left::ToComeBack);
    world.wait(600);
    assert!(matches!(load(&stays).await.unwrap(), LoadOutcome::Loaded(_)));
    assert_eq!(world.happened(stays.invitation).await, [EventKind::Viewed]);
}

/// Opening another form on the device closes the one that it has open there, under either rule; what is only received, or
/// open elsewhere, stays (S11, S12, edge case 12).
pub async fn another_form_on_the_device_closes_the_one_before(place: &dyn Place) {
    let world = World::begin(place).await;
    for first in [world.opened().await, opened_once(&world).await] {
        let elsewhere = world.opened().await;
        let (received, _) = world.clicked().await;
        let (second, open) = world.clicked().await;
        let outcome = world.open_on(open, first.device).await.unwrap();
        assert!(matches!(outcome, OpenOutcome::Now { closed, .. } if closed == [first.invitation]));
        let cancelled = EventKind::Cancelled { reason: CancelReason::AnotherForm };
        assert_eq!(world.happened(first.invitation).await, [EventKind::Viewed, cancelled]);
        assert_eq!(world.status(second).await, Status::Viewed);
        assert_eq!(world.status(received).await, Status::Sent);
        assert_eq!(world.status(elsewhere.invitation).await, Status::Viewed);
        let reload = world.store.load_form(world.visitor(), first.invitation, first.device, world.key()).await;
        assert_eq!(refusal(reload), Refusal::WrongState(Status::Cancelled));
    }
    // Of another conversation: it is none of this one's business.
    let here = world.opened().await;
    let conversation = ConversationId::generate(world.now(), &aside_base::SeededRng::new(77));
    let invite = Invite { conversation, ..world.invite(Channel::Web) };
    let (invitation, open) = (invite.invitation, world.key());
    world.send(invite, None).await.unwrap();
    world.store.mint_open(world.desk(), world.site.clone(), invitation, open).await.unwrap();
    world.open_on(open, here.device).await.unwrap();
    assert_eq!(world.status(here.invitation).await, Status::Viewed);
}

/// However many forms one device opens at once, one of them is open in the end.
pub async fn of_forms_opened_at_once_on_a_device_one_stays_open(place: &dyn Place) {
    let world = Arc::new(World::begin(place).await);
    let device = world.key();
    let (mut clicked, mut opening) = (Vec::new(), JoinSet::new());
    for _ in 0..8 {
        clicked.push(world.clicked().await);
    }
    for (_, open) in clicked.clone() {
        let world = Arc::clone(&world);
        opening.spawn(async move { world.open_on(open, device).await });
    }
    for outcome in opening.join_all().await {
        assert!(matches!(outcome.unwrap(), OpenOutcome::Now { .. }));
    }
    let mut open = 0;
    for (invitation, _) in &clicked {
        open += usize::from(world.status(*invitation).await == Status::Viewed);
    }
    assert_eq!(open, 1);
}

/// What is stored in a closed conversation, asked for by a session.
async fn history(world: &World, shown: &Form, session: SessionId) -> Result<(KeyHash, Granted), Error> {
    let key = world.mint();
    let request =
        HistoryRequest { session, reason: HistoryReason::Dispute, reference: Some("CASE-2026-0147".to_owned()) };
    let site = world.site.clone();
    let granted = world.store.grant_history(world.desk(), site, shown.invitation, request, Lease::Alive, key).await?;
    Ok((key.hash, granted))
}

fn all() -> AgentRights {
    AgentRights { secure_forms: true, card_numbers: true, history: true, copy: true, export: false }
}

/// V6, edge case 31: its own right, after the close, with a reason that is logged, in the enrolled browser, and never what was
/// off the record.
pub async fn history_needs_its_own_right_a_closed_conversation_and_a_reason(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, submission) = world.submitted().await;
    let set = |rights| world.store.set_rights(world.desk(), world.site.clone(), world.agent, rights);
    assert_eq!(refusal(history(&world, &form, world.session).await), Refusal::NoRight(NoRight::History));
    set(all()).await.unwrap();
    let early = history(&world, &form, world.session).await;
    assert_eq!(refusal(early), Refusal::NoRight(NoRight::ConversationOpen));
    world.store.close_conversation(world.desk(), world.site.clone(), world.conversation).await.unwrap();
    let badly = HistoryRequest {
        session: world.session,
        reason: HistoryReason::Dispute,
        reference: Some("Alex Smith".to_owned()),
    };
    let site = world.site.clone();
    let asked = world.store.grant_history(world.desk(), site, form.invitation, badly, Lease::Alive, world.mint()).await;
    assert_eq!(refusal(asked), Refusal::Invalid("reference"));

    let (key, granted) = history(&world, &form, world.session).await.unwrap();
    assert_eq!(granted.submission, submission);
    let elsewhere = crate::ViewAnswers { viewer: world.key(), ..world.viewing(key, submission) };
    let other_browser = Refusal::NoRight(NoRight::OtherBrowser);
    assert_eq!(refusal(world.store.view(world.browser(), elsewhere).await), other_browser);
    let shown = world.store.view(world.browser(), world.viewing(key, submission)).await.unwrap();
    assert!(matches!(&shown.view.sight, Sight::History(stated) if stated.to_string() == "dispute CASE-2026-0147"));
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(key, submission)).await), Refusal::Used);
    assert_eq!(world.status(form.invitation).await, Status::Submitted, "nobody read it as its sender");

    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    world.store.reveal(world.browser(), world.revealing(shown.view.id)).await.unwrap();
    let code = Reveal { question: "cvv".into(), ..world.revealing(shown.view.id) };
    let off = Refusal::NoRight(NoRight::OffTheRecord);
    assert_eq!(refusal(world.store.reveal(world.browser(), code).await), off);
    let audit = world.store.audit(0, 10_000).await.unwrap();
    let said = |act: &str| audit.iter().find(|row| row.act == act && row.outcome == "done").unwrap().on.detail.clone();
    assert_eq!(said("history_granted").as_deref(), Some("dispute CASE-2026-0147"));
    assert_eq!(said("history_viewed").as_deref(), Some("dispute CASE-2026-0147"));

    // Taken away, it closes at once (edge case 27), and what was granted opens nothing.
    let (late, _) = history(&world, &form, world.session).await.unwrap();
    let ended = set(AgentRights { history: false, ..all() }).await.unwrap();
    assert_eq!(ended.views, [shown.view.id]);
    let gone = Refusal::NoRight(NoRight::History);
    assert_eq!(refusal(world.store.check_view(shown.view.id, world.viewer, Lease::Alive).await), gone);
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(late, submission)).await), gone);
}

/// A key of one kind opens no view of the other, and history survives what ends the sender's right: it never had it.
pub async fn a_view_key_opens_no_history_and_a_history_key_no_view(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, submission) = world.submitted().await;
    world.store.set_rights(world.desk(), world.site.clone(), world.agent, all()).await.unwrap();
    let view_key = world.grant_to(form.invitation, world.session).await.unwrap();
    world.store.close_conversation(world.desk(), world.site.clone(), world.conversation).await.unwrap();
    let lost = Refusal::NoRight(NoRight::Lost);
    assert_eq!(refusal(world.store.view(world.browser(), world.viewing(view_key, submission)).await), lost);
    let (key, _) = history(&world, &form, world.session).await.unwrap();
    let (newer, _) = history(&world, &form, world.session).await.unwrap();
    let stale = world.store.view(world.browser(), world.viewing(key, submission)).await;
    assert_eq!(refusal(stale), Refusal::Replaced);
    world.wait(10);
    let late = world.store.view(world.browser(), world.viewing(newer, submission)).await;
    assert!(matches!(refusal(late), Refusal::Expired(_)));
    let locked = world.store.lock_session(world.desk(), world.site.clone(), world.session).await;
    assert!(locked.unwrap().views.is_empty());
    assert_eq!(refusal(history(&world, &form, world.session).await), Refusal::Locked);
    world.store.unlock_session(world.desk(), world.site.clone(), world.session).await.unwrap();
    // Whoever may read what is stored need not be allowed to ask for any of it.
    let reader = AgentRights { secure_forms: false, card_numbers: false, ..all() };
    world.store.set_rights(world.desk(), world.site.clone(), world.agent, reader).await.unwrap();
    let (key, _) = history(&world, &form, world.session).await.unwrap();
    let shown = world.store.view(world.browser(), world.viewing(key, submission)).await.unwrap();
    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    let hidden = world.store.reveal(world.browser(), world.revealing(shown.view.id)).await;
    assert_eq!(refusal(hidden), Refusal::NoRight(NoRight::CardNumbers));
    let ended = world.store.end_session(world.desk(), world.site.clone(), world.session).await.unwrap();
    assert_eq!(ended.views, [shown.view.id]);
}

/// Several people may read the same past at a time; each of them has it open once.
pub async fn people_who_read_the_past_close_no_view_but_their_own_former(place: &dyn Place) {
    let world = World::begin(place).await;
    let (form, submission) = world.submitted().await;
    let (colleague, viewer) = (AgentId::generate(world.now(), &aside_base::SeededRng::new(78)), world.key());
    let session = world.start_session_at(&world.site, colleague, viewer).await;
    for agent in [world.agent, colleague] {
        world.store.set_rights(world.desk(), world.site.clone(), agent, all()).await.unwrap();
    }
    world.store.close_conversation(world.desk(), world.site.clone(), world.conversation).await.unwrap();
    let look = async |session, viewer| {
        let (key, _) = history(&world, &form, session).await.unwrap();
        let wanted = crate::ViewAnswers { viewer, ..world.viewing(key, submission) };
        world.store.view(world.browser(), wanted).await.unwrap()
    };
    let hers = look(world.session, world.viewer).await;
    let his = look(session, viewer).await;
    assert!(his.closed.is_empty(), "nobody closes somebody else's view by looking");
    let again = look(world.session, world.viewer).await;
    assert_eq!(again.closed, [hers.view.id]);
    let check = |view, viewer| world.store.check_view(view, viewer, Lease::Alive);
    assert_eq!(refusal(check(hers.view.id, world.viewer).await), Refusal::NoRight(NoRight::ViewClosed));
    check(again.view.id, world.viewer).await.unwrap();
    check(his.view.id, viewer).await.unwrap();
    let locked = world.store.lock_session(world.desk(), world.site.clone(), session).await.unwrap();
    assert_eq!(locked.views, [his.view.id]);
    check(again.view.id, world.viewer).await.unwrap();
}

/// A copy is audited before the text goes anywhere; a security code never is copied.
pub async fn a_copy_is_audited_and_needs_its_own_right(place: &dyn Place) {
    let world = World::begin(place).await;
    let shown = world.viewed().await;
    let copy = |question: &str| {
        let copied = Reveal { question: question.into(), ..world.revealing(shown.view.id) };
        world.store.copy(world.browser(), copied)
    };
    let no_right = Refusal::NoRight(NoRight::Copy);
    assert_eq!(refusal(copy("number").await), no_right);
    let set = |rights| world.store.set_rights(world.desk(), world.site.clone(), world.agent, rights);
    set(all()).await.unwrap();
    world.wait(300);
    assert_eq!(refusal(copy("number").await), Refusal::Confirm, "hidden, and not revealed");
    world.confirm(Some(shown.view.id), world.code(world.step())).await.unwrap();
    copy("number").await.unwrap();
    assert_eq!(refusal(copy("cvv").await), no_right);
    assert_eq!(refusal(copy("nothing").await), Refusal::NotValid);
    let foreign = Reveal { viewer: world.key(), ..world.revealing(shown.view.id) };
    let other_browser = Refusal::NoRight(NoRight::OtherBrowser);
    assert_eq!(refusal(world.store.copy(world.browser(), foreign).await), other_browser);
    let audit = world.store.audit(0, 10_000).await.unwrap();
    let copies: Vec<_> = audit.iter().filter(|row| row.act == "copied").map(|row| row.outcome.as_str()).collect();
    assert_eq!(copies, ["copy", "confirm", "done", "copy"]);
    assert_eq!(set(AgentRights { copy: false, ..all() }).await.unwrap().views, [shown.view.id]);
}

/// Whatever a revocation and a view race for: once it is revoked, nothing is shown.
pub async fn nothing_is_shown_after_a_revocation(place: &dyn Place) {
    let world = World::begin(place).await;
    for _ in 0..16 {
        let (form, submission) = world.submitted().await;
        let key = world.grant_to(form.invitation, world.session).await.unwrap();
        let view = world.store.view(world.browser(), world.viewing(key, submission));
        let site = world.site.clone();
        let revoke = world.store.revoke(world.desk(), site, form.invitation, CancelReason::Transferred);
        let (shown, ended) = tokio::join!(view, revoke);
        match shown {
            // First: the revocation has closed it.
            Ok(shown) => assert_eq!(ended.unwrap().views, [shown.view.id]),
            Err(error) => assert_eq!(refusal::<()>(Err(error)), Refusal::NoRight(NoRight::Lost)),
        }
        assert_eq!(refusal(world.grant_to(form.invitation, world.session).await), Refusal::NoRight(NoRight::Lost));
    }
}
