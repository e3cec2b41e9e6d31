//! The vault's three cookies. Each holds a random key at most; what it is worth stands in the store, as a hash.

use aside_base::{KeyHash, OneTimeKey};
use aside_web::{CookieSite, HostCookie};
use axum::response::Response;
use http::HeaderMap;
use http::header::SET_COOKIE;

/// Says that cookies stick in this browser and frame.
pub(super) const PROBE: HostCookie = HostCookie { name: "__Host-aside-probe", site: CookieSite::Framed };
/// The visitor's device.
pub(super) const DEVICE: HostCookie = HostCookie { name: "__Host-aside-device", site: CookieSite::Framed };
/// The agent's browser.
pub(super) const VIEWER: HostCookie = HostCookie { name: "__Host-aside-viewer", site: CookieSite::Framed };

/// The key that the browser keeps in `cookie`, if it has a key's shape.
pub(super) fn key(cookie: HostCookie, headers: &HeaderMap) -> Option<OneTimeKey> {
    cookie.read(headers)?.parse().ok()
}

/// Its hash.
pub(super) fn hash(cookie: HostCookie, headers: &HeaderMap) -> Option<KeyHash> {
    key(cookie, headers).map(|key| key.hash())
}

/// Stores `value` in the browser.
pub(super) fn store(response: &mut Response, cookie: HostCookie, value: &str) {
    if let Some(header) = cookie.set(value) {
        response.headers_mut().append(SET_COOKIE, header);
    }
}
