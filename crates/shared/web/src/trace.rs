//! One log line a request that was refused or failed, and at debug of every other: method, matched route, status, duration,
//! and the opaque id of an error. Never the URI, a query, a header or a body; a one-time link's key stands in the URI.

use std::time::Instant;

use aside_base::Rng;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Names an error to a person who reports it, and to whoever looks it up in the log. Handlers that fail put it into the
/// response's extensions beside showing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorId(pub String);

impl ErrorId {
    /// A fresh id: eight characters that say nothing.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        Self(rng.bytes::<8>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }
}

#[expect(clippy::disallowed_methods, reason = "a duration for the log decides nothing")]
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let status = response.status().as_u16();
    let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let error = response.extensions().get::<ErrorId>().map_or("", |id| id.0.as_str());
    match status {
        500.. => tracing::warn!(%method, route, status, milliseconds, error, "request"),
        400..500 => tracing::info!(%method, route, status, milliseconds, error, "request"),
        // What was done stands in the audit log.
        _ => tracing::debug!(%method, route, status, milliseconds, error, "request"),
    }
    response
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn an_error_id_is_eight_characters_that_can_be_read_out() {
        let id = ErrorId::generate(&SeededRng::new(3)).0;
        assert_eq!(id.len(), 8);
        assert!(id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()));
    }
}
