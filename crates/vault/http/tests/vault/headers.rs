//! What stands around every reply.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::house::{BRAND, CHAT, DESK, House};
use crate::life::opened;

#[tokio::test]
async fn every_page_is_unstorable_and_framed_only_by_whom_it_names() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite(&agent, "secure-note", "web").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let policy = |reply: &crate::browser::Reply| reply.header("content-security-policy").to_owned();
    assert!(policy(&form).ends_with(&format!("frame-ancestors {CHAT} {BRAND}")), "{}", policy(&form));
    let viewer = visitor.get("/viewer").await;
    assert!(policy(&viewer).ends_with(&format!(" frame-ancestors {DESK}")), "{}", policy(&viewer));
    for reply in [form, viewer, visitor.get("/begin").await, visitor.get("/nothing").await] {
        assert!(policy(&reply).starts_with("default-src 'none'; "), "{}", policy(&reply));
        assert!(!policy(&reply).contains("unsafe"));
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("referrer-policy"), "same-origin");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn an_unknown_host_gets_421_and_an_unknown_route_404() {
    let house = House::new().await;
    let mut browser = house.browser();
    for host in ["vault.localhost", "evil.example", "127.0.0.1:8081", "desk.localhost:8080"] {
        let request = Request::get("/begin").header("host", host).body(Body::empty()).unwrap();
        assert_eq!(browser.send(request).await.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    assert_eq!(browser.get("/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/open").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(browser.get("/healthz").await.json()["status"], "ok");
}

#[tokio::test]
async fn the_public_face_has_no_route_of_the_zone_links() {
    let house = House::new().await;
    let mut browser = house.browser();
    for path in ["/zone/v1/events?after=0", "/zone/v1/sites/northwind/sessions", "/zone/v1/sites/northwind"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_fresh_form_may_be_compressed_and_fits_one_round_trip() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite(&agent, "cardholder-data", "web").await;
    opened(&house, &mut visitor, &sent).await;
    let request = Request::get(format!("/form/{}", sent.id)).header("accept-encoding", "gzip").body(Body::empty());
    let form = visitor.send(request.unwrap()).await;
    assert_eq!((form.status, form.header("content-encoding")), (StatusCode::OK, "gzip"));
    let head: usize = form.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    assert!(form.length + head <= 14 * 1024, "{} bytes and {head} of headers", form.length);
}
