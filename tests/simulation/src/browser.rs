//! A browser in front of a router: cookies by host, the headers that scripts cannot forge.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.status.is_success() || self.status == StatusCode::SEE_OTHER
    }

    /// What stands between these two, first.
    pub(crate) fn between(&self, before: &str, after: &str) -> Option<String> {
        Some(self.text.split_once(before)?.1.split_once(after)?.0.to_owned())
    }

    /// The key in the page's form.
    pub(crate) fn key(&self) -> Option<String> {
        self.between("name=\"otk\" value=\"", "\"")
    }
}

/// The cookies of one browser, by origin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browser(BTreeMap<(String, String), String>);

impl Browser {
    pub(crate) async fn get(&mut self, router: &Router, origin: &str, path: &str) -> Reply {
        let request = Request::builder().method(Method::GET).uri(path);
        self.send(router, origin, request, Body::empty()).await
    }

    /// A call of a page's own script.
    pub(crate) async fn call(&mut self, router: &Router, origin: &str, path: &str, body: Value) -> Reply {
        let request = from(Request::builder().method(Method::POST).uri(path), origin, origin);
        let request = request.header(CONTENT_TYPE, "application/json");
        self.send(router, origin, request, Body::from(body.to_string())).await
    }

    /// A call of another program with its key, which is no browser's.
    pub(crate) async fn program(router: &Router, origin: &str, key: &str, path: &str, body: Option<&Value>) -> Reply {
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let request = Request::builder().method(method).uri(path).header(AUTHORIZATION, format!("Bearer {key}"));
        let request = request.header(CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        Self::default().send(router, origin, request, body).await
    }

    /// A form that a page of `page` posts.
    pub(crate) async fn post(
        &mut self,
        router: &Router,
        page: &str,
        origin: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Reply {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = from(Request::builder().method(Method::POST).uri(path), page, origin);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(router, origin, request, Body::from(body.join("&"))).await
    }

    async fn send(&mut self, router: &Router, origin: &str, request: http::request::Builder, body: Body) -> Reply {
        let mut request = request.header(HOST, origin.trim_start_matches("http://"));
        let cookies = self.0.iter().filter(|((of, _), _)| of == origin);
        let cookies: Vec<String> = cookies.map(|((_, name), value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        // Cannot fail: every header was made here.
        let mut request = request.body(body).unwrap_or_else(|_| unreachable!());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 50_000))));
        let response = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.0.insert((origin.to_owned(), name.to_owned()), value.to_owned());
            }
        }
        let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Reply { status: parts.status, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

fn from(request: http::request::Builder, page: &str, origin: &str) -> http::request::Builder {
    let site = if page == origin { "same-origin" } else { "cross-site" };
    request.header(ORIGIN, page).header("sec-fetch-site", site)
}

fn encoded(value: &str) -> String {
    let byte = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    value.bytes().map(byte).collect()
}
