//! The whole way round, in the ways a visitor can take.

use aside::journey::JourneyError;
use aside_journey::{CARD, OTHER_CARD, Town, card};
use aside_wire::Channel;

#[tokio::test]
async fn a_card_form_goes_round_and_is_read_by_the_agent_who_asked() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("cardholder-data").await.unwrap();

    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    visitor.receive(&sent.invitation).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &card(CARD, "739")).await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    let granted = dana.grant(&sent.invitation).await.unwrap();
    let view = dana.look(&granted).await.unwrap();

    assert!(!view.html.contains(CARD) && view.html.contains("1111"));
    assert_eq!(dana.reveal(&view, "cvv").await.unwrap(), "739");
    let number: String = dana.reveal(&view, "number").await.unwrap().chars().filter(char::is_ascii_digit).collect();
    assert_eq!(number, CARD);
    feed.status(&sent.invitation, "read").await.unwrap();

    let seen = dana.invitation(&conversation, &sent.invitation).await.unwrap();
    assert_eq!(seen["status"], "read");
    for time in ["sent", "received", "viewed", "submitted", "read"] {
        assert!(seen["times"][time].is_i64(), "{time}: {}", seen["times"]);
    }
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_can_answer_once_and_not_come_back() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let form = dana.form("cardholder-data").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();

    // No `begin`: the vault's probe never came back, so the page itself is the answer.
    let key = visitor.click(&sent.invitation).await.unwrap();
    let page = visitor.load(&key).await.unwrap();
    assert!(visitor.browser.cookie(&town.setting.origins.vault, "__Host-aside-device").is_none());
    let refused = visitor.come_back(&sent.invitation).await.err().unwrap();
    assert_eq!(refused.status(), Some(404), "{refused}");
    visitor.submit(&page, &card(OTHER_CARD, "7391")).await.unwrap();
    let again = visitor.click(&sent.invitation).await.err().unwrap();
    assert_eq!(again.status(), Some(409), "{again}");
}

#[tokio::test]
async fn a_visitor_may_decline_and_the_agent_is_told() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.decline(&page).await.unwrap();
    feed.status(&sent.invitation, "declined").await.unwrap();
    assert_eq!(visitor.submit(&page, &[("note", "too late")]).await.err().and_then(|error| error.status()), Some(410));
}

#[tokio::test]
async fn a_scanner_that_pressed_the_button_is_overcome_by_asking_for_a_new_link() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Link).await.unwrap();
    let link = sent.link.unwrap();

    let mut scanner = visitor.another_device();
    scanner.open_link(&link, &sent.invitation).await.unwrap();
    let mut phone = visitor.another_device();
    let refused = phone.open_link(&link, &sent.invitation).await.err().unwrap();
    let Some(JourneyError::Refused { reply, .. }) = Some(refused) else { panic!("not a refusal") };
    assert_eq!(reply.status, 410);
    let key = aside::journey::hidden_key(&reply.text()).expect("the page offers to ask for a new link");
    let vault = &town.setting.origins.vault;
    let from = aside::journey::Initiator::Page(vault);
    let asked = phone.browser.post_form(&format!("{vault}/ask"), from, &[("otk", &key)]).await.unwrap();
    assert!(asked.status.is_success() || asked.status.is_redirection(), "{asked:?}");
    feed.until("asked", |frame| frame["entry"]["kind"] == "asked").await.unwrap();

    let fresh = dana.reissue(&sent.invitation).await.unwrap().unwrap();
    let page = phone.open_link(&fresh, &sent.invitation).await.unwrap();
    phone.submit(&page, &[("note", "third hook, blue door")]).await.unwrap();
    assert!(scanner.come_back(&sent.invitation).await.is_err());
    feed.status(&sent.invitation, "submitted").await.unwrap();
}

#[tokio::test]
async fn statuses_reach_a_feed_that_was_away_meanwhile() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let last = sent.entry["sequence"].as_i64().unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &[("note", "hello")]).await.unwrap();

    let mut feed = dana.feed(Some(last)).await.unwrap();
    feed.status(&sent.invitation, "viewed").await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
}
