//! One listener, several hosts: each host has a router of its own, an unknown host gets 421 and learns nothing.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use aside_base::Origin;
use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::HOST;
use tower::ServiceExt as _;

use crate::{Problem, harden};

/// Routers by host. A host is matched exactly, port included, so that a rebound DNS name reaches nothing.
#[derive(Default)]
pub struct HostRouter {
    hosts: HashMap<String, Router>,
}

impl HostRouter {
    /// A router that knows no host yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves `router` for requests whose `Host` is this origin's.
    #[must_use]
    pub fn host(mut self, origin: &Origin, router: Router) -> Self {
        self.hosts.insert(origin.authority().to_owned(), router);
        self
    }

    /// The dispatcher as a router, to be served or called in a test.
    pub fn into_router(self) -> Router {
        let hosts = Arc::new(self.hosts);
        Router::new().fallback_service(tower::service_fn(move |request: Request| {
            let router = authority(&request).and_then(|host| hosts.get(&host.to_ascii_lowercase())).cloned();
            async move {
                Ok::<Response, Infallible>(match router {
                    // Cannot fail: a router's error type has no value.
                    Some(router) => router.oneshot(request).await.unwrap_or_else(|never| match never {}),
                    None => misdirected(),
                })
            }
        }))
    }
}

/// The host that the client asked for: the request line's if it names one (RFC 9112 3.2.2), else the one `Host` header.
fn authority(request: &Request) -> Option<&str> {
    if let Some(authority) = request.uri().authority() {
        return Some(authority.as_str());
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    }
}

fn misdirected() -> Response {
    let problem = Problem::new(StatusCode::MISDIRECTED_REQUEST, "not_valid", "This host is not served here.");
    let mut response = problem.into_response();
    harden(response.headers_mut(), false);
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;

    use super::*;

    async fn status(hosts: &[&str]) -> StatusCode {
        let router = HostRouter::new()
            .host(&"http://a.localhost:1".parse().unwrap(), Router::new().route("/", get(|| async {})))
            .into_router();
        let mut request = Request::get("/");
        for host in hosts {
            request = request.header(HOST, *host);
        }
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
    }

    #[tokio::test]
    async fn an_unknown_missing_or_doubled_host_gets_421() {
        assert_eq!(status(&["a.localhost:1"]).await, StatusCode::OK);
        assert_eq!(status(&["A.localhost:1"]).await, StatusCode::OK);
        for bad in
            [&["a.localhost"][..], &["a.localhost:2"], &["evil.example"], &[], &["a.localhost:1", "a.localhost:1"]]
        {
            assert_eq!(status(bad).await, StatusCode::MISDIRECTED_REQUEST, "{bad:?}");
        }
    }
}
