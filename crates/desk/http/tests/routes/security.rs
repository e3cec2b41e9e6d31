//! The security policy, the minimum for secure forms (A10), and API keys (A9).

use aside_base::Clock as _;
use aside_desk_domain::Errand;
use aside_desk_store::Errands as _;
use http::header::AUTHORIZATION;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::actor::{Anonymous, Reply, fresh};
use crate::house::{DESK, House, card_form};

#[tokio::test]
async fn loosening_the_minimum_says_what_stops_and_stops_it() {
    let house = House::new().await;
    let (ada, dana, visitor) = (house.ada().await, house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    house.invitation(&dana, conversation).await;
    let security = ada.get("/api/security").await.json();
    assert_eq!((&security["forms"]["on"], &security["forms"]["open_invitations"]), (&json!(true), &json!(1)));
    assert!(security["minimum"].as_array().unwrap().iter().all(|part| part["met"] == true));
    assert_eq!(security["policy"], security["defaults"]);
    assert_eq!(security["ranges"]["password.min_length"], json!({"min": 7, "max": 64}));

    let mut policy = security["policy"].clone();
    policy["hide_card_numbers"] = json!(false);
    let asked = ada.put("/api/security", json!({"policy": policy})).await;
    assert_eq!(asked.refusal(), (409, "confirm_stop".into()));
    assert_eq!((&asked.json()["parts"], &asked.json()["open_invitations"]), (&json!(["hide_card_numbers"]), &json!(1)));
    let mistyped = ada.put("/api/security", json!({"policy": policy, "confirm": "Southwind"})).await;
    assert_eq!((mistyped.refusal().0, &mistyped.json()["field"]), (422, &json!("confirm")));
    assert_eq!(ada.get("/api/security").await.json()["forms"]["on"], true);

    let stopped = ada.put("/api/security", json!({"policy": policy, "confirm": "Northwind"})).await;
    assert_eq!((stopped.status, &stopped.json()["forms"]["on"]), (StatusCode::OK, &json!(false)), "{stopped:?}");
    assert_eq!(stopped.json()["forms"]["open_invitations"], 0);
    let page = dana.get(&format!("/api/conversations/{conversation}")).await.json();
    assert!(
        page["entries"]
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["status"] == "cancelled" && entry["reason"] == "stopped")
    );
    let send = json!({"id": fresh(), "form": card_form(), "channel": "web"});
    let path = format!("/api/conversations/{conversation}/invitations");
    assert_eq!(dana.post(&path, send.clone()).await.refusal(), (409, "forms_stopped".into()));
    assert_eq!(dana.get("/api/session").await.json()["forms_on"], false);
    let switch = async |on| {
        let due = house.store.due_errands(house.clock.now(), 50).await.unwrap();
        due.iter().any(|pending| pending.errand == Errand::SwitchForms(on))
    };
    assert!(switch(false).await);

    policy["hide_card_numbers"] = json!(true);
    assert_eq!(ada.put("/api/security", json!({"policy": policy})).await.json()["forms"]["on"], true);
    let send = json!({"id": fresh(), "form": card_form(), "channel": "web"});
    assert_eq!(dana.post(&path, send).await.refusal().1, "vault_down", "it is sent again");
}

#[tokio::test]
async fn a_policy_out_of_range_names_the_field_and_changes_nothing() {
    let house = House::new().await;
    let ada = house.ada().await;
    let before = ada.get("/api/security").await.json()["policy"].clone();
    let hours = |zone: &str| json!({"from_minute": 480, "to_minute": 1080, "time_zone": zone, "weekdays": [1, 2]});
    for (pointer, value, field) in [
        ("/password/min_length", json!(6), "password.min_length"),
        ("/lockout/tries", json!(11), "lockout.tries"),
        ("/lockout/minutes", json!(29), "lockout.minutes"),
        ("/idle/lock_after_minutes", json!(16), "idle.lock_after_minutes"),
        ("/audit_days", json!(364), "audit_days"),
        ("/idle_account_days", json!(91), "idle_account_days"),
        ("/review/working_hours", hours("Atlantis/Capital"), "review.working_hours.time_zone"),
    ] {
        let mut policy = before.clone();
        *policy.pointer_mut(pointer).unwrap() = value;
        let reply = ada.put("/api/security", json!({"policy": policy})).await;
        assert_eq!((reply.refusal(), &reply.json()["field"]), ((422, "invalid".into()), &json!(field)), "{pointer}");
    }
    let mut odd = before.clone();
    odd["password"]["colour"] = json!("red");
    assert_eq!(ada.put("/api/security", json!({"policy": odd})).await.json()["field"], "policy.password.colour");
    assert_eq!(ada.get("/api/security").await.json()["policy"], before);
    let mut fine = before;
    fine["review"]["working_hours"] = hours("UTC");
    assert_eq!(ada.put("/api/security", json!({"policy": fine})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_site_that_does_not_hide_card_numbers_keeps_them_and_one_that_does_masks_them() {
    let house = House::new().await;
    let (ada, visitor) = (house.ada().await, house.visitor().await);
    let text = async || visitor.post("/api/messages", json!({"id": fresh(), "text": "4111 1111 1111 1111"})).await;
    assert!(text().await.json()["text"].as_str().unwrap().ends_with("1111"));
    assert!(!text().await.text.contains("4111 1111"));
    let mut policy = ada.get("/api/security").await.json()["policy"].clone();
    policy["hide_card_numbers"] = json!(false);
    ada.put("/api/security", json!({"policy": policy, "confirm": "Northwind"})).await;
    assert_eq!(text().await.json()["text"], "4111 1111 1111 1111");
}

async fn with_key(house: &House, path: &str, authorization: &str) -> Reply {
    let browser = Anonymous::at(house, DESK);
    let request = browser.request(Method::GET, path).header(AUTHORIZATION, authorization);
    browser.send(request.body(axum::body::Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_key_is_shown_once_opens_its_scopes_and_nothing_after_its_end() {
    let house = House::new().await;
    let ada = house.ada().await;
    let made = ada.done("/api/keys", json!({"name": "HR", "scopes": ["people_read"], "days": 2})).await;
    let key = made["key"].as_str().unwrap().to_owned();
    assert!(key.starts_with(&format!("aside_{}_{}", made["id"].as_str().unwrap(), made["prefix"].as_str().unwrap())));
    let list = ada.get("/api/keys").await;
    assert!(!list.text.contains(&key[40..]), "{}", list.text);
    assert_eq!(list.json()[0]["last_used_at"], Value::Null);

    let bearer = format!("Bearer {key}");
    assert_eq!(with_key(&house, "/api/people", &bearer).await.status, StatusCode::OK);
    assert_eq!(ada.get("/api/keys").await.json()[0]["last_used_at"], house.clock.now().0);
    let beyond = with_key(&house, "/api/security", &bearer).await;
    assert_eq!((beyond.refusal(), &beyond.json()["code"]), ((403, "not_allowed".into()), &json!("security_read")));
    assert_eq!(with_key(&house, "/api/session", &bearer).await.refusal().0, 401, "a key is no session");
    let last = key.chars().last().unwrap();
    let near = format!("{}{}", &key[..key.len() - 1], if last == 'A' { 'Q' } else { 'A' });
    let no_id = key.replacen(&key[6..42], &uuid::Uuid::from_u128(1).to_string(), 1);
    for wrong in [near.as_str(), &no_id, &key[6..], "", "aside_", "aside__"] {
        assert_eq!(with_key(&house, "/api/people", &format!("Bearer {wrong}")).await.refusal().0, 401, "{wrong}");
    }
    assert_eq!(with_key(&house, "/api/people", &format!("Basic {key}")).await.refusal().0, 401);
    house.clock.advance_seconds(2 * 24 * 60 * 60);
    assert_eq!(with_key(&house, "/api/people", &bearer).await.refusal().0, 401);
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_and_a_key_needs_a_scope_a_name_and_an_end() {
    let house = House::new().await;
    let ada = house.ada().await;
    let made = ada.done("/api/keys", json!({"name": "HR", "scopes": ["security_read"], "days": 365})).await;
    let bearer = format!("Bearer {}", made["key"].as_str().unwrap());
    assert_eq!(with_key(&house, "/api/security", &bearer).await.status, StatusCode::OK);
    ada.done(&format!("/api/keys/{}/revoke", made["id"].as_str().unwrap()), json!({})).await;
    assert_eq!(with_key(&house, "/api/security", &bearer).await.refusal().0, 401);
    for (name, scopes, days, field) in [
        (" ", json!(["people_read"]), 1, "name"),
        ("HR", json!([]), 1, "scopes"),
        ("HR", json!(["people_read"]), 0, "days"),
        ("HR", json!(["people_read"]), 366, "days"),
        ("HR", json!(["people_read"]), u32::MAX, "days"),
    ] {
        let reply = ada.post("/api/keys", json!({"name": name, "scopes": scopes, "days": days})).await;
        assert_eq!((reply.refusal(), &reply.json()["field"]), ((422, "invalid".into()), &json!(field)), "{days}");
    }
}
