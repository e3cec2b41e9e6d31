//! Headers that we read ourselves: a line each, `name: value`.

use aside_base::Origin;
use aside_web::{CookieSite, HostCookie, same_origin};
use http::header::{HeaderMap, HeaderName, HeaderValue};

/// A cookie that is read holds nothing that a header cannot; and only our own pages are our own.
pub(crate) fn headers(input: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = HeaderName::from_bytes(&line[..colon]);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(&line[colon + 1..])) {
            headers.append(name, value);
        }
    }
    let cookie = HostCookie { name: "__Host-aside-device", site: CookieSite::Strict };
    if let Some(value) = cookie.read(&headers) {
        assert!(!value.contains([';', ',', '\r', '\n']), "{value:?} is more than one cookie");
    }
    let Ok(ours) = "http://vault.localhost:8081".parse::<Origin>() else { return };
    if same_origin(&headers, &ours).is_ok() {
        let named = headers.get("origin").is_none_or(|origin| origin == ours.as_str());
        assert!(named, "a foreign page passed for ours");
    }
}
