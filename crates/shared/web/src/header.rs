//! The headers that every reply of the house has, whatever its handler forgot. A handler that sets one itself wins.

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// No page of ours uses a sensor, a camera or a payment request, and none hands them on to a frame.
pub const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), \
    fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), \
    screen-wake-lock=(), xr-spatial-tracking=()";

/// Fills in the safe default of each header that is missing. `https` adds HSTS, which a browser must not learn from a
/// plain-text demo on localhost.
pub fn harden(headers: &mut HeaderMap, https: bool) {
    let mut fill = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    fill(CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    fill(REFERRER_POLICY, "same-origin");
    fill(X_CONTENT_TYPE_OPTIONS, "nosniff");
    fill(CACHE_CONTROL, "no-store");
    fill(HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY);
    fill(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    fill(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    fill(HeaderName::from_static("origin-agent-cluster"), "?1");
    fill(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    if https {
        fill(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_that_sets_nothing_may_neither_be_framed_nor_stored() {
        let mut headers = HeaderMap::new();
        harden(&mut headers, false);
        assert!(headers["content-security-policy"].as_bytes().ends_with(b"frame-ancestors 'none'"));
        assert_eq!(headers["cache-control"], "no-store");
        assert!(!headers.contains_key(STRICT_TRANSPORT_SECURITY));
    }

    #[test]
    fn what_a_handler_set_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
        harden(&mut headers, true);
        assert_eq!(headers["referrer-policy"], "strict-origin");
        assert!(headers.contains_key(STRICT_TRANSPORT_SECURITY));
    }
}
