//! What the visitor's pages refuse, and what they let pass.

use axum::body::Body;
use http::header::{CONTENT_TYPE, ORIGIN as ORIGIN_HEADER};
use http::{Method, Request, StatusCode};
use serde_json::json;

use crate::browser::Browser;
use crate::house::{CHAT, House, ORIGIN, Plan, Sent};
use crate::life::{CARD, opened, submitted};

async fn ready(form: &str) -> (House, crate::house::Agent, Browser, Sent) {
    let house = House::new().await;
    let agent = house.agent().await;
    let visitor = house.visitor().await;
    let sent = house.invite(&agent, form, "web").await;
    (house, agent, visitor, sent)
}

#[tokio::test]
async fn an_open_key_works_once_and_only_in_the_browser_that_used_it_again() {
    let (house, _, mut visitor, sent) = ready("secure-note").await;
    let key = house.click(&sent).await;
    assert_eq!(visitor.post_from(CHAT, "/open", &[("otk", &key)]).await.status, StatusCode::SEE_OTHER);
    // A reply that was lost: the same browser is sent to its form.
    assert_eq!(visitor.post_from(CHAT, "/open", &[("otk", &key)]).await.status, StatusCode::SEE_OTHER);
    let mut other = house.visitor().await;
    let refused = other.post_from(CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!(refused.status, StatusCode::GONE);
    assert!(refused.body.contains("action=\"/ask\""), "{}", refused.body);
    assert_eq!(other.post("/ask", &[("otk", &key)]).await.status, StatusCode::OK);
    let events = house.zone_as("desk", "GET", "/zone/v1/events?after=0", None).await;
    let kinds: Vec<&str> =
        events.body["events"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["viewed", "asked"]);
}

#[tokio::test]
async fn a_key_that_is_none_is_not_valid_whatever_is_wrong_with_it() {
    let (house, _, mut visitor, sent) = ready("secure-note").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let unknown = "A".repeat(43);
    let mut bodies = Vec::new();
    // Malformed, unknown, and of another purpose.
    for key in ["x", &unknown, &form.key()] {
        let refused = visitor.post("/open", &[("otk", key)]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{key}");
        bodies.push(refused.body);
        assert_eq!(visitor.get(&format!("/o/{key}")).await.status, StatusCode::NOT_FOUND, "{key}");
        assert_eq!(visitor.post("/ask", &[("otk", key)]).await.status, StatusCode::NOT_FOUND, "{key}");
    }
    assert_eq!(visitor.post("/open", &[]).await.status, StatusCode::NOT_FOUND);
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "the pages tell which part was right");
    // Of another invitation.
    let agent = house.agent().await;
    let other = house.invite(&agent, "secure-note", "web").await;
    let refused = visitor.post(&format!("/form/{}", other.id), &[("otk", &form.key()), ("q-note", "x")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_shows_nothing_without_its_devices_cookie() {
    let (house, _, mut visitor, sent) = ready("cardholder-data").await;
    opened(&house, &mut visitor, &sent).await;
    let path = format!("/form/{}", sent.id);
    let mut stranger = house.visitor().await;
    let (known, unknown) =
        (stranger.get(&path).await, stranger.get("/form/018f0000-0000-7000-8000-000000000000").await);
    assert_eq!((known.status, unknown.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(known.body, unknown.body);
    assert_eq!(stranger.get(&format!("{path}/sent")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get("/form/nonsense").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_devices_submit_is_refused_even_with_the_key() {
    let (house, _, mut visitor, sent) = ready("cardholder-data").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let mut other = house.visitor().await;
    let key = house.click(&house.invite(&house.agent().await, "secure-note", "web").await).await;
    other.post_from(CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!(submitted(&mut other, &sent, &form.key()).await.status, StatusCode::CONFLICT);
    let mut stranger = house.browser();
    assert_eq!(submitted(&mut stranger, &sent, &form.key()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.status(&sent).await, "viewed");
    assert_eq!(submitted(&mut visitor, &sent, &form.key()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_refused_answer_leaves_the_key_unused_and_echoes_nothing_sensitive() {
    let (house, _, mut visitor, sent) = ready("cardholder-data").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let path = format!("/form/{}", sent.id);
    let wrong = [
        ("otk", form.key()),
        ("q-name", "Ana O'Neil".to_owned()),
        ("q-number", "4111 1111 1111 1112".to_owned()),
        ("q-expiry", "04/29".to_owned()),
        ("q-cvv", "737".to_owned()),
    ];
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let again = visitor.post(&path, &wrong).await;
    assert_eq!((again.status, again.header("connection")), (StatusCode::UNPROCESSABLE_ENTITY, "close"));
    assert!(again.body.contains("Ana O&#39;Neil"));
    for sensitive in ["1112", "value=\"737", "737\""] {
        assert!(!again.body.contains(sensitive), "{sensitive}");
    }
    assert_eq!(again.header("content-encoding"), "");
    assert_eq!(again.key(), form.key());
    assert_eq!(submitted(&mut visitor, &sent, &again.key()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_second_submission_is_refused_and_a_repeat_says_sent() {
    let (house, _, mut visitor, sent) = ready("cardholder-data").await;
    let first = opened(&house, &mut visitor, &sent).await;
    let second = visitor.get(&format!("/form/{}", sent.id)).await;
    // The former form's key is void: a stale tab.
    assert_eq!(submitted(&mut visitor, &sent, &first.key()).await.status, StatusCode::GONE);
    assert_eq!(submitted(&mut visitor, &sent, &second.key()).await.status, StatusCode::SEE_OTHER);
    // The same key again, with a body that no longer even parses: dropped unparsed.
    let repeat = visitor.post(&format!("/form/{}", sent.id), &[("otk", &second.key()), ("q-number", "%")]).await;
    assert_eq!((repeat.status, repeat.location()), (StatusCode::SEE_OTHER, format!("/form/{}/sent", sent.id).as_str()));
    assert_eq!(submitted(&mut visitor, &sent, &first.key()).await.status, StatusCode::GONE);
    assert_eq!(visitor.get(&format!("/form/{}", sent.id)).await.status, StatusCode::GONE);
    let minted = house.zone("POST", &format!("/invitations/{}/open", sent.id), None).await;
    assert_eq!((minted.status, &minted.body["kind"]), (StatusCode::CONFLICT, &json!("wrong_state")));
}

#[tokio::test]
async fn each_clock_ends_with_a_page_that_says_so() {
    let (house, agent, mut visitor, sent) = ready("secure-note").await;
    let key = house.click(&sent).await;
    house.clock.advance_seconds(301);
    let late = visitor.post_from(CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("5 minutes"), "{}", late.body);

    let form = opened(&house, &mut visitor, &sent).await;
    house.clock.advance_seconds(1_801);
    let late = visitor.post(&format!("/form/{}", sent.id), &[("otk", &form.key()), ("q-note", "late")]).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("30 minutes"), "{}", late.body);
    house.vault.sweep_once().await;
    assert_eq!(house.status(&sent).await, "expired");

    let link = house.invite(&agent, "secure-note", "link").await;
    house.clock.advance_seconds(86_401);
    let late = visitor.get(&format!("/o/{}", link.link_key.unwrap())).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("action=\"/ask\""));
}

#[tokio::test]
async fn a_body_of_the_wrong_size_shape_or_type_is_refused() {
    let (house, _, mut visitor, sent) = ready("secure-note").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let path = format!("/form/{}", sent.id);
    let raw = |content_type: &'static str, body: String| {
        Request::post(&path)
            .header(ORIGIN_HEADER, ORIGIN)
            .header(CONTENT_TYPE, content_type)
            .body(Body::from(body))
            .unwrap()
    };
    let urlencoded = "application/x-www-form-urlencoded";
    let large = format!("otk={}&q-note={}", form.key(), "x".repeat(65_536));
    assert_eq!(visitor.send(raw(urlencoded, large)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let multipart = visitor.send(raw("multipart/form-data", String::new())).await;
    assert_eq!(multipart.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let broken = visitor.send(raw(urlencoded, format!("otk={}&q-note=%zz", form.key()))).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    let foreign = visitor.post(&path, &[("otk", &form.key()), ("q-note", "x"), ("q-other", "y")]).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fits = visitor.post(&path, &[("otk", &form.key()), ("q-note", "x")]).await;
    assert_eq!(fits.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn only_our_own_pages_may_post_and_only_the_chat_may_open() {
    let (house, _, mut visitor, sent) = ready("secure-note").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let path = format!("/form/{}", sent.id);
    for origin in [CHAT, "null", "http://evil.example", crate::house::DESK] {
        let refused = visitor.post_from(origin, &path, &[("otk", &form.key()), ("q-note", "x")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{origin}");
    }
    let key = house.click(&house.invite(&house.agent().await, "secure-note", "web").await).await;
    for origin in ["null", "http://evil.example", crate::house::DESK, crate::house::BRAND] {
        let refused = visitor.post_from(origin, "/open", &[("otk", &key)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{origin}");
    }
    // Without fetch metadata the origin decides; without both, nobody asked.
    let silent = Request::post("/open").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(
        visitor.send(silent.body(Body::from(format!("otk={key}"))).unwrap()).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(visitor.post_from(CHAT, "/open", &[("otk", &key)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn too_many_posts_from_one_network_are_told_when_to_come_back() {
    let house = House::of(Plan { posts_per_minute: 5, ..Plan::default() }).await;
    let mut browser = house.browser();
    for last in 0..5 {
        browser.address = [198, 51, 100, last];
        assert_eq!(browser.post("/open", &[("otk", "x")]).await.status, StatusCode::NOT_FOUND);
    }
    browser.address = [198, 51, 100, 200];
    let refused = browser.post("/open", &[("otk", "x")]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(browser.call("/viewer/enrol", json!({ "key": "x" })).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(browser.get("/begin").await.status, StatusCode::OK);
    browser.address = [203, 0, 113, 1];
    assert_eq!(browser.post("/open", &[("otk", "x")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_is_loaded_without_end_is_refused_too() {
    let house = House::of(Plan { posts_per_minute: 5, ..Plan::default() }).await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    // Another network than the agent's, whose enrolment counts as well.
    visitor.address = [203, 0, 113, 1];
    let sent = house.invite(&agent, "secure-note", "web").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let address = format!("/form/{}", sent.id);
    let mut replies = Vec::new();
    for _ in 0..6 {
        replies.push(visitor.get(&address).await);
    }
    let last = replies.last().unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert!(!last.body.contains("name=\"otk\"") && form.body.contains("name=\"otk\""));
}

#[tokio::test]
async fn a_full_memory_refuses_before_the_visitor_types_and_the_key_stays_good() {
    let house = House::of(Plan { room: 1, ..Plan::default() }).await;
    let agent = house.agent().await;
    let (mut first, mut second) = (house.visitor().await, house.visitor().await);
    let one = house.invite(&agent, "cardholder-data", "web").await;
    let two = house.invite(&agent, "cardholder-data", "web").await;
    let form = opened(&house, &mut first, &one).await;
    let key = house.click(&two).await;
    let full = second.post_from(CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!((full.status, full.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "10"));
    assert_eq!(house.status(&two).await, "sent");
    let declined = first.post(&format!("/form/{}/decline", one.id), &[("otk", &form.key())]).await;
    assert_eq!(declined.status, StatusCode::OK);
    assert_eq!(second.post_from(CHAT, "/open", &[("otk", &key)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn declining_ends_it_and_closing_does_not() {
    let (house, _, mut visitor, sent) = ready("secure-note").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let path = format!("/form/{}", sent.id);
    let closed = visitor.post(&format!("{path}/close"), &[("otk", &form.key())]).await;
    assert_eq!(closed.status, StatusCode::OK);
    let form = visitor.get(&path).await;
    assert_eq!(form.status, StatusCode::OK);
    for _ in 0..2 {
        let declined = visitor.post(&format!("{path}/decline"), &[("otk", &form.key())]).await;
        assert_eq!(declined.status, StatusCode::OK, "{}", declined.body);
    }
    assert_eq!(house.status(&sent).await, "declined");
    assert_eq!(visitor.get(&path).await.status, StatusCode::GONE);
    let mut stranger = house.visitor().await;
    for end in ["close", "decline"] {
        let refused = stranger.post(&format!("{path}/{end}"), &[("otk", &form.key())]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{end}");
    }
}

#[tokio::test]
async fn a_cancelled_form_says_so_before_the_visitor_types_on() {
    let (house, agent, mut visitor, sent) = ready("secure-note").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let ended = house.zone("POST", &format!("/sessions/{}/end", agent.session), None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(house.status(&sent).await, "cancelled");
    assert_eq!(visitor.get(&format!("/form/{}", sent.id)).await.status, StatusCode::GONE);
    let late = visitor.post(&format!("/form/{}", sent.id), &[("otk", &form.key()), ("q-note", "x")]).await;
    assert_eq!(late.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_preview_or_a_scanner_burns_nothing() {
    let (house, agent, mut visitor, _) = ready("secure-note").await;
    let sent = house.invite(&agent, "secure-note", "link").await;
    let path = format!("/o/{}", sent.link_key.as_deref().unwrap());
    for method in [Method::HEAD, Method::GET] {
        let request = Request::builder().method(method).uri(&path).header("purpose", "prefetch").body(Body::empty());
        assert_eq!(visitor.send(request.unwrap()).await.status, StatusCode::OK);
    }
    assert_eq!(
        visitor.post("/open", &[("otk", sent.link_key.as_deref().unwrap())]).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn looking_at_an_open_form_leaves_the_key_that_is_being_filled_in() {
    let (house, _, mut visitor, sent) = ready("cardholder-data").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let look = Request::head(format!("/form/{}", sent.id)).body(Body::empty()).unwrap();
    assert_eq!(visitor.send(look).await.status, StatusCode::OK);
    assert_eq!(submitted(&mut visitor, &sent, &form.key()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn unauthenticated_refusals_are_counted_not_stored_one_by_one() {
    let (house, _, mut visitor, _) = ready("secure-note").await;
    let before = house.audit().await.len();
    for _ in 0..50 {
        visitor.post("/open", &[("otk", &"A".repeat(43))]).await;
    }
    house.vault.sweep_once().await;
    assert!(house.audit().await.len() <= before + 1);
}

#[tokio::test]
async fn answers_survive_a_restart_and_off_the_record_ones_do_not() {
    let (house, mut agent, mut visitor, sent) = ready("cardholder-data").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let mut fields = vec![("otk", form.key())];
    fields.extend(CARD.map(|(name, value)| (name, value.to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(visitor.post(&format!("/form/{}", sent.id), &fields).await.status, StatusCode::SEE_OTHER);
    let house = house.restarted();
    let cookies = std::mem::take(&mut agent.browser.cookies);
    agent.browser = house.browser();
    agent.browser.cookies = cookies;
    let view = crate::view::viewed(&house, &mut agent, &sent).await;
    assert_eq!(view.status, StatusCode::OK, "{}", view.body);
    let id = crate::view::view_id(&view);
    let number = agent.browser.call("/view/reveal", json!({ "view": id, "answer": "number" })).await;
    assert_eq!(number.json()["text"], crate::life::PAN);
    let cvv = agent.browser.call("/view/reveal", json!({ "view": id, "answer": "cvv" })).await;
    assert_eq!((cvv.status, &cvv.json()["kind"]), (StatusCode::GONE, &json!("expired")));
}
