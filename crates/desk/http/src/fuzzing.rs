//! Ways in for the fuzz targets, to parsers that no other room may see. Only with the feature `fuzzing`, which no program has.

use std::sync::LazyLock;

use aside_base::{SeededRng, Timestamp};
use aside_desk_domain::Sequence;
use aside_local_key::LocalKey;
use axum::extract::Query;
use http::{HeaderMap, Uri};

use crate::caller;
use crate::captcha::Captcha;
use crate::feed::{After, frame, place};

/// When the kept answer to a challenge was given.
const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// The key that a program presents, as we write it.
#[must_use]
pub fn api_key(headers: &HeaderMap) -> Option<String> {
    caller::bearer(headers).map(|(id, secret)| caller::api_key_text(id, &secret))
}

/// Where a feed goes on that is asked for at this address, in a stream that ends at `head`.
#[must_use]
pub fn feed_place(address: &Uri, head: i64) -> Option<i64> {
    let Query(After { after }) = Query::try_from_uri(address).ok()?;
    Some(place(after, Sequence(head)).0)
}

/// Whether a client's frame says something.
#[must_use]
pub fn is_feed_frame(text: &str) -> bool {
    frame(text).is_some()
}

/// What an answer to a challenge of a desk with a known key is worth: its name, under which it counts once, and its cost.
#[must_use]
pub fn captcha(answer: &str) -> Option<([u8; 32], u8)> {
    static CAPTCHA: LazyLock<Captcha> =
        LazyLock::new(|| Captcha::new(LocalKey::generate(&SeededRng::new(1)).derive("captcha 1")));
    CAPTCHA.solved(answer, NOW).ok().map(|solved| (solved.name, solved.cost))
}
