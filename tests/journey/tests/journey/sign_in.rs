//! Signing in step by step, each taken wrongly too; locking, and what a locked console cannot do (A3, A4, A5).

use std::time::Duration;

use aside::journey::{Agent, Browser, Initiator, JourneyError, Reply, Stage, give_password};
use aside_journey::{CARD, Town, card, patiently};
use aside_wire::Channel;
use http::Method;
use serde_json::{Value, json};

fn refused<T>(result: Result<T, JourneyError>) -> (u16, String) {
    let error = result.err().expect("it is refused");
    (error.status().unwrap_or_default(), error.kind().unwrap_or_default())
}

fn told(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.kind().unwrap_or_default())
}

async fn post(town: &Town, browser: &mut Browser, path: &str, body: &Value) -> Reply {
    let desk = &town.setting.origins.desk;
    browser.post_json(&format!("{desk}{path}"), Initiator::Page(desk), body).await.unwrap()
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let town = Town::build().await;
    let desk = &town.setting.origins.desk;
    let mut answers = Vec::new();
    for name in ["dana", "nobody"] {
        let mut browser = Browser::new().unwrap();
        let body = json!({ "site": "northwind", "name": name, "password": "not-the-password-1" });
        let reply = browser.post_json(&format!("{desk}/api/login"), Initiator::Page(desk), &body).await.unwrap();
        assert_eq!(told(&reply), (401, "login_failed".into()));
        answers.push(reply.value());
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_session_that_is_not_finished_reaches_nothing() {
    let town = Town::build().await;
    let first = town.account("dana").secrets().await.password.clone();
    let mut browser = Browser::new().unwrap();
    let begun = give_password(&mut browser, &town.setting, town.account("dana"), &first).await.unwrap();
    assert_eq!((begun.stage, begun.enrolment, begun.permissions.len()), (Stage::NewPassword, None, 0));
    let desk = town.setting.origins.desk.clone();
    for path in ["/api/conversations", "/api/forms", "/api/people", "/api/security"] {
        let reply = browser.get(&format!("{desk}{path}"), Initiator::Page(&desk)).await.unwrap();
        assert_eq!(told(&reply), (403, "unfinished".into()), "{path}");
    }
    for (new, reason) in [("short-1", "too_short"), ("onlylettershere", "no_digit"), ("123456789012", "no_letter")] {
        let reply = post(&town, &mut browser, "/api/session/password", &json!({ "current": first, "new": new })).await;
        assert_eq!(reply.status, 422, "{new}");
        assert!(reply.value()["reasons"].as_array().unwrap().contains(&json!(reason)), "{new}: {}", reply.value());
    }
    let reply = post(&town, &mut browser, "/api/session/password", &json!({ "current": first, "new": first })).await;
    assert_eq!(reply.status, 422, "the first password again");
    // The password does not change by being refused.
    town.agent("dana").await;
}

#[tokio::test]
async fn a_code_works_once_and_a_recovery_code_too() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let secrets = town.account("dana").secrets().await.clone();
    let made = dana.ask(Method::POST, "/api/factors/recovery", Some(&json!({ "password": secrets.password }))).await;
    let made = made.unwrap().value();
    let spare = made["recovery_codes"][0].as_str().unwrap().to_owned();

    let enter = async || {
        let mut browser = Browser::new().unwrap();
        let session =
            give_password(&mut browser, &town.setting, town.account("dana"), &secrets.password).await.unwrap();
        assert_eq!(session.stage, Stage::SecondFactor);
        browser
    };
    let mut browser = enter().await;
    let reply = post(&town, &mut browser, "/api/session/code", &json!({ "code": "000000" })).await;
    assert_eq!(told(&reply), (401, "wrong_code".into()));
    assert!(reply.value()["left"].is_u64());
    let code = secrets.desk_code.as_ref().unwrap().next(&*town.setting.clock).await;
    let reply = post(&town, &mut browser, "/api/session/code", &json!({ "code": code })).await;
    assert_eq!((reply.status.as_u16(), reply.value()["stage"].as_str()), (200, Some("ready")));

    let mut replay = enter().await;
    let reply = post(&town, &mut replay, "/api/session/code", &json!({ "code": code })).await;
    assert_eq!(told(&reply), (401, "wrong_code".into()), "a used code");
    let reply = post(&town, &mut replay, "/api/session/recovery", &json!({ "code": spare })).await;
    assert_eq!(reply.status, 200, "{}", reply.value());
    let mut again = enter().await;
    let reply = post(&town, &mut again, "/api/session/recovery", &json!({ "code": spare })).await;
    assert_eq!(told(&reply), (401, "wrong_code".into()), "a used recovery code");
}

/// A card form that went round, and its open view.
async fn viewed(town: &Town, dana: &mut Agent) -> (String, aside::journey::View) {
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("cardholder-data").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &card(CARD, "739")).await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    let granted = dana.grant(&sent.invitation).await.unwrap();
    let view = dana.look(&granted).await.unwrap();
    (sent.invitation, view)
}

#[tokio::test]
async fn a_locked_console_closes_its_views_and_does_nothing_until_it_is_unlocked() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (invitation, view) = viewed(&town, &mut dana).await;
    let live = view.live(&mut dana.browser).await.unwrap();
    let mut feed = dana.feed(None).await.unwrap();

    let reply = dana.ask(Method::POST, "/api/session/lock", None).await.unwrap();
    assert_eq!(reply.status, 204);
    feed.until("locked", |frame| frame["type"] == "locked").await.unwrap();
    live.closed_within(Duration::from_secs(10)).await.unwrap();
    assert_eq!(refused(dana.conversations().await), (423, "locked".into()));
    assert_eq!(refused(dana.grant(&invitation).await), (423, "locked".into()));
    assert_eq!(refused(dana.feed(None).await).0, 423);
    assert!(matches!(refused(view.reveal(&mut dana.browser, "number").await).0, 403 | 404 | 410 | 423));

    let wrong = json!({ "password": "not-the-password-1" });
    let reply = dana.ask(Method::POST, "/api/session/unlock", Some(&wrong)).await.unwrap();
    assert_eq!(told(&reply), (401, "login_failed".into()));
    let right = json!({ "password": town.account("dana").secrets().await.password });
    let reply = dana.ask(Method::POST, "/api/session/unlock", Some(&right)).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.value());
    dana.conversations().await.unwrap();
    // The right to view has lived through it: same session, same browser.
    let granted = patiently(&[403, 423, 503], async || dana.grant(&invitation).await).await;
    dana.look(&granted).await.unwrap();
}

#[tokio::test]
async fn a_console_that_nobody_touches_locks_itself_and_is_then_signed_out() {
    let town = Town::build().await;
    let mut robin = town.agent("robin").await;
    let mut security = robin.ask(Method::GET, "/api/security", None).await.unwrap().value();
    security["policy"]["idle"] = json!({ "on": true, "lock_after_minutes": 1, "sign_out_after_minutes": 0 });
    let change = json!({ "policy": security["policy"] });
    assert_eq!(robin.ask(Method::PUT, "/api/security", Some(&change)).await.unwrap().status, 200);

    let mut dana = town.agent("dana").await;
    let mut feed = dana.feed(None).await.unwrap();
    // A minute without a command; the feed and its pings are no input.
    let ended = loop {
        match feed.ping().await {
            Ok(()) => tokio::time::sleep(Duration::from_secs(5)).await,
            Err(error) => break error,
        }
    };
    assert!(matches!(ended, JourneyError::NoAnswer { .. }), "{ended}");
    // Closed to it at that millisecond, and ended by the next look of the task that ends sessions.
    for _ in 0..100 {
        match refused(dana.conversations().await) {
            (423, _) => tokio::time::sleep(Duration::from_millis(100)).await,
            other => return assert_eq!(other, (401, "signed_out".into())),
        }
    }
    panic!("it is locked and not signed out");
}
