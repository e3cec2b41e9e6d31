//! Who calls: a browser without a cookie, a visitor's, an agent's. Each sends what a real browser would.

use aside_base::{ConversationId, KeyHash, OneTimeKey, SessionId};
use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::house::{CHAT, DESK, House, PASSWORD};

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The value of a cookie that was set.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let all = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = all.filter_map(|cookie| cookie.split(';').next()?.split_once('='));
        pairs.filter(|(found, _)| *found == name).map(|(_, value)| value.to_owned()).next()
    }

    /// Status and kind of a refusal.
    pub(crate) fn refusal(&self) -> (u16, String) {
        assert_eq!(self.headers[CONTENT_TYPE], "application/problem+json", "{self:?}");
        (self.status.as_u16(), self.json()["kind"].as_str().unwrap_or_default().to_owned())
    }
}

/// A browser on one of the desk's hosts.
#[derive(Clone)]
pub(crate) struct Anonymous {
    router: Router,
    origin: &'static str,
    cookie: Option<String>,
}

impl Anonymous {
    pub(crate) fn at(house: &House, origin: &'static str) -> Self {
        Self { router: house.router.clone(), origin, cookie: None }
    }

    pub(crate) fn with_cookie(mut self, cookie: String) -> Self {
        self.cookie = Some(cookie);
        self
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let host = self.origin.trim_start_matches("http://");
        let mut request = Request::builder().method(method).uri(path).header(HOST, host);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        request
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path, body).await
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> Reply {
        let request = self.request(method, path).header(ORIGIN, self.origin).header("sec-fetch-site", "same-origin");
        self.send(request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()).await
    }
}

/// An agent who has begun to sign in.
#[derive(Clone)]
pub(crate) struct Agent {
    pub(crate) browser: Anonymous,
    pub(crate) session: SessionId,
    /// The session's cookie.
    pub(crate) cookie: String,
}

impl Agent {
    /// Signs in through every step: sets a code app up the first time, shows a recovery code afterwards. A code of the app
    /// would do too, but once in thirty seconds only, and the clock of a test stands still.
    pub(crate) async fn sign_in(house: &House, name: &str) -> Self {
        let mut agent = Self::begin(house, name).await;
        let reply = match agent.get("/api/session").await.json()["stage"].as_str().unwrap() {
            "set_up_factor" => agent.set_up_code_app(house).await,
            "second_factor" => {
                let code = house.known(name, |known| known.recovery_codes.pop()).unwrap();
                agent.post("/api/session/recovery", json!({"code": code})).await
            }
            _ => return agent,
        };
        agent.follow(&reply);
        assert_eq!(agent.get("/api/session").await.json()["stage"], "ready");
        agent
    }

    /// The first step only: name and password.
    pub(crate) async fn begin(house: &House, name: &str) -> Self {
        Self::begin_at(house, Anonymous::at(house, DESK), name, PASSWORD).await
    }

    pub(crate) async fn begin_at(house: &House, browser: Anonymous, name: &str, password: &str) -> Self {
        let site = house.site_of(name);
        let reply = browser.post("/api/login", json!({"site": site, "name": name, "password": password})).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        let session = reply.json()["session"].as_str().unwrap().parse().unwrap();
        let mut agent = Self { browser, session, cookie: String::new() };
        agent.follow(&reply);
        agent
    }

    /// Sets a code app up and remembers it.
    pub(crate) async fn set_up_code_app(&self, house: &House) -> Reply {
        let name = self.get("/api/session").await.json()["agent"]["name"].as_str().unwrap().to_owned();
        let begun = self.post("/api/factors/totp", json!({"password": PASSWORD})).await;
        assert_eq!(begun.status, StatusCode::OK, "{begun:?}");
        let secret = begun.json()["secret"].as_str().unwrap().to_owned();
        let reply = self.post("/api/factors/totp/confirm", json!({"code": house.code_of(&secret)})).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        let codes = reply.json()["recovery_codes"].clone();
        house.known(&name, |known| {
            known.code_app = Some(secret);
            if let Ok(codes) = serde_json::from_value(codes) {
                known.recovery_codes = codes;
            }
        });
        reply
    }

    /// By what the store knows the session.
    pub(crate) fn token(&self) -> KeyHash {
        self.cookie.split_once('=').unwrap().1.parse::<OneTimeKey>().unwrap().hash()
    }

    /// Goes on with the cookies that came with a reply.
    pub(crate) fn follow(&mut self, reply: &Reply) {
        if let Some(token) = reply.cookie("__Host-aside-desk") {
            self.cookie = format!("__Host-aside-desk={token}");
        }
        self.browser = self.browser.clone().with_cookie(self.cookie.clone());
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.browser.get(path).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.browser.post(path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.browser.call(Method::PUT, path, body).await
    }

    /// The reply of a command that must do.
    pub(crate) async fn done(&self, path: &str, body: Value) -> Value {
        let reply = self.post(path, body).await;
        assert!(reply.status.is_success(), "{path}: {reply:?}");
        reply.json()
    }
}

/// A visitor whom the desk knows.
pub(crate) struct Visitor {
    pub(crate) browser: Anonymous,
    pub(crate) cookie: String,
    pub(crate) id: String,
}

impl Visitor {
    pub(crate) async fn begin(house: &House, site: &str) -> Self {
        let browser = Anonymous::at(house, CHAT);
        let reply = browser.post("/api/visit", json!({"site": site})).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        let cookie = format!("__Host-aside-visitor={}", reply.cookie("__Host-aside-visitor").unwrap());
        let id = reply.json()["visitor"].as_str().unwrap().to_owned();
        Self { browser: browser.with_cookie(cookie.clone()), cookie, id }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.browser.get(path).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.browser.post(path, body).await
    }

    /// Writes, and answers where it stands.
    pub(crate) async fn write(&self, text: &str) -> ConversationId {
        let reply = self.post("/api/messages", json!({"id": fresh(), "text": text})).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        reply.json()["conversation"].as_str().unwrap().parse().unwrap()
    }
}

/// An id as a client makes one.
pub(crate) fn fresh() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("01900000-0000-7000-8000-{number:012x}")
}
