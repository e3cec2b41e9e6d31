//! Pages as replies: their policy, who may frame them, whether they may be compressed.

use aside_base::Origin;
use aside_vault_pages::Page;
use aside_web::PERMISSIONS_POLICY;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY};
use http::{HeaderName, HeaderValue, StatusCode};
use tower_http::compression::predicate::Predicate;

/// Marks a reply that holds nothing an attacker could guess at by its length.
#[derive(Clone)]
struct MayCompress;

/// Lets only marked replies be compressed (BREACH).
#[derive(Clone, Copy)]
pub(super) struct Compressible;

impl Predicate for Compressible {
    fn should_compress<B: hyper::body::Body>(&self, response: &http::Response<B>) -> bool {
        response.extensions().get::<MayCompress>().is_some()
    }
}

/// A page that exactly `ancestors` may frame.
pub(super) fn page(status: StatusCode, page: Page, ancestors: &[&Origin]) -> Response {
    let policy = HeaderValue::from_str(&page.content_security_policy(ancestors));
    let (compressible, passkeys) = (page.compressible(), page.asks_for_passkeys());
    let mut response = (status, page.html).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // An origin has no character that a header refuses; if one had, the default policy forbids everything.
    if let Ok(policy) = policy {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    // What the house denies all its pages, and passkeys: to the agent's frame alone, and there to no page but our own.
    let allowed = if passkeys { "(self)" } else { "()" };
    let permissions =
        format!("{PERMISSIONS_POLICY}, publickey-credentials-create={allowed}, publickey-credentials-get={allowed}");
    if let Ok(permissions) = HeaderValue::from_str(&permissions) {
        headers.insert(HeaderName::from_static("permissions-policy"), permissions);
    }
    if !ancestors.is_empty() {
        // A brand's page may demand this of what it frames; who may frame is the policy's to say.
        let cross_origin = HeaderValue::from_static("cross-origin");
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), cross_origin);
    }
    if compressible {
        response.extensions_mut().insert(MayCompress);
    }
    response
}

/// A script under an address that changes with its text: kept for good, and compressed, for it says nothing of anybody.
pub(super) fn script(text: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response.extensions_mut().insert(MayCompress);
    response
}

/// Sends the browser on to a page of ours.
pub(super) fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, path);
    }
    response
}

/// The page's own address holds a key: at most the origin goes out with a request. (With `no-referrer` a browser would send
/// `Origin: null` on the page's own POST.)
pub(super) fn hide_address(mut response: Response) -> Response {
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    response
}

/// The connection carried answers: it ends with this reply, and its buffers are wiped.
pub(super) fn last_on_connection(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Leaves room for another origin's window to keep a handle on this page: the desk opens the viewer where frames keep no
/// cookies.
pub(super) fn keep_opener(mut response: Response) -> Response {
    let none = HeaderValue::from_static("unsafe-none");
    response.headers_mut().insert(HeaderName::from_static("cross-origin-opener-policy"), none);
    response
}
