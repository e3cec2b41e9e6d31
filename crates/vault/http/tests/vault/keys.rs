//! Keys while the vault serves: a provider that is sealed refuses before anybody types, and versions come, move and go under
//! open forms and views (V2, edge case 26).

use aside_base::Clock as _;
use aside_vault_http::KeysState;
use http::StatusCode;
use serde_json::{Value, json};

use crate::house::{CHAT, House, Plan};
use crate::life::{PAN, opened, submitted};
use crate::view::{answered, answered_by, confirm, reveal, view_id, viewed};

const PASSPHRASE: &str = "correct horse battery staple";

async fn sealed() -> House {
    let house = House::of(Plan { sealed: true, ..Plan::default() }).await;
    assert_eq!(house.vault.check_keys().await, KeysState::Sealed);
    house
}

async fn unseal(house: &House, passphrase: &str) -> StatusCode {
    house.operator("POST", "/v1/keys/unseal", Some(json!({ "passphrase": passphrase }))).await.status
}

async fn readiness(house: &House) -> (StatusCode, Value) {
    let ready = house.browser().get("/health/ready").await;
    (ready.status, serde_json::from_str(&ready.body).unwrap())
}

async fn keys(house: &House) -> Value {
    house.operator("GET", "/v1/keys", None).await.body
}

/// The versions of `northwind`: version, state, and how many data keys each seals.
async fn versions(house: &House) -> Vec<(u64, String, u64)> {
    let keys = keys(house).await;
    let versions = keys["sites"][0]["versions"].as_array().unwrap();
    let of = |version: &Value| {
        let state = version["state"].as_str().unwrap().to_owned();
        (version["version"].as_u64().unwrap(), state, version["data_keys"].as_u64().unwrap())
    };
    versions.iter().map(of).collect()
}

#[tokio::test]
async fn a_sealed_vault_refuses_a_form_before_it_is_sent_and_goes_on_once_it_is_unsealed() {
    let house = sealed().await;
    let (status, said) = readiness(&house).await;
    assert_eq!(
        (status, &said["keys"], &said["key_provider"]),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("sealed"), &json!("file"))
    );
    let mut agent = house.newcomer().await;
    // The agent's code secret would be sealed too.
    let page = agent.browser.post("/factor/totp", &[]).await;
    let app = crate::house::scanned(&page);
    let code = app.code(house.clock.now());
    let refused = agent.browser.post("/factor/totp/confirm", &[("code", &code)]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.body);
    let invited = house.try_to_invite(&agent, "cardholder-data").await;
    assert_eq!((invited.status, &invited.body["kind"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("sealed")));

    assert_eq!(unseal(&house, "too short").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unseal(&house, PASSPHRASE).await, StatusCode::NO_CONTENT);
    assert_eq!(unseal(&house, PASSPHRASE).await, StatusCode::CONFLICT, "unsealed already");
    assert_eq!(readiness(&house).await.0, StatusCode::OK);
    house.set_up_app(&mut agent).await;
    let sent = answered_by(&house, &agent).await;
    assert_eq!(house.status(&sent).await, "submitted");
    let acts: Vec<String> = house.audit().await.into_iter().map(|(act, _)| act).collect();
    for act in ["keys_unavailable", "keys_unsealed", "keys_available", "site_key_made"] {
        assert_eq!(
            acts.iter().filter(|noted| *noted == act).count(),
            if act == "keys_unsealed" { 3 } else { 1 },
            "{act}"
        );
    }
}

/// Edge case 26: the vault started again and its keys are not at hand yet.
#[tokio::test]
async fn after_a_restart_a_form_that_was_sent_waits_for_the_passphrase_and_loses_nothing() {
    let house = sealed().await;
    assert_eq!(unseal(&house, PASSPHRASE).await, StatusCode::NO_CONTENT);
    let mut agent = house.agent().await;
    let done = answered_by(&house, &agent).await;
    let (sent, loaded) =
        (house.invite(&agent, "cardholder-data", "web").await, house.invite(&agent, "cardholder-data", "web").await);
    let mut visitor = house.visitor().await;
    opened(&house, &mut visitor, &loaded).await;

    let house = house.restarted();
    assert_eq!(house.vault.check_keys().await, KeysState::Sealed);
    let mut visitor = house.browser_with(&visitor);
    agent.browser = house.browser_with(&agent.browser);
    house.renew(&agent).await;
    let key = house.click(&sent).await;
    let refused = visitor.post_from(CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.body.contains("The vault is locked") && !refused.body.contains("<input"), "{}", refused.body);
    let refused = visitor.get(&format!("/form/{}", loaded.id)).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!refused.body.contains("<input"), "nobody may type now: {}", refused.body);
    let unseen = viewed(&house, &mut agent, &done).await;
    assert_eq!(unseen.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(unseen.body.contains("data-kind=\"sealed\""), "the desk is told why: {}", unseen.body);
    assert_eq!(house.status(&done).await, "submitted", "what could not be shown was not read");

    for wrong in ["wrong", "correct horse battery stapl"] {
        assert_eq!(unseal(&house, wrong).await, StatusCode::FORBIDDEN);
    }
    assert_eq!(unseal(&house, PASSPHRASE).await, StatusCode::NO_CONTENT);
    // The same key as before: nothing was used up.
    assert_eq!(visitor.post_from(CHAT, "/open", &[("otk", &key)]).await.status, StatusCode::SEE_OTHER);
    let form = visitor.get(&format!("/form/{}", sent.id)).await;
    assert_eq!(submitted(&mut visitor, &sent, &form.key()).await.status, StatusCode::SEE_OTHER);
    assert_eq!(viewed(&house, &mut agent, &done).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_site_key_is_rotated_moved_and_retired_under_open_forms_and_views() {
    let (house, mut agent, first) = answered().await;
    let mut visitor = house.visitor().await;
    let open = house.invite(&agent, "cardholder-data", "web").await;
    let form = opened(&house, &mut visitor, &open).await;
    let view = view_id(&viewed(&house, &mut agent, &first).await);

    let rotated = house.operator("POST", "/v1/keys/rotate", Some(json!({ "site": "northwind" }))).await;
    assert_eq!(rotated.body, json!({ "sites": [{ "site": "northwind", "version": 2 }] }));
    // The form that stood open is sealed with the newest, the view that stood open goes on.
    assert_eq!(submitted(&mut visitor, &open, &form.key()).await.status, StatusCode::SEE_OTHER);
    assert_eq!(versions(&house).await.iter().map(|of| of.1.as_str()).collect::<Vec<_>>(), ["readable", "current"]);
    assert!(versions(&house).await.iter().all(|of| of.2 > 0), "both seal something");
    let retire = async |version: u32| {
        house.operator("POST", "/v1/keys/retire", Some(json!({ "site": "northwind", "version": version }))).await
    };
    let early = retire(1).await;
    assert_eq!((early.status, &early.body["kind"]), (StatusCode::CONFLICT, &json!("still_needed")));
    assert_eq!(retire(2).await.status, StatusCode::CONFLICT);
    assert_eq!(retire(3).await.status, StatusCode::NOT_FOUND);

    let begun = house.operator("POST", "/v1/keys/rewrap", None).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED);
    assert!(begun.body["total"].as_u64().unwrap() >= 2, "a data key and a code secret: {}", begun.body);
    assert_eq!(keys(&house).await["rewrap"]["total"], begun.body["total"]);
    house.vault.move_keys().await.unwrap();
    assert_eq!(keys(&house).await["rewrap"], Value::Null);
    assert_eq!(versions(&house).await[0].2, 0);

    assert_eq!(retire(1).await.status, StatusCode::NO_CONTENT);
    assert_eq!(versions(&house).await[0].1, "retired");
    // A code works once: the next one.
    house.clock.advance_seconds(20);
    house.renew(&agent).await;
    house.clock.advance_seconds(10);
    // The code secret was moved with the rest, and the answer of the open view opens with what its key is sealed with now.
    assert_eq!(confirm(&house, &mut agent, &view).await.status, StatusCode::OK);
    let revealed = reveal(&mut agent, &view).await;
    assert!(revealed.body.contains(PAN), "{}", revealed.body);
    for sent in [&first, &open] {
        let page = viewed(&house, &mut agent, sent).await;
        assert_eq!(page.status, StatusCode::OK);
        let revealed = reveal(&mut agent, &view_id(&page)).await;
        assert!(revealed.body.contains(PAN), "{}", revealed.body);
    }
    let house = house.restarted();
    assert_eq!(versions(&house).await[0].1, "retired");
}

/// A crash in the middle: what was moved stays moved, and the rest is moved by the next start.
#[tokio::test]
async fn a_move_that_a_crash_has_cut_short_is_ended_after_the_restart() {
    let (house, agent, _) = answered().await;
    for _ in 0..3 {
        answered_by(&house, &agent).await;
    }
    house.operator("POST", "/v1/keys/rotate", Some(json!({}))).await;
    house.operator("POST", "/v1/keys/rewrap", None).await;
    // Killed before, and then in the midst of moving.
    let moving = house.vault.move_keys();
    assert!(tokio::time::timeout(std::time::Duration::from_micros(1), moving).await.is_err(), "it was not even begun");
    let house = house.restarted();
    assert!(keys(&house).await["rewrap"]["total"].as_u64().unwrap() >= 5);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let tending = tokio::spawn(aside_vault_http::tend_keys(std::sync::Arc::clone(&house.vault), async {
        let _ = stopped.await;
    }));
    while keys(&house).await["rewrap"] != Value::Null {
        tokio::task::yield_now().await;
    }
    assert_eq!(versions(&house).await[0].2, 0);
    stop.send(()).unwrap();
    tending.await.unwrap();
    let finished = house.audit().await.into_iter().filter(|(act, _)| act == "rewrap_finished").count();
    assert_eq!(finished, 1);
}

#[tokio::test]
async fn only_what_comes_through_the_socket_is_an_operator() {
    let house = House::new().await;
    let site = json!({ "site": "northwind", "version": 1 });
    for (method, path, body) in [
        ("GET", "/v1/keys", None),
        ("POST", "/v1/keys/rotate", Some(json!({}))),
        ("POST", "/v1/keys/rewrap", None),
        ("POST", "/v1/keys/retire", Some(site)),
        ("POST", "/v1/keys/unseal", Some(json!({ "passphrase": PASSPHRASE }))),
    ] {
        let answer = house.operator_as_nobody(method, path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        // Neither browsers nor desks have a way to it.
        if method == "GET" {
            assert_eq!(house.browser().get(path).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(house.zone_as("desk", method, path, body).await.status, StatusCode::NOT_FOUND);
    }
    let unknown = house.operator("POST", "/v1/keys/rotate", Some(json!({ "site": "nobody" }))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(
        house.operator("POST", "/v1/keys/rotate", Some(json!({ "sites": [] }))).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(unseal(&house, PASSPHRASE).await, StatusCode::CONFLICT, "a plain key file needs none");
}
