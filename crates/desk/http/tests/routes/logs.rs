//! What must not stand in any log, at whatever level: passwords, secrets of factors, links, keys, tokens.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use http::StatusCode;
use serde_json::json;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::actor::{Agent, Anonymous};
use crate::house::{DESK, House, PASSWORD};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_secret_of_a_sign_in_or_a_factor_is_ever_logged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut secrets = vec![PASSWORD.to_owned()];

    let house = House::new().await;
    let ada = house.ada().await;
    // A place that logs and was met first by another test in this very moment may not have heard of our log.
    tracing::callsite::rebuild_interest_cache();
    let dana = Agent::begin(&house, "dana").await;
    let begun = dana.done("/api/factors/totp", json!({})).await;
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let code = house.code_of(&secret);
    let added = dana.done("/api/factors/totp/confirm", json!({"code": code})).await;
    secrets.extend(added["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()));
    let id = house.account("kim").await.id;
    let link = ada.done(&format!("/api/people/{id}/reset"), json!({})).await;
    let key = link["link"].as_str().unwrap().split('#').nth(1).unwrap().to_owned();
    let welcome = json!({"key": key, "password": "copper meadow 41 kites"});
    let browser = Anonymous::at(&house, DESK);
    assert_eq!(browser.post("/api/welcome", welcome.clone()).await.status, StatusCode::NO_CONTENT);
    // What is refused is logged more often than what is not.
    browser.post("/api/welcome", welcome).await;
    browser.post("/api/login", json!({"name": "dana", "password": "copper meadow 41 kites", "more": 1})).await;
    dana.post("/api/session/code", json!({"code": code})).await;
    let made = ada.done("/api/keys", json!({"name": "HR", "scopes": ["people_read"], "days": 2})).await;
    let tokens = [&ada.cookie, &dana.cookie].map(|cookie| cookie.split_once('=').unwrap().1.to_owned());
    secrets.extend(tokens);
    secrets.extend([secret, key, "copper meadow 41 kites".to_owned()]);
    secrets.push(made["key"].as_str().unwrap()[43..].to_owned());

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("/api/welcome"), "the trace is on: {text:.400}");
    for secret in secrets {
        assert!(secret.len() >= 6 && !text.contains(&secret), "{secret}");
    }
}
