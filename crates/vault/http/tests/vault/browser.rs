//! A browser as the vault sees one: cookies that come back, the headers that scripts cannot forge.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{CONTENT_TYPE, COOKIE, HOST as HOST_HEADER, LOCATION, ORIGIN as ORIGIN_HEADER, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::house::{HOST, ORIGIN};

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) address: [u8; 4],
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// Bytes on the wire, compressed as they came.
    pub(crate) length: usize,
}

impl Reply {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The key in the page's form.
    pub(crate) fn key(&self) -> String {
        let (_, rest) =
            self.body.split_once("name=\"otk\" value=\"").unwrap_or_else(|| panic!("no key: {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Browser {
    pub(crate) fn of(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), address: [192, 0, 2, 1] }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A form of our own page.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.post_from(ORIGIN, path, fields).await
    }

    /// A form of another page.
    pub(crate) async fn post_from(&mut self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let site = if origin == ORIGIN { "same-origin" } else { "cross-site" };
        let request = Request::post(path)
            .header(ORIGIN_HEADER, origin)
            .header("sec-fetch-site", site)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.join("&"))).unwrap()).await
    }

    /// A call of our own page's script.
    pub(crate) async fn call(&mut self, path: &str, body: Value) -> Reply {
        let request = Request::post(path)
            .header(ORIGIN_HEADER, ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Reply {
        let headers = request.headers_mut();
        headers.entry(HOST_HEADER).or_insert(HOST.parse().unwrap());
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(COOKIE, cookies.join("; ").parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((self.address, 50_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status: parts.status, headers: parts.headers, body, length: bytes.len() }
    }
}

/// A value as a form sends it.
pub(crate) fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
