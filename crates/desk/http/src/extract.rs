//! Path and query extractors whose refusals are problem documents. A wrong id in a path names nothing, so it is a 404.

use aside_web::Problem;
use axum::extract::{FromRequestParts, RawPathParams};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// The one id in a route's path.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: FromStr + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::no_route())?;
        let (_, text) = found.iter().next().ok_or_else(Problem::no_route)?;
        text.parse().map(Self).map_err(|_| Problem::no_route())
    }
}

/// The two ids in a route's path, in order.
pub(crate) struct Pair<A, B>(pub(crate) A, pub(crate) B);

impl<A: FromStr + Send, B: FromStr + Send, S: Send + Sync> FromRequestParts<S> for Pair<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::no_route())?;
        let mut texts = found.iter().map(|(_, text)| text);
        let (Some(one), Some(other)) = (texts.next(), texts.next()) else { return Err(Problem::no_route()) };
        match (one.parse(), other.parse()) {
            (Ok(one), Ok(other)) => Ok(Self(one, other)),
            _ => Err(Problem::no_route()),
        }
    }
}

/// The query of a route.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(found)) => Ok(Self(found)),
            Err(_) => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "A part of the query is missing, unknown or of the wrong type.",
            )),
        }
    }
}
