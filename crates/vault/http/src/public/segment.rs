//! The one part of an address that varies.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use crate::Vault;

/// The part as text. One that is no text is empty, which names nothing: it is as *not valid* as an unknown one.
pub(super) struct Segment(pub(super) String);

impl FromRequestParts<Arc<Vault>> for Segment {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Vault>) -> Result<Self, Infallible> {
        let text = Path::<String>::from_request_parts(parts, &()).await;
        Ok(Self(text.map(|Path(text)| text).unwrap_or_default()))
    }
}
