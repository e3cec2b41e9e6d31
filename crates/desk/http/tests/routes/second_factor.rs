//! Second factors: set up, shown, used once, lost (A5).

use aside_base::Clock as _;
use aside_desk_domain::Errand;
use aside_desk_store::Errands as _;
use aside_factor::authenticator::{Authenticator, KeyKind, Page};
use http::StatusCode;
use serde_json::{Value, json};

use crate::actor::{Agent, Anonymous, Reply};
use crate::house::{DESK, House, PASSWORD};

/// The browser's page at the desk.
fn page(origin: &str) -> Page<'_> {
    Page { origin, framed_by: None }
}

async fn add_passkey(agent: &mut Agent, name: &str) -> (Authenticator, Reply) {
    let options = agent.done("/api/factors/passkeys/options", json!({"password": PASSWORD})).await;
    let (authenticator, credential) = Authenticator::create(KeyKind::Es256, &options["publicKey"], page(DESK));
    let reply = agent.post("/api/factors/passkeys", json!({"name": name, "credential": credential})).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    agent.follow(&reply);
    (authenticator, reply)
}

async fn show_passkey(agent: &Agent, authenticator: &mut Authenticator, origin: &str) -> Reply {
    let options = agent.done("/api/session/passkey/options", json!({})).await;
    let credential = authenticator.get(&options["publicKey"], page(origin));
    agent.post("/api/session/passkey", json!({"credential": credential})).await
}

#[tokio::test]
async fn whoever_may_view_answers_sets_a_factor_up_before_anything_else() {
    let house = House::new().await;
    let mut dana = Agent::begin(&house, "dana").await;
    let session = dana.get("/api/session").await.json();
    assert_eq!((&session["stage"], &session["permissions"]), (&json!("set_up_factor"), &json!([])));
    assert_eq!(dana.get("/api/conversations").await.refusal(), (403, "unfinished".into()));
    assert_eq!(dana.get("/api/conversations").await.json()["code"], "set_up_factor");
    let before = dana.clone();
    let reply = dana.set_up_code_app(&house).await;
    assert_eq!(reply.json()["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(before.get("/api/session").await.refusal().0, 401, "each stage has a token of its own");
    dana.follow(&reply);
    assert_eq!(dana.get("/api/conversations").await.status, StatusCode::OK);
    // Somebody without rights to answers needs none.
    let mara = Agent::begin(&house, "mara").await;
    assert_eq!(mara.get("/api/session").await.json()["stage"], "ready");
}

#[tokio::test]
async fn a_code_works_once_and_each_stage_has_a_token_of_its_own() {
    let house = House::new().await;
    house.dana().await;
    house.clock.advance_seconds(60);
    let mut dana = Agent::begin(&house, "dana").await;
    let code = house.code_app_of("dana");
    let reply = dana.post("/api/session/code", json!({"code": format!("{} {}", &code[..3], &code[3..])})).await;
    assert_eq!((reply.status, &reply.json()["stage"]), (StatusCode::OK, &json!("ready")), "{reply:?}");
    assert_eq!(dana.get("/api/session").await.refusal().0, 401);
    dana.follow(&reply);
    assert_eq!(dana.get("/api/conversations").await.status, StatusCode::OK);

    let replay = Agent::begin(&house, "dana").await.post("/api/session/code", json!({"code": code})).await;
    assert_eq!((replay.refusal(), &replay.json()["left"]), ((401, "wrong_code".into()), &json!(4)));
    // Nor does the one that confirmed the app.
    house.clock.advance_seconds(30);
    let other = Agent::begin(&house, "dana").await;
    let next = other.post("/api/session/code", json!({"code": house.code_app_of("dana")})).await;
    assert_eq!(next.status, StatusCode::OK);
}

#[tokio::test]
async fn five_wrong_codes_lock_the_second_step_and_the_password_does_not_reset_them() {
    let house = House::new().await;
    house.dana().await;
    house.clock.advance_seconds(60);
    for left in (0..5).rev() {
        // A fresh sign-in each time: the right password gives no fresh tries.
        let dana = Agent::begin(&house, "dana").await;
        let reply = dana.post("/api/session/code", json!({"code": "000000"})).await;
        assert_eq!((reply.refusal().1.as_str(), &reply.json()["left"]), ("wrong_code", &json!(left)));
    }
    let dana = Agent::begin(&house, "dana").await;
    let right = json!({"code": house.code_app_of("dana")});
    assert_eq!(dana.post("/api/session/code", right).await.refusal(), (429, "locked".into()));
    let recovery = house.known("dana", |known| known.recovery_codes.pop()).unwrap();
    assert_eq!(dana.post("/api/session/recovery", json!({"code": recovery})).await.refusal().0, 429);
    house.clock.advance_seconds(1_800);
    let dana = Agent::begin(&house, "dana").await;
    let right = json!({"code": house.code_app_of("dana")});
    assert_eq!(dana.post("/api/session/code", right).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_recovery_code_works_once_and_new_ones_void_the_old() {
    let house = House::new().await;
    let first = house.dana().await;
    let code = house.known("dana", |known| known.recovery_codes.pop()).unwrap();
    let show = async |code: &str| {
        let dana = Agent::begin(&house, "dana").await;
        dana.post("/api/session/recovery", json!({"code": code})).await
    };
    let typed = code.to_lowercase().replace('-', " ");
    assert_eq!(show(&typed).await.status, StatusCode::OK);
    assert_eq!(show(&code).await.refusal(), (401, "wrong_code".into()));
    assert_eq!(first.get("/api/factors").await.json()["recovery_codes_left"], 9);
    let wrong = first.post("/api/factors/recovery", json!({"password": "not the password"})).await;
    assert_eq!(wrong.refusal(), (401, "login_failed".into()));
    let fresh = first.done("/api/factors/recovery", json!({"password": PASSWORD})).await;
    let old = house.known("dana", |known| known.recovery_codes.pop()).unwrap();
    assert_eq!(show(&old).await.refusal().0, 401);
    assert_eq!(show(fresh["recovery_codes"][0].as_str().unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_passkey_signs_in_and_unlocks_and_is_bound_to_the_desk() {
    let house = House::new().await;
    let mut dana = Agent::begin(&house, "dana").await;
    let (mut key, added) = add_passkey(&mut dana, "Laptop").await;
    assert_eq!(added.json()["session"]["stage"], "ready");
    assert_eq!(dana.get("/api/factors").await.json()["passkeys"][0]["name"], "Laptop");

    let mut again = Agent::begin(&house, "dana").await;
    assert_eq!(again.get("/api/session").await.json()["stage"], "second_factor");
    for origin in ["http://vault.localhost:8081", "http://desk.localhost:8081", "http://evil.example"] {
        let reply = show_passkey(&again, &mut key, origin).await;
        assert_eq!(reply.refusal(), (401, "wrong_code".into()), "{origin}");
    }
    let reply = show_passkey(&again, &mut key, DESK).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    again.follow(&reply);

    again.done("/api/session/lock", json!({})).await;
    assert_eq!(again.get("/api/conversations").await.refusal(), (423, "locked".into()));
    let reply = show_passkey(&again, &mut key, DESK).await;
    assert_eq!((reply.status, &reply.json()["locked"]), (StatusCode::OK, &json!(false)), "{reply:?}");
    again.follow(&reply);
    assert_eq!(again.get("/api/conversations").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_passkeys_answer_is_good_once_and_for_its_own_session() {
    let house = House::new().await;
    let mut dana = Agent::begin(&house, "dana").await;
    let (mut key, _) = add_passkey(&mut dana, "Laptop").await;
    let (one, two) = (Agent::begin(&house, "dana").await, Agent::begin(&house, "dana").await);
    let options = one.done("/api/session/passkey/options", json!({})).await;
    two.done("/api/session/passkey/options", json!({})).await;
    let credential = key.get(&options["publicKey"], page(DESK));
    let answer = json!({"credential": credential});
    assert_eq!(two.post("/api/session/passkey", answer.clone()).await.refusal(), (401, "wrong_code".into()));
    let mut gone = one.clone();
    let reply = one.post("/api/session/passkey", answer.clone()).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    gone.follow(&reply);
    gone.done("/api/session/lock", json!({})).await;
    assert_eq!(gone.post("/api/session/passkey", answer).await.refusal(), (401, "wrong_code".into()));
    for odd in [json!({}), json!({"credential": []}), json!({"credential": {"rawId": "x"}})] {
        assert!(matches!(gone.post("/api/session/passkey", odd).await.refusal().0, 401 | 422));
    }
}

#[tokio::test]
async fn a_new_factor_needs_the_password_and_the_last_one_stays() {
    let house = House::new().await;
    let mut dana = house.dana().await;
    for path in ["/api/factors/totp", "/api/factors/passkeys/options"] {
        assert_eq!(dana.post(path, json!({})).await.refusal(), (422, "invalid".into()));
        assert_eq!(dana.post(path, json!({"password": "not the password"})).await.refusal().1, "login_failed");
    }
    let remove = json!({"password": PASSWORD});
    let last = dana.post("/api/factors/totp/remove", remove.clone()).await;
    assert_eq!((last.refusal(), &last.json()["code"]), ((409, "wrong_state".into()), &json!("last_factor")));
    let (_, added) = add_passkey(&mut dana, "Phone").await;
    assert_eq!(added.json()["recovery_codes"], json!(null), "they were shown with the first factor");
    assert_eq!(dana.post("/api/factors/totp/remove", remove.clone()).await.status, StatusCode::NO_CONTENT);
    let id = dana.get("/api/factors").await.json()["passkeys"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(dana.post(&format!("/api/factors/passkeys/{id}/remove"), remove).await.refusal().0, 409);
}

#[tokio::test]
async fn a_secret_counts_only_when_a_code_of_it_was_given_in_time() {
    let house = House::new().await;
    let dana = Agent::begin(&house, "dana").await;
    let code = json!({"code": "000000"});
    assert_eq!(dana.post("/api/factors/totp/confirm", code.clone()).await.json()["code"], "not_begun");
    let begun = dana.done("/api/factors/totp", json!({})).await;
    let secret = begun["secret"].as_str().unwrap();
    assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/Northwind:dana?secret="));
    let rows = begun["qr"].as_array().unwrap();
    assert!(rows.iter().all(|row| row.as_str().unwrap().len() == rows.len()));
    let wrong = dana.post("/api/factors/totp/confirm", code).await;
    assert_eq!((wrong.refusal().1.as_str(), &wrong.json()["left"]), ("wrong_code", &json!(9)));
    house.clock.advance_seconds(600);
    let late = dana.post("/api/factors/totp/confirm", json!({"code": house.code_of(secret)})).await;
    assert_eq!(late.json()["code"], "not_begun");
    assert_eq!(dana.get("/api/session").await.json()["factors"]["totp"], false);
}

#[tokio::test]
async fn a_lost_factor_is_reset_by_an_admin_here_and_at_the_vault() {
    let house = House::new().await;
    let (ada, dana) = (house.ada().await, house.dana().await);
    let id = house.account("dana").await.id;
    let path = format!("/api/people/{id}");
    assert_eq!(ada.get(&path).await.json()["person"]["factor"], "totp");
    ada.done(&format!("{path}/factors/reset"), json!({})).await;
    assert_eq!(dana.get("/api/session").await.refusal().0, 401, "its sessions end");
    assert_eq!(ada.get(&path).await.json()["person"]["factor"], "none");
    let due = house.store.due_errands(house.clock.now(), 50).await.unwrap();
    assert!(due.iter().any(|pending| pending.errand == Errand::ResetFactors(id)), "{due:?}");
    let again = Agent::begin(&house, "dana").await;
    assert_eq!(again.get("/api/session").await.json()["stage"], "set_up_factor");
    let old = house.known("dana", |known| known.recovery_codes.pop()).unwrap();
    assert_eq!(again.post("/api/session/recovery", json!({"code": old})).await.refusal().0, 409);
}

#[tokio::test]
async fn the_cookie_of_the_first_step_opens_nothing() {
    let house = House::new().await;
    house.dana().await;
    let stolen = Agent::begin(&house, "dana").await;
    for path in ["/api/conversations", "/api/forms", "/api/factors", "/api/sessions", "/api/people", "/api/feed"] {
        assert_eq!(stolen.get(path).await.refusal(), (403, "unfinished".into()), "{path}");
    }
    for (path, body) in [
        ("/api/session/password", json!({"current": PASSWORD, "new": "another harbour 9 lamps"})),
        ("/api/factors/totp", json!({"password": PASSWORD})),
        ("/api/factors/recovery", json!({"password": PASSWORD})),
        ("/api/session/lock", json!({})),
    ] {
        assert_eq!(stolen.post(path, body).await.refusal(), (403, "unfinished".into()), "{path}");
    }
    let session = stolen.get("/api/session").await.json();
    assert_eq!(
        (&session["permissions"], &session["enrolment"], &session["waiting"]),
        (&json!([]), &Value::Null, &json!(0))
    );
    // And it is over with the sign-in that it belongs to.
    let right = json!({"site": "northwind", "name": "dana", "password": PASSWORD});
    let fresh = Anonymous::at(&house, DESK).with_cookie(stolen.cookie.clone()).post("/api/login", right).await;
    assert_eq!(fresh.status, StatusCode::OK);
    assert_eq!(stolen.get("/api/session").await.refusal().0, 401);
}
