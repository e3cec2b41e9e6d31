//! Ways in for the fuzz targets, to parsers that no other room may see. Only with the feature `fuzzing`, which no program has.

use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::body;
use crate::sealing::{Place, SealingKeys};

/// Reads a form's body as each handler does; how many answers it held.
pub fn form_body(bytes: &[u8]) -> Option<usize> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, http::HeaderValue::from_static("application/x-www-form-urlencoded"));
    let read = pin!(body::read(&headers, Body::from(bytes.to_vec())));
    let Poll::Ready(read) = read.poll(&mut Context::from_waker(Waker::noop())) else { return None };
    let raw = read.ok()?;
    let (_key, _sealed_to) = (raw.key(), raw.sealed_to());
    let mut desk = [0; 1024];
    if let Ok(length) = raw.sealed(&mut desk) {
        assert!(length <= desk.len(), "sealed bytes ran over their place");
    }
    raw.answers().ok().map(|answers| answers.len())
}

/// Reads the answers of a sealed form once it is open; how many they were.
#[must_use]
pub fn opened_form(json: &[u8]) -> Option<usize> {
    body::opened(json).ok().map(|answers| answers.len())
}
