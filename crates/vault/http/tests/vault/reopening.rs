//! Leaving a form and coming back to it, under both rules, and another form beside it (S9, S11, S12, S14).

use axum::body::Body;
use http::{Request, StatusCode};

use crate::browser::Browser;
use crate::house::{CHAT, House, Sent};
use crate::life::{opened, submitted};

async fn close(visitor: &mut Browser, sent: &Sent, key: &str) -> crate::browser::Reply {
    visitor.post(&format!("/form/{}/close", sent.id), &[("otk", key)]).await
}

#[tokio::test]
async fn a_form_that_opens_once_says_so_and_is_closed_for_good_by_leaving_it() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite_in(&agent, house.unsent().conversation, "once").await;
    let form = opened(&house, &mut visitor, &sent).await;
    assert!(form.body.contains("This form opens once") && form.body.contains(" data-once"), "{}", form.body);
    // What is to be fixed is no leaving: the same key goes on.
    let faulty = visitor.post(&format!("/form/{}", sent.id), &[("otk", &form.key()), ("q-number", "4111")]).await;
    assert_eq!((faulty.status, faulty.key()), (StatusCode::UNPROCESSABLE_ENTITY, form.key()));
    assert!(faulty.body.contains(" data-once"));
    for _ in 0..2 {
        let left = close(&mut visitor, &sent, &form.key()).await;
        assert_eq!(left.status, StatusCode::OK);
        assert!(
            left.body.contains("Closed for good") && left.body.contains("for a new form in the chat"),
            "{}",
            left.body
        );
    }
    assert_eq!(house.happened(&sent).await, ["viewed", "cancelled form_closed"]);
    let back = visitor.get(&format!("/form/{}", sent.id)).await;
    assert_eq!(back.status, StatusCode::GONE);
    assert!(back.body.contains("This form opens once, and it was left."), "{}", back.body);
    let late = submitted(&mut visitor, &sent, &form.key()).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("Closed for good"), "{}", late.body);
}

#[tokio::test]
async fn reloading_a_form_that_opens_once_closes_it_but_a_second_tap_does_not() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite_in(&agent, house.unsent().conversation, "once").await;
    opened(&house, &mut visitor, &sent).await;
    let path = format!("/form/{}", sent.id);
    // Edge case 6: two taps at once are one arrival.
    assert_eq!(visitor.get(&path).await.status, StatusCode::OK);
    house.clock.advance_seconds(6);
    let looking = |method| Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
    // A browser that fetches ahead, and one that only looks, close nothing (edge case 5).
    assert_eq!(visitor.send(looking("HEAD")).await.status, StatusCode::OK);
    let mut ahead = looking("GET");
    ahead.headers_mut().insert("sec-purpose", "prefetch;prerender".parse().unwrap());
    assert_eq!(visitor.send(ahead).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(house.status(&sent).await, "viewed");
    let reloaded = visitor.get(&path).await;
    assert_eq!(reloaded.status, StatusCode::GONE);
    assert!(reloaded.body.contains("Closed for good") && reloaded.body.contains("Ask"), "{}", reloaded.body);
    assert_eq!(house.happened(&sent).await, ["viewed", "cancelled form_closed"]);
}

#[tokio::test]
async fn the_same_device_may_leave_and_come_back_to_an_empty_form() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite_in(&agent, house.unsent().conversation, "same_device").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let left = close(&mut visitor, &sent, &form.key()).await;
    assert!(left.body.contains("You can open it again"), "{}", left.body);
    house.clock.advance_seconds(600);
    let path = format!("/form/{}", sent.id);
    let again = visitor.get(&path).await;
    assert_eq!(again.status, StatusCode::OK);
    // The page that was left is stale, and says where to go on.
    let stale = submitted(&mut visitor, &sent, &form.key()).await;
    assert_eq!(stale.status, StatusCode::GONE);
    assert!(stale.body.contains("This page is out of date") && stale.body.contains("Go on in the newer page"));
    assert_eq!(submitted(&mut visitor, &sent, &again.key()).await.status, StatusCode::SEE_OTHER);
    let over = visitor.get(&path).await;
    assert!(over.body.contains("It can\u{2019}t be opened or sent again."), "{}", over.body);
    assert_eq!(house.happened(&sent).await[0], "viewed");
}

#[tokio::test]
async fn another_form_of_the_conversation_closes_the_first_and_frees_its_room() {
    for rule in ["same_device", "once"] {
        let house = House::new().await;
        let agent = house.agent().await;
        let mut visitor = house.visitor().await;
        let first = house.invite_in(&agent, house.unsent().conversation, rule).await;
        let second = house.invite_in(&agent, first.conversation, rule).await;
        let third = house.invite_in(&agent, first.conversation, rule).await;
        let form = opened(&house, &mut visitor, &first).await;
        opened(&house, &mut visitor, &second).await;
        assert_eq!(house.happened(&first).await, ["viewed", "cancelled another_form"], "{rule}");
        // Edge case 12: what was only received stays received.
        assert_eq!((house.status(&second).await, house.status(&third).await), ("viewed".into(), "sent".into()));
        let late = submitted(&mut visitor, &first, &form.key()).await;
        assert_eq!(late.status, StatusCode::GONE);
        assert!(late.body.contains("Another form took its place"), "{}", late.body);
        let back = visitor.get(&format!("/form/{}", first.id)).await;
        assert!(back.body.contains("Go on in the other form"), "{}", back.body);
        // On another device it is nobody else's business.
        let mut other = house.visitor().await;
        opened(&house, &mut other, &third).await;
        assert_eq!(house.status(&second).await, "viewed");
    }
}

#[tokio::test]
async fn another_device_leaves_nothing_and_learns_nothing() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite_in(&agent, house.unsent().conversation, "once").await;
    let form = opened(&house, &mut visitor, &sent).await;
    // With the key and no cookie, with a cookie of another form, and with neither.
    assert_eq!(close(&mut house.browser(), &sent, &form.key()).await.status, StatusCode::NOT_FOUND);
    let mut other = house.visitor().await;
    let theirs = house.invite(&agent, "secure-note", "web").await;
    let foreign = opened(&house, &mut other, &theirs).await;
    assert_eq!(close(&mut other, &sent, &form.key()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(close(&mut visitor, &sent, &foreign.key()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.status(&sent).await, "viewed");
    assert_eq!(submitted(&mut visitor, &sent, &form.key()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_that_was_issued_anew_says_that_a_newer_one_took_its_place() {
    let house = House::new().await;
    let agent = house.agent().await;
    let sent = house.invite(&agent, "secure-note", "link").await;
    let old = sent.link_key.clone().unwrap();
    // A scanner presses the button and takes the binding (edge cases 2 and 3): the visitor asks, the agent issues anew.
    let mut scanner = house.visitor().await;
    assert_eq!(scanner.post("/open", &[("otk", &old)]).await.status, StatusCode::SEE_OTHER);
    let mut visitor = house.visitor().await;
    let taken = visitor.get(&format!("/o/{old}")).await;
    assert!(taken.body.contains("action=\"/ask\""), "{}", taken.body);
    assert_eq!(visitor.post("/ask", &[("otk", &old)]).await.status, StatusCode::OK);
    let fresh = house.zone("POST", &format!("/invitations/{}/reissue", sent.id), None).await;
    assert_eq!(fresh.status, StatusCode::OK);
    let new = fresh.body["key"].as_str().unwrap().to_owned();
    assert_eq!(house.happened(&sent).await, ["viewed", "asked", "reissued"]);
    // The scanner's form is void, the new link opens here.
    assert_eq!(scanner.get(&format!("/form/{}", sent.id)).await.status, StatusCode::NOT_FOUND);
    let unopened = house.invite(&agent, "secure-note", "link").await;
    let stale = unopened.link_key.clone().unwrap();
    house.zone("POST", &format!("/invitations/{}/reissue", unopened.id), None).await;
    let replaced = visitor.get(&format!("/o/{stale}")).await;
    assert_eq!(replaced.status, StatusCode::GONE);
    assert!(replaced.body.contains("A newer link took this one\u{2019}s place"), "{}", replaced.body);
    assert_eq!(visitor.post("/open", &[("otk", &new)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_was_cancelled_says_why_before_anybody_types() {
    let cases = [
        ("agent", "This form was taken back"),
        ("session_ended", "The person who asked has left"),
        ("right_lost", "The person who asked has left"),
        ("conversation_closed", "The conversation has ended"),
        ("stopped", "Forms are switched off"),
        ("transferred", "Somebody else has taken over this conversation"),
        ("form_closed", "Closed for good"),
        ("another_form", "Another form took its place"),
    ];
    let house = House::new().await;
    let agent = house.agent().await;
    for (reason, text) in cases {
        let mut visitor = house.visitor().await;
        let sent = house.invite(&agent, "secure-note", "web").await;
        let form = opened(&house, &mut visitor, &sent).await;
        let body = serde_json::json!({ "reason": reason });
        let cancelled = house.zone("POST", &format!("/invitations/{}/cancel", sent.id), Some(body)).await;
        assert_eq!(cancelled.status, StatusCode::NO_CONTENT);
        let path = format!("/form/{}", sent.id);
        let reloaded = visitor.get(&path).await;
        assert!(reloaded.status == StatusCode::GONE && reloaded.body.contains(text), "{reason}: {}", reloaded.body);
        let posted = visitor.post(&path, &[("otk", &form.key()), ("q-note", "typed already")]).await;
        assert!(posted.status == StatusCode::GONE && posted.body.contains(text), "{reason}: {}", posted.body);
        assert!(posted.body.contains("Nothing was sent.") && !posted.body.contains("typed already"));
        let key = visitor.post_from(CHAT, "/open", &[("otk", &form.key())]).await;
        assert_eq!(key.status, StatusCode::NOT_FOUND, "a submit key opens nothing");
    }
}
