//! What browsers and programs send to the desk, before it knows who they are or while they listen.

use std::sync::LazyLock;

use aside_desk_http::fuzzing;
use http::Uri;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::Value;

/// Where the stream ends that the feeds follow.
const HEAD: i64 = 41;
/// The one answer to a challenge of the desk whose key the target has; it stands in the corpus.
const SOLVED: &[u8] = include_bytes!("../corpus/captcha/solved");

/// An agent's or a visitor's feed: the query in the first line, then a line for each frame. A feed begins somewhere in the stream, and
/// nothing is understood but a ping.
pub(crate) fn feed(input: &[u8]) {
    let Some(text) = crate::text(input) else { return };
    let mut lines = text.split('\n');
    let address = format!("/api/feed?{}", lines.next().unwrap_or_default());
    if let Some(place) = address.parse::<Uri>().ok().and_then(|address| fuzzing::feed_place(&address, HEAD)) {
        assert!((0..=HEAD).contains(&place), "a feed began at {place}");
    }
    for frame in lines.filter(|frame| fuzzing::is_feed_frame(frame)) {
        let said: Value = serde_json::from_str(frame).unwrap_or_default();
        // An array is read as an object's values in their order.
        assert!(said["type"] == "ping" || said[0] == "ping", "{frame:?} was taken for a ping");
    }
}

/// Another program's key: a header a line. Only one header makes a key, and it has one spelling.
pub(crate) fn key(input: &[u8]) {
    let values = input.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok());
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(AUTHORIZATION, value);
    }
    if let Some(key) = fuzzing::api_key(&headers) {
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(value.split_once(' ').map(|(_, told)| told), Some(key.as_str()), "a key has two spellings");
        assert_eq!(headers.len(), 1, "one of several keys was taken");
    }
}

/// What claims to solve a challenge. Nobody here can sign one: whatever is taken is the one answer that was given, under its one name,
/// so that it counts once.
pub(crate) fn captcha(input: &[u8]) {
    static GIVEN: LazyLock<Option<([u8; 32], u8)>> =
        LazyLock::new(|| fuzzing::captcha(crate::text(SOLVED)?.trim_end()));
    assert!(GIVEN.is_some(), "the answer of the corpus is worth nothing");
    let Some(text) = crate::text(input) else { return };
    if let Some(worth) = fuzzing::captcha(text) {
        assert_eq!(Some(worth), *GIVEN, "an answer to no challenge of ours was taken, or one has two names");
    }
}
