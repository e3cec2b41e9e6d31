//! Idle consoles, own sessions, and what feeds hear of it (A4).

use aside_base::Clock as _;
use aside_desk_domain::Errand;
use aside_desk_http::Background;
use aside_desk_store::Errands as _;
use http::StatusCode;
use serde_json::json;

use crate::actor::{Agent, fresh};
use crate::house::{House, PASSWORD};
use crate::tasks::until;

const MINUTE: u32 = 60;

#[tokio::test]
async fn a_console_without_input_is_locked_to_the_millisecond_and_signed_out_later() {
    let house = House::new().await;
    let dana = house.dana().await;
    house.clock.advance_seconds(15 * MINUTE - 1);
    assert_eq!(dana.get("/api/conversations").await.status, StatusCode::OK);
    house.clock.advance_seconds(1);
    // Nobody has noted it yet: each request looks for itself.
    assert_eq!(dana.get("/api/conversations").await.refusal(), (423, "locked".into()));
    assert_eq!(dana.post("/api/session/input", json!({})).await.refusal().0, 423);
    let session = dana.get("/api/session").await.json();
    assert_eq!(
        (&session["locked"], &session["permissions"], &session["enrolment"]),
        (&json!(true), &json!([]), &json!(null))
    );

    let background = Background::start(&house.desk);
    let noted = until(async || {
        let at = dana.get("/api/session").await.json()["locked_out_at"].as_i64();
        at.map(|at| at - house.clock.now().0)
    })
    .await;
    assert_eq!(noted, 15 * 60_000);
    // The vault is down, so that it is tried again later.
    let due = house.store.due_errands(house.clock.now().plus_seconds(3_600), 50).await.unwrap();
    assert!(due.iter().any(|pending| pending.errand == Errand::LockSession(dana.session)), "{due:?}");
    house.clock.advance_seconds(15 * MINUTE);
    until(async || (dana.get("/api/session").await.status == StatusCode::UNAUTHORIZED).then_some(())).await;
    house.desk.stop();
    background.finish().await;
}

#[tokio::test]
async fn commands_and_input_keep_a_console_open_and_polling_does_not() {
    let house = House::new().await;
    let (dana, kim, visitor) = (house.dana().await, house.kim().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    for _ in 0..3 {
        house.clock.advance_seconds(10 * MINUTE);
        dana.done("/api/session/input", json!({})).await;
    }
    assert_eq!(dana.get("/api/conversations").await.status, StatusCode::OK);
    assert_eq!(kim.get("/api/conversations").await.refusal().0, 423);

    let mara = Agent::sign_in(&house, "mara").await;
    for _ in 0..3 {
        house.clock.advance_seconds(5 * MINUTE - 1);
        // What a page does by itself: reading, and marking as read what came in.
        mara.get("/api/conversations").await;
        mara.get("/api/session").await;
        mara.post(&format!("/api/conversations/{conversation}/read"), json!({"sequence": 1})).await;
    }
    assert_eq!(mara.get("/api/conversations").await.status, StatusCode::OK);
    house.clock.advance_seconds(3);
    assert_eq!(mara.get("/api/conversations").await.refusal().0, 423);
}

#[tokio::test]
async fn a_message_is_input() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    house.clock.advance_seconds(14 * MINUTE);
    dana.done(&format!("/api/conversations/{conversation}/messages"), json!({"id": fresh(), "text": "hi"})).await;
    house.clock.advance_seconds(14 * MINUTE);
    assert_eq!(dana.get("/api/conversations").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_locked_console_does_nothing_but_say_so_unlock_and_sign_out() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    visitor.write("hello").await;
    dana.done("/api/session/lock", json!({})).await;
    let session = dana.get("/api/session").await.json();
    assert_eq!(
        (&session["locked"], &session["waiting"], &session["stage"]),
        (&json!(true), &json!(1), &json!("ready"))
    );
    for path in ["/api/conversations", "/api/forms", "/api/factors", "/api/sessions", "/api/feed"] {
        assert_eq!(dana.get(path).await.refusal(), (423, "locked".into()), "{path}");
    }
    let unlocked = dana.post("/api/session/unlock", json!({"password": PASSWORD})).await;
    assert_eq!(unlocked.status, StatusCode::OK);
    let mut dana = dana;
    dana.follow(&unlocked);
    assert_eq!(unlocked.json()["permissions"].as_array().unwrap().len(), 3);
    assert_eq!(dana.post("/api/session/unlock", json!({"password": PASSWORD})).await.json()["code"], "not_locked");
    dana.done("/api/session/lock", json!({})).await;
    assert_eq!(dana.post("/api/logout", json!({})).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn ones_own_sessions_are_listed_and_ended_and_nobody_elses() {
    let house = House::new().await;
    let (dana, elsewhere, kim) = (house.dana().await, house.dana().await, house.kim().await);
    let list = dana.get("/api/sessions").await.json();
    let current: Vec<_> = list.as_array().unwrap().iter().filter(|one| one["current"] == true).collect();
    assert_eq!(
        (list.as_array().unwrap().len(), current[0]["id"].as_str()),
        (2, Some(dana.session.to_string().as_str()))
    );
    assert_eq!(dana.post(&format!("/api/sessions/{}/end", kim.session), json!({})).await.refusal().0, 404);
    dana.done(&format!("/api/sessions/{}/end", elsewhere.session), json!({})).await;
    assert_eq!(elsewhere.get("/api/session").await.refusal().0, 401);
    assert_eq!(kim.get("/api/session").await.status, StatusCode::OK);
    let due = house.store.due_errands(house.clock.now(), 50).await.unwrap();
    assert!(due.iter().any(|pending| pending.errand == Errand::EndSession(elsewhere.session)));
    let last = dana.post(&format!("/api/sessions/{}/end", dana.session), json!({})).await;
    assert!(last.headers["set-cookie"].to_str().unwrap().ends_with("Max-Age=0"));
}

#[tokio::test]
async fn an_account_that_nobody_uses_is_switched_off_and_brought_back_by_a_link() {
    let house = House::new().await;
    house.kim().await;
    house.clock.advance_seconds(89 * 24 * 60 * MINUTE);
    house.ada().await;
    house.clock.advance_seconds(24 * 60 * MINUTE + 1);
    let background = Background::start(&house.desk);
    let ada = house.ada().await;
    let id = house.account("kim").await.id;
    let path = format!("/api/people/{id}");
    until(async || (ada.get(&path).await.json()["person"]["state"] == "idle").then_some(())).await;
    house.desk.stop();
    background.finish().await;
    let own = house.account("ada").await.id;
    assert_eq!(ada.get(&format!("/api/people/{own}")).await.json()["person"]["state"], "active");
    let link = ada.done(&format!("{path}/reset"), json!({})).await;
    assert!(link["link"].as_str().unwrap().contains("/welcome#"));
}
