//! One side is away: the other stays up, says so, loses nothing, and catches up.

use std::time::Duration;

use aside::journey::{Agent, JourneyError};
use aside_journey::{CARD, Town, card};
use aside_wire::Channel;

fn vault_is_down<T>(result: Result<T, JourneyError>) {
    let refused = result.err().expect("refused while the vault is away");
    assert_eq!((refused.status(), refused.kind().as_deref()), (Some(503), Some("vault_down")), "{refused}");
    let JourneyError::Refused { reply, .. } = refused else { unreachable!("it has a status") };
    assert!(reply.retry_after().is_some());
}

#[tokio::test]
async fn a_vault_that_is_down_stops_forms_and_not_the_chat() {
    let mut town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("cardholder-data").await.unwrap();
    let shown = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();

    town.kill_vault().await;
    visitor.say("Are you there?").await.unwrap();
    dana.say(&conversation, "Yes.").await.unwrap();
    feed.until("the vault is down", |frame| frame["type"] == "vault" && frame["up"] == false).await.unwrap();
    let id = town.setting.fresh_id();
    vault_is_down(dana.invite_as(&id, &conversation, &form.hash, Channel::Web).await);
    vault_is_down(visitor.click(&shown.invitation).await);
    // An agent can still come to work; viewing waits for the vault.
    let mut sam = Agent::login(&town.setting, town.account("sam")).await.unwrap();
    assert_eq!(sam.enrolment_key().await.unwrap(), None);

    town.start().await;
    feed.until("the vault is back", |frame| frame["type"] == "vault" && frame["up"] == true).await.unwrap();
    let sent = dana.invite_as(&id, &conversation, &form.hash, Channel::Web).await.unwrap();
    assert_eq!(sent.entry["invitation"]["status"], "sent");
    let page = visitor.open(&shown.invitation).await.unwrap();
    visitor.submit(&page, &card(CARD, "739")).await.unwrap();
    feed.status(&shown.invitation, "submitted").await.unwrap();
    let granted = dana.grant(&shown.invitation).await.unwrap();
    dana.look(&granted).await.unwrap();
    sam.enrol().await.unwrap();
}

#[tokio::test]
async fn what_happens_at_the_vault_while_the_desk_is_away_is_told_afterwards() {
    let mut town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let last = sent.entry["sequence"].as_i64().unwrap();
    let key = visitor.click(&sent.invitation).await.unwrap();

    town.kill_desk().await;
    visitor.begin().await.unwrap();
    let page = visitor.load(&key).await.unwrap();
    visitor.submit(&page, &[("note", "while you were away")]).await.unwrap();

    town.start().await;
    let mut feed = dana.feed(Some(last)).await.unwrap();
    feed.status(&sent.invitation, "viewed").await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    let granted = dana.grant(&sent.invitation).await.unwrap();
    let view = dana.look(&granted).await.unwrap();
    assert!(view.html.contains("while you were away") || !view.answers.is_empty());
}

#[tokio::test]
async fn a_view_closes_within_30_seconds_when_the_zone_link_is_cut() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("cardholder-data").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &card(CARD, "739")).await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    let granted = dana.grant(&sent.invitation).await.unwrap();
    let view = dana.look(&granted).await.unwrap();
    let live = view.live(&mut dana.browser).await.unwrap();

    // Frozen, not stopped: its connections stay open, as when a network swallows everything.
    town.desk.as_ref().unwrap().freeze().unwrap();
    let closed = live.closed_within(Duration::from_secs(31)).await;
    town.desk.as_ref().unwrap().thaw().unwrap();
    closed.unwrap();
    let refused = view.reveal(&mut dana.browser, "number").await.err().unwrap();
    assert!(matches!(refused.status(), Some(403 | 404 | 410)), "{refused}");
}
