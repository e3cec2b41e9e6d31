//! The built faces, embedded at compile time, and the headers each of them goes out with.
//!
//! An HTML page is never stored by a browser or a proxy; files whose names carry a hash are kept for good. No page of the
//! desk allows a script, a style or a frame from anywhere but itself and the vault.

use std::borrow::Cow;

use aside_base::Origin;
use aside_web::{Asset, Problem, is_hashed_name};
use axum::response::{Html, IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The workspace, built by `cargo xtask web`.
#[derive(RustEmbed)]
#[folder = "../../../web/dist/desk"]
struct Workspace;

/// The visitor's widget.
#[derive(RustEmbed)]
#[folder = "../../../web/dist/widget"]
struct Widget;

/// The script a brand's page includes.
#[derive(RustEmbed)]
#[folder = "../../../web/dist/loader"]
struct Loader;

/// The workspace's page.
pub(crate) fn workspace_page(desk: &Origin, vault: &Origin) -> Response {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' {socket}; \
         frame-src {vault}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        socket = socket_origin(desk),
    );
    let mut response = page(Workspace::get("index.html"), &policy);
    // The viewer may open as a window of its own where a browser keeps no cookie in a frame; it talks to its opener.
    response.headers_mut().insert(OPENER_POLICY, HeaderValue::from_static("same-origin-allow-popups"));
    response
}

/// A file of the workspace.
pub(crate) fn workspace_file(path: &str, request: &HeaderMap) -> Response {
    file(path, Workspace::get(path), request)
}

/// The widget's page, to be framed by the pages of `framed_by` only.
pub(crate) fn widget_page(chat: &Origin, vault: &Origin, framed_by: &[Origin]) -> Response {
    let ancestors = framed_by.iter().map(Origin::as_str).collect::<Vec<_>>().join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' {socket}; \
         frame-src {vault}; base-uri 'none'; form-action {vault}; frame-ancestors {ancestors}",
        socket = socket_origin(chat),
        ancestors = if ancestors.is_empty() { "'none'" } else { &ancestors },
    );
    page(Widget::get("index.html"), &policy)
}

/// A file of the widget.
pub(crate) fn widget_file(path: &str, request: &HeaderMap) -> Response {
    file(path, Widget::get(path), request)
}

/// The loader, which every brand's page may include.
pub(crate) fn loader(request: &HeaderMap) -> Response {
    let mut response = file("loader.js", Loader::get("loader.js"), request);
    response.headers_mut().insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}

/// The WebSocket origin of a host: `connect-src 'self'` does not cover it in every browser.
fn socket_origin(origin: &Origin) -> String {
    let scheme = if origin.as_str().starts_with("https:") { "wss" } else { "ws" };
    format!("{scheme}://{}", origin.authority())
}

fn page(found: Option<EmbeddedFile>, policy: &str) -> Response {
    let mut response = match found {
        Some(file) => match String::from_utf8(file.data.into_owned()) {
            Ok(html) => Html(html).into_response(),
            Err(_) => not_built(),
        },
        None => not_built(),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match HeaderValue::from_str(policy) {
        Ok(policy) => {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
            response
        }
        // An origin is plain ASCII, so this does not happen; if it did, the page must not go out without its policy.
        Err(_) => Problem::failed().into_response(),
    }
}

/// What a developer sees who built the programs without the faces.
fn not_built() -> Response {
    const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Aside: not built</title>\
        <h1>This face is not built yet</h1><p>Run <code>cargo xtask web</code>, then build the desk again.</p></html>";
    (StatusCode::SERVICE_UNAVAILABLE, Html(PAGE)).into_response()
}

fn file(path: &str, found: Option<EmbeddedFile>, request: &HeaderMap) -> Response {
    // A page goes out with its policy or not at all.
    match found.filter(|_| !path.ends_with(".html")) {
        Some(found) => Asset {
            hash: found.metadata.sha256_hash(),
            media_type: media_type(&found),
            bytes: match found.data {
                Cow::Borrowed(bytes) => Cow::Borrowed(bytes),
                Cow::Owned(bytes) => Cow::Owned(bytes),
            },
            immutable: is_hashed_name(path),
        }
        .respond(request),
        None => Problem::no_route().into_response(),
    }
}

fn media_type(file: &EmbeddedFile) -> HeaderValue {
    let bare = file.metadata.mimetype();
    let text = bare.starts_with("text/") || bare == "image/svg+xml";
    let whole = if text { format!("{bare}; charset=utf-8") } else { bare.to_owned() };
    HeaderValue::from_str(&whole).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    fn policy(response: &Response) -> &str {
        response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap()
    }

    #[test]
    fn the_workspace_is_never_framed_and_frames_the_vault_only() {
        let response = workspace_page(&origin("http://desk.localhost:8080"), &origin("http://vault.localhost:8081"));
        let policy = policy(&response);
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
        assert!(policy.contains("frame-src http://vault.localhost:8081;"), "{policy}");
        assert!(policy.contains("connect-src 'self' ws://desk.localhost:8080;"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    }

    #[test]
    fn the_widget_is_framed_by_its_sites_origins_and_by_nobody_without_any() {
        let (chat, vault) = (origin("https://chat.example"), origin("https://vault.example"));
        let framed = widget_page(&chat, &vault, &[origin("https://a.example"), origin("https://b.example")]);
        assert!(policy(&framed).ends_with("frame-ancestors https://a.example https://b.example"));
        assert!(policy(&framed).contains("form-action https://vault.example;"));
        assert!(policy(&framed).contains("wss://chat.example;"));
        assert!(policy(&widget_page(&chat, &vault, &[])).ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn a_page_is_not_served_as_a_file_without_its_policy() {
        assert_eq!(workspace_file("index.html", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
        assert_eq!(widget_file("../desk/index.html", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }
}
