//! Signing in and out.

use aside_base::Clock as _;
use aside_desk_domain::AuditLine;
use aside_desk_store::AuditLog as _;
use http::StatusCode;
use serde_json::json;

use crate::actor::Anonymous;
use crate::house::{DESK, House, PASSWORD};

async fn audit(house: &House, action: &str) -> Vec<AuditLine> {
    let all = house.store.audit_lines(0, 1_000).await.unwrap();
    all.into_iter().filter(|line| line.action == action).collect()
}

#[tokio::test]
async fn a_login_works_while_the_vault_is_down_and_says_so() {
    let house = House::new().await;
    let dana = house.dana().await;
    let session = dana.get("/api/session").await.json();
    assert_eq!(session["agent"]["display_name"], "Dana");
    assert_eq!(session["site"], json!({"id": "northwind", "brand": "Northwind"}));
    assert_eq!((&session["enrolment"], &session["vault_up"]), (&json!(null), &json!(false)));
    let lines = audit(&house, "login").await;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].outcome, "done");
}

#[tokio::test]
async fn the_cookie_is_bound_to_the_host_and_hidden_from_scripts() {
    let house = House::new().await;
    let reply = Anonymous::at(&house, DESK).post("/api/login", json!({"name": "Dana", "password": PASSWORD})).await;
    let cookie = reply.headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-aside-desk=") && cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict")
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let house = House::new().await;
    let browser = Anonymous::at(&house, DESK);
    let mut answers = Vec::new();
    for (name, password) in
        [("dana", "wrong horse battery"), ("nobody", PASSWORD), ("' or 1=1 --", PASSWORD), ("dana", "")]
    {
        let reply = browser.post("/api/login", json!({"name": name, "password": password})).await;
        assert_eq!(reply.refusal(), (401, "login_failed".into()), "{name}");
        assert!(!reply.headers.contains_key("set-cookie"));
        answers.push(reply.text);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn an_agent_of_another_site_is_not_found_under_this_one() {
    let house = House::new().await;
    let browser = Anonymous::at(&house, DESK);
    let reply = browser.post("/api/login", json!({"site": "northwind", "name": "sol", "password": PASSWORD})).await;
    assert_eq!(reply.refusal().0, 401);
    let reply = browser.post("/api/login", json!({"site": "southwind", "name": "sol", "password": PASSWORD})).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn logins_of_one_network_are_limited() {
    let house = House::with_limits(2, 1_000).await;
    let browser = Anonymous::at(&house, DESK);
    let wrong = json!({"name": "nobody", "password": "wrong horse battery"});
    for _ in 0..2 {
        assert_eq!(browser.post("/api/login", wrong.clone()).await.refusal().0, 401);
    }
    let reply = browser.post("/api/login", wrong).await;
    assert_eq!(reply.refusal(), (429, "busy".into()));
    assert!(reply.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn a_logout_ends_the_session_in_every_tab() {
    let house = House::new().await;
    let dana = house.dana().await;
    let other_tab = dana.browser.clone();
    let reply = dana.post("/api/logout", json!({})).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert!(reply.headers["set-cookie"].to_str().unwrap().ends_with("Max-Age=0"));
    assert_eq!(other_tab.get("/api/session").await.refusal(), (401, "signed_out".into()));
    assert_eq!(audit(&house, "end_session").await[0].reason.as_deref(), Some("logout"));
}

#[tokio::test]
async fn signing_in_again_ends_the_session_that_the_browser_had() {
    let house = House::new().await;
    let dana = house.dana().await;
    let reply = dana.post("/api/login", json!({"name": "kim", "password": PASSWORD})).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(dana.get("/api/session").await.refusal().0, 401);
}

#[tokio::test]
async fn a_session_lives_twelve_hours_and_no_longer() {
    let house = House::new().await;
    let dana = house.dana().await;
    house.clock.advance_seconds(12 * 60 * 60 - 1);
    assert_eq!(dana.get("/api/session").await.status, StatusCode::OK, "at {:?}", house.clock.now());
    house.clock.advance_seconds(1);
    assert_eq!(dana.get("/api/session").await.refusal().0, 401);
}

#[tokio::test]
async fn a_login_with_a_wrong_shape_names_the_field_and_repeats_nothing() {
    let house = House::new().await;
    let browser = Anonymous::at(&house, DESK);
    let reply = browser.post("/api/login", json!({"name": "dana", "password": 4111111111111111_u64})).await;
    assert_eq!(reply.refusal(), (422, "invalid".into()));
    assert_eq!(reply.json()["field"], "password");
    assert!(!reply.text.contains("4111"));
}
