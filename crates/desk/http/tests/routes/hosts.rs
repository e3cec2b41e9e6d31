//! Two hosts, two cookies, and the headers of each.

use axum::body::Body;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::{Method, Request, StatusCode};
use serde_json::json;

use crate::actor::{Anonymous, fresh};
use crate::house::{CHAT, DESK, House};

#[tokio::test]
async fn an_unknown_host_gets_421_and_learns_nothing() {
    let house = House::new().await;
    let request = Request::get("/").header(HOST, "evil.example").body(Body::empty()).unwrap();
    let reply = Anonymous::at(&house, DESK).send(request).await;
    assert_eq!(reply.refusal(), (421, "not_valid".into()));
}

#[tokio::test]
async fn neither_host_accepts_the_others_session() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let agent_at_chat = Anonymous::at(&house, CHAT).with_cookie(dana.cookie.clone());
    assert_eq!(agent_at_chat.get("/api/conversation").await.refusal(), (401, "signed_out".into()));
    let visitor_at_desk = Anonymous::at(&house, DESK).with_cookie(visitor.cookie.clone());
    assert_eq!(visitor_at_desk.get("/api/session").await.refusal(), (401, "signed_out".into()));
    // Not even under the other's name.
    let value = visitor.cookie.split_once('=').unwrap().1;
    let disguised = Anonymous::at(&house, DESK).with_cookie(format!("__Host-aside-desk={value}"));
    assert_eq!(disguised.get("/api/session").await.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn each_host_serves_its_own_routes_only() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    assert_eq!(dana.post("/api/visit", json!({"site": "northwind"})).await.refusal().0, 404);
    assert_eq!(visitor.post("/api/login", json!({"name": "dana", "password": "x"})).await.refusal().0, 404);
    assert_eq!(visitor.get("/api/conversations").await.refusal().0, 404);
    assert_eq!(visitor.get("/").await.refusal().0, 404);
    assert_eq!(dana.get("/api/nothing").await.refusal(), (404, "not_valid".into()));
    assert_eq!(dana.get("/../../etc/passwd").await.refusal().0, 404);
    assert_eq!(dana.get("/api/login").await.refusal().0, 405);
}

#[tokio::test]
async fn a_command_from_another_page_is_refused() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let cases = [
        (&dana.browser, "/api/logout", Some(CHAT), "cross-site"),
        (&dana.browser, "/api/logout", Some("null"), "cross-site"),
        (&dana.browser, "/api/logout", Some("http://evil.example"), "same-origin"),
        (&visitor.browser, "/api/messages", Some("http://northwind.localhost:8082"), "cross-site"),
        (&visitor.browser, "/api/messages", None, "none"),
    ];
    for (browser, path, origin, site) in cases {
        let mut request = browser.request(Method::POST, path).header("sec-fetch-site", site);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        let body = json!({"id": fresh(), "text": "hello"}).to_string();
        let reply =
            browser.send(request.header(CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap()).await;
        assert_eq!(reply.refusal(), (403, "no_right".into()), "{path} {origin:?} {site}");
    }
    assert_eq!(dana.get("/api/session").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_widget_is_framed_by_its_own_sites_pages_only() {
    let house = House::new().await;
    let browser = Anonymous::at(&house, CHAT);
    let reply = browser.get("/widget?site=northwind").await;
    let policy = reply.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with("frame-ancestors http://northwind.localhost:8082"), "{policy}");
    assert_eq!(reply.headers["referrer-policy"], "strict-origin");
    assert_eq!(reply.headers["cache-control"], "no-store");
    for unknown in ["/widget?site=nobody", "/widget?site=Nobody'", "/widget", "/widget?site=northwind&x=1"] {
        let reply = browser.get(unknown).await;
        assert!(matches!(reply.refusal().0, 404 | 422), "{unknown}");
        assert!(reply.headers["content-security-policy"].to_str().unwrap().ends_with("frame-ancestors 'none'"));
    }
}

#[tokio::test]
async fn the_workspace_may_not_be_framed_nor_stored() {
    let house = House::new().await;
    let reply = Anonymous::at(&house, DESK).get("/").await;
    let policy = reply.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.ends_with("frame-ancestors 'none'") && policy.contains("frame-src http://vault.localhost:8081"),
        "{policy}"
    );
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!(reply.headers["cross-origin-opener-policy"], "same-origin-allow-popups");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn the_document_describes_both_hosts_routes() {
    let house = House::new().await;
    let document = Anonymous::at(&house, DESK).get("/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    for path in ["/api/login", "/api/invitations/{id}/view", "/api/visit", "/api/invitations/{id}/open", "/api/feed"] {
        assert!(paths.contains_key(path), "{path}");
    }
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn replies_of_the_api_are_never_compressed() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    visitor.write(&"hello ".repeat(600)).await;
    for (browser, path) in [
        (&dana.browser, "/api/conversations"),
        (&dana.browser, "/openapi.json"),
        (&visitor.browser, "/api/conversation"),
    ] {
        let request =
            browser.request(Method::GET, path).header("accept-encoding", "gzip, br").body(Body::empty()).unwrap();
        let reply = browser.send(request).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert!(!reply.headers.contains_key("content-encoding"), "{path}");
    }
}
