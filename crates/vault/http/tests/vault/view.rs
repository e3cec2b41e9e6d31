//! Who may look at the answers, and until when.

use std::time::Duration;

use aside_base::Clock as _;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;
use tower::ServiceExt as _;

use crate::browser::Reply;
use crate::house::{Agent, HOST, House, Sent, start};
use crate::life::{opened, submitted};

/// The view's id as its page names it.
pub(crate) fn view_id(page: &Reply) -> String {
    let (_, rest) = page.body.split_once("data-view=\"").unwrap_or_else(|| panic!("no view: {}", page.body));
    rest.split('"').next().unwrap().to_owned()
}

/// The agent clicks, and the frame posts.
pub(crate) async fn viewed(house: &House, agent: &mut Agent, sent: &Sent) -> Reply {
    let grant = house.grant(agent, sent).await;
    assert_eq!(grant.status, StatusCode::OK, "{}", grant.body);
    let (submission, key) = (grant.body["submission"].as_str().unwrap(), grant.body["key"].as_str().unwrap());
    agent.browser.post("/view", &[("submission", submission), ("otk", key)]).await
}

/// The agent types what the code app shows now.
pub(crate) async fn confirm(house: &House, agent: &mut Agent, view: &str) -> Reply {
    let code = agent.app.as_ref().unwrap().code(house.clock.now());
    agent.browser.call("/view/confirm", json!({ "view": view, "code": code.as_str() })).await
}

/// A card that was asked for and sent.
pub(crate) async fn answered() -> (House, Agent, Sent) {
    let house = House::new().await;
    let agent = house.agent().await;
    let sent = answered_by(&house, &agent).await;
    (house, agent, sent)
}

/// A card that this agent asks for, and that is sent.
pub(crate) async fn answered_by(house: &House, agent: &Agent) -> Sent {
    let mut visitor = house.visitor().await;
    let sent = house.invite(agent, "cardholder-data", "web").await;
    let form = opened(house, &mut visitor, &sent).await;
    assert_eq!(submitted(&mut visitor, &sent, &form.key()).await.status, StatusCode::SEE_OTHER);
    sent
}

pub(crate) async fn reveal(agent: &mut Agent, view: &str) -> Reply {
    agent.browser.call("/view/reveal", json!({ "view": view, "answer": "number" })).await
}

#[tokio::test]
async fn a_view_key_works_once_for_seconds_and_only_in_the_enrolled_browser() {
    let (house, mut agent, sent) = answered().await;
    let grant = house.grant(&agent, &sent).await.body;
    let fields = [("submission", grant["submission"].as_str().unwrap()), ("otk", grant["key"].as_str().unwrap())];
    // The desk itself, or whoever took it over, has both and no cookie.
    assert_eq!(house.browser().post("/view", &fields).await.status, StatusCode::FORBIDDEN);
    let mut other = house.agent().await;
    let foreign = other.browser.post("/view", &fields).await;
    assert!(foreign.status.is_client_error() && !foreign.body.contains("Ana"), "{}", foreign.body);
    assert_eq!(agent.browser.post("/view", &fields).await.status, StatusCode::OK);
    assert_eq!(agent.browser.post("/view", &fields).await.status, StatusCode::GONE);
    let grant = house.grant(&agent, &sent).await.body;
    house.clock.advance_seconds(10);
    let late = [("submission", grant["submission"].as_str().unwrap()), ("otk", grant["key"].as_str().unwrap())];
    assert_eq!(agent.browser.post("/view", &late).await.status, StatusCode::GONE);
    assert_eq!(agent.browser.post("/view", &[("submission", "x"), ("otk", "y")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_the_session_that_sent_the_form_is_granted_a_view() {
    let (house, agent, sent) = answered().await;
    let other = house.agent().await;
    let refused = house.grant(&other, &sent).await;
    assert_eq!((refused.status, &refused.body["kind"]), (StatusCode::FORBIDDEN, &json!("no_right")));
    assert_eq!(refused.body["code"], "other_session");
    let ended = house.zone("POST", &format!("/sessions/{}/end", agent.session), None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(house.grant(&agent, &sent).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn without_an_audit_row_there_is_no_view_and_no_reveal() {
    let (house, mut agent, sent) = answered().await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    let grant = house.grant(&agent, &sent).await.body;
    let fields = [("submission", grant["submission"].as_str().unwrap()), ("otk", grant["key"].as_str().unwrap())];
    // The audit table takes no row any more, as on a disk that fails just there.
    let disk = rusqlite::Connection::open(house.path().join("vault.sqlite")).unwrap();
    disk.busy_timeout(Duration::from_secs(5)).unwrap();
    disk.execute_batch("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .unwrap();
    let refused = agent.browser.post("/view", &fields).await;
    assert_eq!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!refused.body.contains("Ana") && !refused.body.contains("1111"), "{}", refused.body);
    let refused = reveal(&mut agent, &id).await;
    assert!(refused.status.is_server_error() && !refused.body.contains("4111"), "{}", refused.body);
    // Nothing was used up by it.
    disk.execute_batch("DROP TRIGGER broken").unwrap();
    assert_eq!(agent.browser.post("/view", &fields).await.status, StatusCode::OK);
}

#[tokio::test]
async fn thirty_seconds_of_silence_close_a_view() {
    let (house, mut agent, sent) = answered().await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    house.clock.advance_seconds(28);
    house.vault.sweep_once().await;
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
    house.clock.advance_seconds(1);
    // Even before the sweeper comes.
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::FORBIDDEN);
    house.vault.sweep_once().await;
    let renewed = house.zone("POST", "/sessions/renew", Some(json!({ "sessions": [agent.session] }))).await;
    assert_eq!(renewed.body["ended"], json!([]));
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::FORBIDDEN, "a closed view does not open again");
    assert_eq!(viewed(&house, &mut agent, &sent).await.status, StatusCode::OK);
}

#[tokio::test]
async fn closing_the_conversation_ends_the_right_for_good() {
    let (house, mut agent, sent) = answered().await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    for _ in 0..2 {
        let closed = house.zone("POST", &format!("/conversations/{}/close", sent.conversation), None).await;
        assert_eq!(closed.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::FORBIDDEN);
    let refused = house.grant(&agent, &sent).await;
    assert_eq!((refused.status, &refused.body["kind"]), (StatusCode::FORBIDDEN, &json!("no_right")));
}

#[tokio::test]
async fn done_ends_the_view_and_another_browser_cannot_end_it() {
    let (house, mut agent, sent) = answered().await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    let mut other = house.agent().await;
    let foreign = other.browser.call("/view/done", json!({ "view": id })).await;
    assert!(foreign.status.is_client_error());
    assert!(reveal(&mut other, &id).await.status.is_client_error());
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
    let code = |view: &str| json!({ "view": view, "answer": "cvv" });
    // Left, as when a page goes: the security code lives for its time, each look with a key of its own (edge case 24).
    let left = json!({ "view": id, "left": true });
    assert_eq!(agent.browser.call("/view/done", left).await.status, StatusCode::NO_CONTENT);
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::FORBIDDEN);
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    assert_eq!(agent.browser.call("/view/reveal", code(&id)).await.json()["text"], "737");
    // Done with: it is wiped, and what is stored is not.
    for _ in 0..2 {
        assert_eq!(agent.browser.call("/view/done", json!({ "view": id })).await.status, StatusCode::NO_CONTENT);
    }
    let page = viewed(&house, &mut agent, &sent).await;
    assert!(page.body.contains("Gone. It was never stored."), "{}", page.body);
    let id = view_id(&page);
    assert_eq!(agent.browser.call("/view/reveal", code(&id)).await.status, StatusCode::GONE);
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_off_the_record_is_gone_when_its_time_is_over() {
    let (house, mut agent, sent) = answered().await;
    house.clock.advance_seconds(600);
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    assert_eq!(confirm(&house, &mut agent, &id).await.status, StatusCode::OK);
    let cvv = agent.browser.call("/view/reveal", json!({ "view": id, "answer": "cvv" })).await;
    assert_eq!(cvv.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_enrolment_key_makes_one_browser_the_viewer_once() {
    let house = House::new().await;
    let agent = house.agent().await;
    let start = start(agent.session, agent.id);
    let again = house.zone("POST", "/sessions", Some(start)).await;
    assert!(again.body["key"].is_null(), "a second browser could be enrolled: {}", again.body);
    let mut browser = house.browser();
    let unknown = browser.call("/viewer/enrol", json!({ "key": "A".repeat(43) })).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let malformed = browser.call("/viewer/enrol", json!({ "key": "short" })).await;
    assert_eq!((malformed.status, &malformed.json()["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("key")));
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn the_page_is_told_at_once_when_the_right_ends() {
    let (house, mut agent, sent) = answered().await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    let mut request = Request::get(format!("/view/live/{id}"))
        .header("host", HOST)
        .header("cookie", format!("__Host-aside-viewer={}", agent.browser.cookies["__Host-aside-viewer"]))
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 1))));
    let response = house.public.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let mut next = async || {
        let frame = tokio::time::timeout(Duration::from_secs(4), body.frame()).await.unwrap()?;
        Some(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
    };
    assert_eq!(next().await.unwrap(), "data: open\n\n");
    house.zone("POST", &format!("/sessions/{}/end", agent.session), None).await;
    assert_eq!(next().await.unwrap(), "data: closed\n\n");
    assert_eq!(next().await, None);
    // A page that comes back later is told the same.
    assert_eq!(agent.browser.get(&format!("/view/live/{id}")).await.body, "data: closed\n\n");
    assert_eq!(house.browser().get(&format!("/view/live/{id}")).await.body, "data: closed\n\n");
}
