//! Problem documents (RFC 9457) as replies.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// A refusal for programs. `title` is a public sentence; nothing private has a place here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A stable name: `tag:aside,2026:<kind>`.
    #[serde(rename = "type")]
    name: String,
    title: Cow<'static, str>,
    status: u16,
    /// For programs to switch on.
    kind: Cow<'static, str>,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// A finer reason within the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Cow<'static, str>>,
    /// Members of this kind alone (RFC 9457 3.2).
    #[serde(flatten)]
    more: serde_json::Map<String, serde_json::Value>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    /// A refusal of this kind.
    #[must_use]
    pub fn new(status: StatusCode, kind: impl Into<Cow<'static, str>>, title: impl Into<Cow<'static, str>>) -> Self {
        let kind = kind.into();
        Self {
            name: format!("tag:aside,2026:{kind}"),
            title: title.into(),
            status: status.as_u16(),
            kind,
            field: None,
            code: None,
            more: serde_json::Map::new(),
            retry_after: None,
        }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Gives a finer reason within the kind.
    #[must_use]
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds a member of this kind alone.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Says in how many seconds to try again.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// 403: the request comes from another site's page.
    #[must_use]
    pub fn foreign_origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "no_right", "The request does not come from this site's own page.")
    }

    /// 404: no such route.
    #[must_use]
    pub fn no_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_valid", "There is nothing here.")
    }

    /// 405: the route does not take this method.
    #[must_use]
    pub fn no_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "not_valid", "This is not done this way.")
    }

    /// 429: too many requests from one network.
    #[must_use]
    pub fn too_many(seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "busy", "Too many requests.").retry_after(seconds)
    }

    /// 500: our fault; the reason stands in the log.
    #[must_use]
    pub fn failed() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "Something went wrong on our side; nothing was changed.")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
