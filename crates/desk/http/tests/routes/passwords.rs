//! New passwords: their rules, their history, and the links that set them (A2).

use http::StatusCode;
use serde_json::{Value, json};

use crate::actor::{Agent, Anonymous};
use crate::house::{DESK, House, PASSWORD};

const OTHER: &str = "copper meadow 41 kites";

fn change(current: &str, new: &str) -> Value {
    json!({"current": current, "new": new})
}

#[tokio::test]
async fn each_rule_that_a_password_breaks_is_named() {
    let house = House::new().await;
    let dana = house.dana().await;
    let long: String = (0..60).map(|kite| format!("kite{kite} ")).collect();
    for (new, reasons) in [
        ("kites 41", json!(["too_short", "common"])),
        ("copper meadow kites", json!(["no_digit"])),
        ("2718281828459045", json!(["no_letter"])),
        ("password1234", json!(["common"])),
        ("my northWIND 41 kites", json!(["contains_name"])),
        ("copper dana 41 kites", json!(["contains_name"])),
        (PASSWORD, json!(["used_before"])),
        (&long, json!(["too_long"])),
    ] {
        let reply = dana.post("/api/session/password", change(PASSWORD, new)).await;
        assert_eq!(reply.refusal(), (422, "invalid".into()), "{new}");
        assert_eq!((&reply.json()["field"], &reply.json()["reasons"]), (&json!("new"), &reasons), "{new}");
        assert!(!reply.text.contains(new));
    }
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_the_former_do_not_come_back() {
    let house = House::new().await;
    let (mut dana, elsewhere) = (house.dana().await, house.dana().await);
    let wrong = dana.post("/api/session/password", change("not the password", OTHER)).await;
    assert_eq!(wrong.refusal(), (401, "login_failed".into()));
    let reply = dana.post("/api/session/password", change(PASSWORD, OTHER)).await;
    assert_eq!((reply.status, &reply.json()["stage"]), (StatusCode::OK, &json!("ready")), "{reply:?}");
    assert_eq!(dana.get("/api/session").await.refusal().0, 401, "the token is another one");
    dana.follow(&reply);
    assert_eq!(dana.get("/api/conversations").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/api/session").await.refusal().0, 401);
    let back = dana.post("/api/session/password", change(OTHER, PASSWORD)).await;
    assert_eq!(back.json()["reasons"], json!(["used_before"]));
    let second = dana.post("/api/session/password", change(OTHER, "silver orchard 52 boats")).await;
    dana.follow(&second);
    let third = dana.post("/api/session/password", change("silver orchard 52 boats", "amber castle 63 doors")).await;
    assert_eq!(third.json()["reasons"], json!(["too_many_changes"]));
    let old = Anonymous::at(&house, DESK);
    let login = json!({"site": "northwind", "name": "dana", "password": PASSWORD});
    assert_eq!(old.post("/api/login", login).await.refusal().1, "login_failed");
}

#[tokio::test]
async fn whoever_finds_an_open_console_and_guesses_locks_it() {
    let house = House::new().await;
    let dana = house.dana().await;
    for _ in 0..4 {
        assert_eq!(dana.post("/api/session/password", change("guess", OTHER)).await.refusal().1, "login_failed");
    }
    let fifth = dana.post("/api/factors/recovery", json!({"password": "guess"})).await;
    assert_eq!(fifth.refusal(), (423, "locked".into()));
    assert_eq!(dana.post("/api/session/password", change(PASSWORD, OTHER)).await.refusal().0, 423);
    assert_eq!(dana.post("/api/session/unlock", json!({"password": PASSWORD})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_right_password_forgives_the_wrong_ones_before_it() {
    let house = House::new().await;
    let dana = house.dana().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(dana.post("/api/factors/totp", json!({"password": "guess"})).await.refusal().0, 401);
        }
        dana.done("/api/factors/totp", json!({"password": PASSWORD})).await;
    }
}

async fn invited(house: &House) -> (Agent, String, String) {
    let ada = house.ada().await;
    let profiles = ada.get("/api/profiles").await.json();
    let agent = profiles.as_array().unwrap().iter().find(|profile| profile["role"] == "agent").unwrap()["id"].clone();
    let new = json!({"name": "Lee", "display_name": "Lee", "profile": agent});
    let made = ada.done("/api/people", new).await;
    assert_eq!((&made["person"]["state"], &made["person"]["name"]), (&json!("invited"), &json!("lee")));
    let link = made["link"].as_str().unwrap();
    let key = link.strip_prefix("http://desk.localhost:8080/welcome#").expect(link).to_owned();
    (ada, key, made["person"]["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_invited_person_sets_the_first_password_by_the_link_once() {
    let house = House::new().await;
    let (ada, key, id) = invited(&house).await;
    let lee = Anonymous::at(&house, DESK);
    let look = lee.post("/api/welcome/look", json!({"key": key})).await.json();
    assert_eq!(
        (&look["name"], &look["brand"], &look["policy"]["min_length"]),
        (&json!("lee"), &json!("Northwind"), &json!(12))
    );
    let weak = lee.post("/api/welcome", json!({"key": key, "password": "lee"})).await;
    assert_eq!((weak.refusal().0, &weak.json()["field"]), (422, &json!("password")));
    let set = json!({"key": key, "password": OTHER});
    assert_eq!(lee.post("/api/welcome", set.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(lee.post("/api/welcome", set).await.refusal(), (404, "not_valid".into()));
    assert_eq!(lee.post("/api/welcome/look", json!({"key": key})).await.refusal().0, 404);
    assert_eq!(ada.get(&format!("/api/people/{id}")).await.json()["person"]["state"], "active");
    let begun = Agent::begin_at(&house, lee, "lee", OTHER).await;
    assert_eq!(
        begun.get("/api/session").await.json()["stage"],
        "set_up_factor",
        "the person chose it: no change is due"
    );
}

#[tokio::test]
async fn a_link_is_void_after_a_day_a_newer_one_or_a_deactivation() {
    let house = House::new().await;
    let (ada, key, id) = invited(&house).await;
    let lee = Anonymous::at(&house, DESK);
    let gone = async |key: &str| lee.post("/api/welcome/look", json!({"key": key})).await.refusal();
    let newer = ada.done(&format!("/api/people/{id}/reset"), json!({})).await;
    assert_eq!(gone(&key).await.0, 404);
    let newer = newer["link"].as_str().unwrap().split('#').nth(1).unwrap().to_owned();
    assert_eq!(lee.post("/api/welcome/look", json!({"key": newer})).await.status, StatusCode::OK);
    ada.done(&format!("/api/people/{id}/deactivate"), json!({})).await;
    assert_eq!(gone(&newer).await.0, 404);
    let off = ada.post(&format!("/api/people/{id}/reset"), json!({})).await;
    assert_eq!((off.refusal().0, &off.json()["code"]), (409, &json!("not_active")));
    ada.done(&format!("/api/people/{id}/activate"), json!({})).await;
    let last = ada.done(&format!("/api/people/{id}/reset"), json!({})).await;
    let last = last["link"].as_str().unwrap().split('#').nth(1).unwrap().to_owned();
    house.clock.advance_seconds(24 * 60 * 60);
    assert_eq!(gone(&last).await.0, 404);
    for nonsense in ["", "x", &"A".repeat(43), "' or 1=1 --"] {
        assert_eq!(gone(nonsense).await, (404, "not_valid".into()), "{nonsense}");
    }
}

#[tokio::test]
async fn a_reset_password_ends_every_session_and_keeps_the_second_factor() {
    let house = House::new().await;
    let (ada, dana) = (house.ada().await, house.dana().await);
    let id = house.account("dana").await.id;
    let made = ada.done(&format!("/api/people/{id}/reset"), json!({})).await;
    assert_eq!(dana.get("/api/session").await.status, StatusCode::OK, "a link alone changes nothing");
    let key = made["link"].as_str().unwrap().split('#').nth(1).unwrap().to_owned();
    let browser = Anonymous::at(&house, DESK);
    browser.post("/api/welcome", json!({"key": key, "password": OTHER})).await;
    assert_eq!(dana.get("/api/session").await.refusal().0, 401);
    let again = Agent::begin_at(&house, browser, "dana", OTHER).await;
    assert_eq!(again.get("/api/session").await.json()["stage"], "second_factor");
}

#[tokio::test]
async fn a_password_that_an_operator_gave_is_changed_before_anything_else() {
    let house = House::new().await;
    house.newcomer("newcomer").await;
    let mut person = Agent::begin(&house, "newcomer").await;
    assert_eq!(person.get("/api/session").await.json()["stage"], "new_password");
    assert_eq!(person.get("/api/conversations").await.json()["code"], "new_password");
    let reply = person.post("/api/session/password", change(PASSWORD, OTHER)).await;
    assert_eq!((reply.status, &reply.json()["stage"]), (StatusCode::OK, &json!("set_up_factor")), "{reply:?}");
    person.follow(&reply);
    assert_eq!(person.post("/api/factors/totp", json!({})).await.status, StatusCode::OK);
}
