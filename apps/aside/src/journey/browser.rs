//! A browser as far as the house can tell: it keeps cookies by their rules, says where a request comes from, and knows
//! that `*.localhost` is this machine. It follows no redirect by itself: each step of a journey is looked at.

use std::fmt;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde::Serialize;
use serde::de::DeserializeOwned;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Longer than any request may take at a program that is alive and busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a step of a journey did not come about.
#[derive(Debug, thiserror::Error)]
pub enum JourneyError {
    /// Nothing answered, or what answered broke off.
    #[error("{step}: no answer: {reason}")]
    NoAnswer {
        /// The step.
        step: String,
        /// What the client saw.
        reason: String,
    },
    /// The answer was a refusal, or anything else than the step expects.
    #[error("{step}: refused with {}", reply.status)]
    Refused {
        /// The step.
        step: String,
        /// The whole answer.
        reply: Box<Reply>,
    },
    /// The answer came and lacks something.
    #[error("{step}: the answer lacks {what}")]
    Lacking {
        /// The step.
        step: String,
        /// What is not there.
        what: String,
    },
    /// Something that should have been told was not told in time.
    #[error("{step}: not told within {seconds} s")]
    Silence {
        /// What was awaited.
        step: String,
        /// How long.
        seconds: u64,
    },
}

impl JourneyError {
    /// The refusal's status, where it is one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { reply, .. } => Some(reply.status.as_u16()),
            _ => None,
        }
    }

    /// The refusal's machine-readable `kind`, where it is a problem document.
    #[must_use]
    pub fn kind(&self) -> Option<String> {
        match self {
            Self::Refused { reply, .. } => reply.kind(),
            _ => None,
        }
    }

    pub(crate) fn lacking(step: &str, what: &str) -> Self {
        Self::Lacking { step: step.to_owned(), what: what.to_owned() }
    }
}

/// Who starts a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initiator<'a> {
    /// A person: an address typed, a link followed from another program.
    Person,
    /// A page of this origin.
    Page(&'a str),
}

/// A whole answer. Its `Debug` leaves the body out, which may hold what no log should.
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).field("kind", &self.kind()).finish_non_exhaustive()
    }
}

impl Reply {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, where it is JSON.
    #[must_use]
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The `kind` of a problem document.
    #[must_use]
    pub fn kind(&self) -> Option<String> {
        self.value().get("kind")?.as_str().map(str::to_owned)
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The content type.
    #[must_use]
    pub fn content_type(&self) -> &str {
        self.header(&CONTENT_TYPE).unwrap_or_default()
    }

    /// Where a redirect points.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.header(&LOCATION)
    }

    /// Seconds after which to try again.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        self.header(&RETRY_AFTER)?.parse().ok()
    }

    /// This answer when its status is one of `expected`, else a refusal of `step`.
    ///
    /// # Errors
    /// On any other status.
    pub fn expect(self, step: &str, expected: &[u16]) -> Result<Self, JourneyError> {
        if expected.contains(&self.status.as_u16()) {
            Ok(self)
        } else {
            Err(JourneyError::Refused { step: step.to_owned(), reply: Box::new(self) })
        }
    }

    /// The body as `T`.
    ///
    /// # Errors
    /// When it is not.
    pub fn json<T: DeserializeOwned>(&self, step: &str) -> Result<T, JourneyError> {
        serde_json::from_slice(&self.body).map_err(|error| JourneyError::lacking(step, &error.to_string()))
    }
}

/// What a request carries.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// Nothing.
    Empty,
    /// An HTML form, urlencoded.
    Form(&'a [(&'a str, &'a str)]),
    /// JSON, already written.
    Json(&'a str),
    /// Bytes of any declared type.
    Raw(&'a str, &'a [u8]),
}

/// One browser of one person.
#[derive(Debug, Clone)]
pub struct Browser {
    client: reqwest::Client,
    cookies: Vec<Cookie>,
}

impl Browser {
    /// A browser that has been nowhere yet.
    ///
    /// # Errors
    /// When the system gives no client.
    pub fn new() -> Result<Self, JourneyError> {
        let client = reqwest::Client::builder()
            .dns_resolver(Arc::new(ThisMachine))
            .no_proxy()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|error| JourneyError::NoAnswer { step: "start a client".into(), reason: error.to_string() })?;
        Ok(Self { client, cookies: Vec::new() })
    }

    /// The same machine with an empty cookie jar: another person's browser, sharing the connections.
    #[must_use]
    pub fn another(&self) -> Self {
        Self { client: self.client.clone(), cookies: Vec::new() }
    }

    /// Sends a request and keeps the cookies of the answer.
    ///
    /// # Errors
    /// When nothing answers. A refusal is an answer.
    pub async fn send(
        &mut self,
        method: Method,
        url: &str,
        from: Initiator<'_>,
        body: Body<'_>,
    ) -> Result<Reply, JourneyError> {
        let step = || format!("{method} {}", without_key(url));
        let no_answer = |error: reqwest::Error| JourneyError::NoAnswer { step: step(), reason: reason(&error) };
        let response = self.request(&method, url, from, body).send().await.map_err(no_answer)?;
        let (status, headers) = (response.status(), response.headers().clone());
        self.keep(url, &headers);
        let body = response.bytes().await.map_err(no_answer)?.to_vec();
        Ok(Reply { status, headers, body })
    }

    /// Opens an answer that goes on, such as a stream of events, without a limit of time.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn stream(&mut self, url: &str, from: Initiator<'_>) -> Result<reqwest::Response, JourneyError> {
        let request = self.request(&Method::GET, url, from, Body::Empty).timeout(Duration::from_secs(3_600));
        request.send().await.map_err(|error| JourneyError::NoAnswer {
            step: format!("stream {}", without_key(url)),
            reason: reason(&error),
        })
    }

    /// A page or a file.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn get(&mut self, url: &str, from: Initiator<'_>) -> Result<Reply, JourneyError> {
        self.send(Method::GET, url, from, Body::Empty).await
    }

    /// An answer of an API to a program that shows a key, as no browser does.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn get_with_key(&mut self, url: &str, key: &str) -> Result<Reply, JourneyError> {
        let no_answer =
            |error: reqwest::Error| JourneyError::NoAnswer { step: "call with a key".into(), reason: reason(&error) };
        let response = self.client.get(url).bearer_auth(key).send().await.map_err(no_answer)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(no_answer)?.to_vec();
        Ok(Reply { status, headers, body })
    }

    /// An HTML form.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn post_form(
        &mut self,
        url: &str,
        from: Initiator<'_>,
        fields: &[(&str, &str)],
    ) -> Result<Reply, JourneyError> {
        self.send(Method::POST, url, from, Body::Form(fields)).await
    }

    /// JSON, as scripts send it.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn post_json(
        &mut self,
        url: &str,
        from: Initiator<'_>,
        body: &impl Serialize,
    ) -> Result<Reply, JourneyError> {
        let json =
            serde_json::to_string(body).map_err(|error| JourneyError::lacking("write JSON", &error.to_string()))?;
        self.send(Method::POST, url, from, Body::Json(&json)).await
    }

    /// The value of a cookie that `origin` has set.
    #[must_use]
    pub fn cookie(&self, origin: &str, name: &str) -> Option<&str> {
        let authority = authority(origin);
        self.cookies
            .iter()
            .find(|kept| kept.authority == authority && kept.name == name)
            .map(|kept| kept.value.as_str())
    }

    /// Forgets every cookie of `origin`.
    pub fn forget(&mut self, origin: &str) {
        let authority = authority(origin).to_owned();
        self.cookies.retain(|kept| kept.authority != authority);
    }

    /// The `Cookie` header that a request to `url` would carry.
    #[must_use]
    pub fn cookie_header(&self, method: &Method, url: &str, from: Initiator<'_>) -> Option<String> {
        let authority = authority(url);
        let cross_site = matches!(from, Initiator::Page(origin) if self::authority(origin) != authority);
        let sent: Vec<String> = self
            .cookies
            .iter()
            .filter(|kept| kept.authority == authority)
            .filter(|kept| match kept.same_site {
                SameSite::Strict => !cross_site,
                SameSite::Lax => !cross_site || *method == Method::GET,
                SameSite::None => true,
            })
            .map(|kept| format!("{}={}", kept.name, kept.value))
            .collect();
        (!sent.is_empty()).then(|| sent.join("; "))
    }

    fn request(&self, method: &Method, url: &str, from: Initiator<'_>, body: Body<'_>) -> reqwest::RequestBuilder {
        let mut request = self.client.request(method.clone(), url);
        request = match from {
            Initiator::Person => request.header(SEC_FETCH_SITE, "none"),
            // Each `*.localhost` host is a site of its own, so between two of them there is no same-site.
            Initiator::Page(origin) if authority(origin) == authority(url) => {
                request.header(SEC_FETCH_SITE, "same-origin")
            }
            Initiator::Page(_) => request.header(SEC_FETCH_SITE, "cross-site"),
        };
        if let Initiator::Page(origin) = from
            && *method != Method::GET
        {
            request = request.header(ORIGIN, origin);
        }
        if let Some(cookies) = self.cookie_header(method, url, from) {
            request = request.header(COOKIE, cookies);
        }
        match body {
            Body::Empty => request,
            Body::Form(fields) => request.form(fields),
            Body::Json(json) => request.header(CONTENT_TYPE, "application/json").body(json.to_owned()),
            Body::Raw(kind, bytes) => request.header(CONTENT_TYPE, kind).body(bytes.to_vec()),
        }
    }

    fn keep(&mut self, url: &str, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let Some((cookie, ends)) = Cookie::parse(authority(url), header) else { continue };
            self.cookies.retain(|kept| kept.authority != cookie.authority || kept.name != cookie.name);
            if !ends {
                self.cookies.push(cookie);
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SameSite {
    Strict,
    Lax,
    None,
}

#[derive(Clone)]
struct Cookie {
    authority: String,
    name: String,
    value: String,
    same_site: SameSite,
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cookie({} of {})", self.name, self.authority)
    }
}

impl Cookie {
    /// A cookie as a browser takes it, and whether it ends one. A `__Host-` cookie that breaks the prefix's rules, and a
    /// `SameSite=None` one that is not secure, are dropped as browsers drop them.
    fn parse(authority: &str, header: &HeaderValue) -> Option<(Self, bool)> {
        let mut parts = header.to_str().ok()?.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let (mut same_site, mut secure, mut root, mut domain, mut ends) = (SameSite::Lax, false, false, false, false);
        for part in parts {
            let (key, setting) = part.split_once('=').unwrap_or((part, ""));
            match (key.to_ascii_lowercase().as_str(), setting) {
                ("samesite", "Strict") => same_site = SameSite::Strict,
                ("samesite", "None") => same_site = SameSite::None,
                ("secure", _) => secure = true,
                ("path", "/") => root = true,
                ("domain", _) => domain = true,
                ("max-age", "0") => ends = true,
                _ => {}
            }
        }
        if name.starts_with("__Host-") && !(secure && root && !domain) || same_site == SameSite::None && !secure {
            return None;
        }
        let cookie =
            Self { authority: authority.to_owned(), name: name.to_owned(), value: value.to_owned(), same_site };
        Some((cookie, ends))
    }
}

/// Finds `*.localhost` here, as browsers do, and nothing anywhere else: a journey never leaves this machine.
pub(super) struct ThisMachine;

impl Resolve for ThisMachine {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str();
        let here = host == "localhost" || host.ends_with(".localhost") || host == crate::house::VAULT_NAME;
        Box::pin(async move {
            if here {
                let addresses: Addrs = Box::new(std::iter::once((Ipv4Addr::LOCALHOST, 0).into()));
                Ok(addresses)
            } else {
                Err("a journey stays on this machine".into())
            }
        })
    }
}

/// Host and port of an origin or a URL.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// The URL without the one-time key that a link's path ends in.
fn without_key(url: &str) -> &str {
    url.split_once("/o/").map_or(url, |(before, _)| before)
}

/// The innermost cause, which is the one that says something, and never the URL.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser_with(set_cookie: &str) -> Browser {
        let mut browser = Browser::new().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(SET_COOKIE, HeaderValue::from_str(set_cookie).unwrap());
        browser.keep("http://vault.localhost:8081/open", &headers);
        browser
    }

    #[test]
    fn cookies_go_back_to_their_own_host_and_port_only() {
        let browser = browser_with("__Host-aside-device=abc; Path=/; Secure; HttpOnly; SameSite=None; Partitioned");
        let sent = |url| browser.cookie_header(&Method::POST, url, Initiator::Page("http://chat.localhost:8080"));
        assert_eq!(sent("http://vault.localhost:8081/form/1").as_deref(), Some("__Host-aside-device=abc"));
        assert_eq!(sent("http://vault.localhost:8080/form/1"), None);
        assert_eq!(sent("http://desk.localhost:8081/form/1"), None);
    }

    #[test]
    fn a_strict_cookie_stays_home_when_another_site_asks() {
        let browser = browser_with("__Host-aside-desk=abc; Path=/; Secure; SameSite=Strict");
        let url = "http://vault.localhost:8081/";
        assert_eq!(browser.cookie_header(&Method::GET, url, Initiator::Page("http://chat.localhost:8080")), None);
        assert!(browser.cookie_header(&Method::GET, url, Initiator::Page("http://vault.localhost:8081")).is_some());
        assert!(browser.cookie_header(&Method::GET, url, Initiator::Person).is_some());
    }

    #[test]
    fn a_cookie_that_breaks_its_prefix_or_is_ended_is_not_kept() {
        for dropped in [
            "__Host-a=1; Path=/; SameSite=None",
            "__Host-a=1; Secure; SameSite=None",
            "__Host-a=1; Path=/; Secure; Domain=localhost",
            "a=1; SameSite=None",
            "__Host-a=1; Path=/; Secure; Max-Age=0",
        ] {
            assert!(browser_with(dropped).cookies.is_empty(), "{dropped}");
        }
    }

    #[tokio::test]
    async fn a_journey_does_not_leave_this_machine() {
        let refusal = Browser::new().unwrap().get("http://aside.example/", Initiator::Person).await.unwrap_err();
        assert!(refusal.to_string().contains("stays on this machine"), "{refusal}");
    }
}
