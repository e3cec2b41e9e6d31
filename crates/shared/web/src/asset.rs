//! Answering with a file that was embedded at compile time: strong ETag, long life for names that carry a hash.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};

/// An embedded file.
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type, such as `text/javascript; charset=utf-8`.
    pub media_type: HeaderValue,
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
    /// Whether the name changes with the content (see [`is_hashed_name`]), so that it may be kept for good.
    pub immutable: bool,
}

impl Asset {
    /// The reply: 304 when the client has it, else the bytes.
    #[must_use]
    pub fn respond(self, request: &HeaderMap) -> Response {
        let tag = entity_tag(&self.hash);
        let caching = if self.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        let known = request
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .any(|item| item.trim().trim_start_matches("W/") == tag);
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let body = match self.bytes {
                Cow::Borrowed(bytes) => Body::from(bytes),
                Cow::Owned(bytes) => Body::from(bytes),
            };
            let mut response = Response::new(body);
            response.headers_mut().insert(CONTENT_TYPE, self.media_type);
            response
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(caching));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}

fn entity_tag(hash: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    let mut tag = String::with_capacity(34);
    tag.push('"');
    for byte in &hash[..16] {
        // Cannot fail: writing to a String.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// Whether a built file's name carries a hash of its content, as the bundler writes it: `name-XXXXXXXX.ext` with eight
/// characters of base64url.
#[must_use]
pub fn is_hashed_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, _)) = name.split_once('.') else { return false };
    if !stem.is_ascii() || stem.len() < 10 {
        return false;
    }
    let (head, hash) = stem.split_at(stem.len() - 8);
    head.ends_with('-') && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset() -> Asset {
        Asset {
            bytes: Cow::Borrowed(b"hello"),
            media_type: HeaderValue::from_static("text/plain"),
            hash: [7; 32],
            immutable: true,
        }
    }

    #[test]
    fn a_client_that_has_the_file_gets_304_and_no_body() {
        let first = asset().respond(&HeaderMap::new());
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers().get(ETAG).unwrap().clone();
        let mut request = HeaderMap::new();
        request.insert(IF_NONE_MATCH, tag);
        assert_eq!(asset().respond(&request).status(), StatusCode::NOT_MODIFIED);
        request.insert(IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert_eq!(asset().respond(&request).status(), StatusCode::OK);
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_good() {
        assert!(is_hashed_name("assets/index-BxT3_d9A.js"));
        assert!(!is_hashed_name("index.html"));
        assert!(!is_hashed_name("loader.js"));
        assert!(!is_hashed_name("a-é234567.js"));
    }
}
