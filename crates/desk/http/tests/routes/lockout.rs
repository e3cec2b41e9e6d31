//! Failed sign-ins: what they are answered, when a CAPTCHA is asked for, when it locks, and whom it does not lock out (A3).

use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use aside_desk_store::AuditLog as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

use crate::actor::{Agent, Anonymous, Reply};
use crate::house::{DESK, House, PASSWORD};

const WRONG: &str = "violet harbour 8 lamps";

/// Solves a fresh challenge, as a browser does by itself.
async fn solved(browser: &Anonymous) -> String {
    let reply = browser.get("/api/captcha").await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let challenge: Challenge = serde_json::from_value(reply.json()).unwrap();
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge)).unwrap().unwrap();
    STANDARD.encode(serde_json::to_vec(&Payload { challenge, solution }).unwrap())
}

async fn attempt(browser: &Anonymous, name: &str, password: &str, captcha: Option<String>) -> Reply {
    let mut login = json!({"site": "northwind", "name": name, "password": password});
    if let Some(captcha) = captcha {
        login["captcha"] = Value::from(captcha);
    }
    browser.post("/api/login", login).await
}

/// Fails so often that it locks, solving what must be solved.
async fn lock(browser: &Anonymous, name: &str) {
    for _ in 0..6 {
        let captcha = solved(browser).await;
        attempt(browser, name, WRONG, Some(captcha)).await;
    }
    let captcha = solved(browser).await;
    assert_eq!(attempt(browser, name, PASSWORD, Some(captcha)).await.refusal(), (429, "locked".into()));
}

#[tokio::test]
async fn every_answer_is_the_same_for_a_name_that_exists_and_one_that_does_not() {
    let house = House::new().await;
    let browser = Anonymous::at(&house, DESK);
    let mut kinds = Vec::new();
    for step in 0..9 {
        // Each way to be refused on the way to the lock: plainly, for want of a CAPTCHA, for a wrong one, and locked.
        let captcha = match step {
            0..=3 => None,
            4 => Some("nonsense".to_owned()),
            _ => Some(String::new()),
        };
        let mut answers = Vec::new();
        for name in ["dana", "nobody", "' or 1=1 --", "Dana"] {
            let captcha = match &captcha {
                Some(text) if text.is_empty() => Some(solved(&browser).await),
                other => other.clone(),
            };
            // One account by two spellings would count twice.
            if name == "Dana" && step != 3 {
                continue;
            }
            let mut reply = attempt(&browser, name, WRONG, captcha).await;
            reply.headers.remove("x-request-id");
            answers.push((reply.status, format!("{:?}", reply.headers), reply.text.clone()));
            if name == "dana" {
                kinds.push(reply.refusal());
            }
        }
        let first = answers[0].clone();
        assert!(answers.iter().all(|answer| *answer == first), "step {step}: {answers:#?}");
    }
    let all: Vec<(u16, &str)> = kinds.iter().map(|(status, kind)| (*status, kind.as_str())).collect();
    let (failed, captcha, locked) = ((401, "login_failed"), (401, "captcha"), (429, "locked"));
    assert_eq!(all, [failed, failed, failed, captcha, captcha, failed, failed, locked, locked]);
}

#[tokio::test]
async fn an_account_that_was_turned_off_looks_like_one_that_does_not_exist() {
    let house = House::new().await;
    let ada = house.ada().await;
    let kim = house.account("kim").await.id;
    ada.done(&format!("/api/people/{kim}/deactivate"), json!({})).await;
    let browser = Anonymous::at(&house, DESK);
    let gone = attempt(&browser, "kim", PASSWORD, None).await;
    let nobody = attempt(&browser, "nobody", PASSWORD, None).await;
    assert_eq!((gone.status, &gone.text), (nobody.status, &nobody.text));
    assert_eq!(gone.refusal(), (401, "login_failed".into()));
}

#[tokio::test]
async fn a_lock_ends_after_half_an_hour_and_an_admin_ends_it_before() {
    let house = House::new().await;
    let (ada, stranger) = (house.ada().await, Anonymous::at(&house, DESK));
    lock(&stranger, "dana").await;
    let dana = house.account("dana").await.id;
    let page = ada.get(&format!("/api/people/{dana}")).await.json();
    assert_eq!(page["person"]["locked_until"], crate::house::START.0 + 1_800_000);
    ada.done(&format!("/api/people/{dana}/unlock"), json!({})).await;
    assert_eq!(attempt(&stranger, "dana", PASSWORD, None).await.status, StatusCode::OK);

    lock(&stranger, "kim").await;
    house.clock.advance_seconds(1_799);
    let reply = attempt(&stranger, "kim", PASSWORD, Some(solved(&stranger).await)).await;
    assert_eq!((reply.refusal().0, reply.headers["retry-after"].to_str().unwrap()), (429, "1"));
    house.clock.advance_seconds(1);
    assert_eq!(attempt(&stranger, "kim", PASSWORD, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn strangers_cannot_lock_out_the_browser_that_was_here_before() {
    let house = House::new().await;
    let home = Anonymous::at(&house, DESK);
    let first = attempt(&home, "dana", PASSWORD, None).await;
    let known = first.cookie("__Host-aside-known").expect("a device cookie");
    let written: Vec<&str> =
        first.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(written.iter().any(|cookie| cookie.ends_with("; Secure; HttpOnly; SameSite=Strict; Max-Age=7776000")));
    assert!(written.iter().any(|cookie| cookie.starts_with("__Host-aside-desk=") && !cookie.contains("Max-Age")));

    lock(&Anonymous::at(&house, DESK), "dana").await;
    let home = home.with_cookie(format!("__Host-aside-known={known}"));
    let again = attempt(&home, "dana", PASSWORD, None).await;
    assert_eq!(again.status, StatusCode::OK, "{again:?}");
    assert!(again.cookie("__Host-aside-known").is_none(), "it keeps the one it has");
    // It has a counter of its own, and that one locks too.
    lock(&home, "dana").await;
    // For another account it is nobody's.
    lock(&Anonymous::at(&house, DESK), "kim").await;
    let captcha = solved(&home).await;
    assert_eq!(attempt(&home, "kim", PASSWORD, Some(captcha)).await.refusal(), (429, "locked".into()));
}

#[tokio::test]
async fn a_solved_captcha_is_taken_once() {
    let house = House::new().await;
    let browser = Anonymous::at(&house, DESK);
    for _ in 0..3 {
        attempt(&browser, "dana", WRONG, None).await;
    }
    assert_eq!(attempt(&browser, "dana", PASSWORD, None).await.refusal(), (401, "captcha".into()));
    let captcha = solved(&browser).await;
    let failed = attempt(&browser, "dana", WRONG, Some(captcha.clone())).await;
    assert_eq!((failed.refusal().1, &failed.json()["captcha"]), ("login_failed".into(), &json!(true)));
    assert_eq!(attempt(&browser, "dana", PASSWORD, Some(captcha)).await.refusal(), (401, "captcha".into()));
    let captcha = solved(&browser).await;
    house.clock.advance_seconds(301);
    assert_eq!(attempt(&browser, "dana", PASSWORD, Some(captcha)).await.refusal(), (401, "captcha".into()));
    let captcha = solved(&browser).await;
    assert_eq!(attempt(&browser, "dana", PASSWORD, Some(captcha)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_hundred_tries_at_once_are_no_more_than_six() {
    let house = House::new().await;
    let tries = (0..100).map(|_| {
        let browser = Anonymous::at(&house, DESK);
        tokio::spawn(async move { attempt(&browser, "dana", WRONG, None).await.refusal() })
    });
    let tries: Vec<_> = tries.collect();
    let mut looked_at = 0;
    for done in tries {
        let (status, kind) = done.await.unwrap();
        assert_eq!(status, if kind == "locked" { 429 } else { 401 });
        looked_at += u32::from(kind == "login_failed");
    }
    assert!(looked_at <= 3, "{looked_at}: the others had no CAPTCHA");
}

#[tokio::test]
async fn a_network_that_guesses_names_pays_for_each_try() {
    let house = House::new().await;
    let browser = Anonymous::at(&house, DESK);
    for number in 0..30 {
        let reply = attempt(&browser, &format!("guess{number}"), WRONG, None).await;
        assert_eq!(reply.refusal().1, "login_failed", "{number}");
    }
    assert_eq!(attempt(&browser, "guess30", WRONG, None).await.refusal(), (401, "captcha".into()));
    let captcha = solved(&browser).await;
    assert_eq!(attempt(&browser, "dana", PASSWORD, Some(captcha)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_aims_at_an_account_stands_in_the_log_and_the_rest_is_counted() {
    let house = House::new().await;
    let browser = Anonymous::at(&house, DESK);
    attempt(&browser, "dana", WRONG, None).await;
    attempt(&browser, "nobody", WRONG, None).await;
    let lines = house.store.audit_lines(0, 1_000).await.unwrap();
    let failed: Vec<_> = lines.iter().filter(|line| line.action == "login" && line.outcome == "refused").collect();
    assert_eq!(failed.len(), 1, "{lines:?}");
    assert_eq!(failed[0].target.1.as_deref(), Some(house.account("dana").await.id.to_string().as_str()));
}

#[tokio::test]
async fn a_locked_console_is_unlocked_by_its_password_and_guesses_there_count() {
    let house = House::new().await;
    let mut dana = Agent::sign_in(&house, "dana").await;
    dana.done("/api/session/lock", json!({})).await;
    for _ in 0..3 {
        let reply = dana.post("/api/session/unlock", json!({"password": WRONG})).await;
        assert_eq!(reply.refusal(), (401, "login_failed".into()));
    }
    assert_eq!(dana.post("/api/session/unlock", json!({"password": PASSWORD})).await.refusal().1, "captcha");
    let captcha = solved(&dana.browser).await;
    let reply = dana.post("/api/session/unlock", json!({"password": PASSWORD, "captcha": captcha})).await;
    assert_eq!((reply.status, &reply.json()["locked"]), (StatusCode::OK, &json!(false)), "{reply:?}");
    let before = dana.clone();
    dana.follow(&reply);
    assert_eq!(before.get("/api/session").await.refusal().0, 401, "the token from before opens nothing");
    assert_eq!(dana.get("/api/conversations").await.status, StatusCode::OK);
}
