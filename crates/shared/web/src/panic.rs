//! A handler that panics answers 500 instead of dropping the connection. What it panicked with is not looked at: it could
//! quote an answer.

use std::any::Any;

use axum::response::{IntoResponse as _, Response};

use crate::Problem;

pub(crate) fn answer(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Problem::failed().into_response()
}
