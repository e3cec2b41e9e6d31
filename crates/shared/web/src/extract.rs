//! Body extractors whose refusals are problem documents that name the field, never the value.

use std::error::Error as _;

use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::Problem;

/// A JSON body: 415 for another content type, 400 for broken JSON, 413 for too much, 422 with the field for wrong content.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(json_problem(&rejection)),
        }
    }
}

/// A form-encoded body of named fields: refusals as [`Json`]'s, without the field's name.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(value)) => Ok(Self(value)),
            Err(rejection) => Err(form_problem(&rejection)),
        }
    }
}

fn json_problem(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::JsonDataError(error) => {
            let problem = invalid();
            match field_at_fault(error) {
                Some(field) => problem.field(field),
                None => problem,
            }
        }
        JsonRejection::JsonSyntaxError(_) => malformed("The body is not JSON."),
        JsonRejection::MissingJsonContentType(_) => wrong_type("application/json"),
        JsonRejection::BytesRejection(error) => unreadable(error.status()),
        _ => malformed("The body cannot be read."),
    }
}

fn form_problem(rejection: &FormRejection) -> Problem {
    match rejection {
        FormRejection::FailedToDeserializeForm(_) | FormRejection::FailedToDeserializeFormBody(_) => invalid(),
        FormRejection::InvalidFormContentType(_) => wrong_type("application/x-www-form-urlencoded"),
        FormRejection::BytesRejection(error) => unreadable(error.status()),
        _ => malformed("The body cannot be read."),
    }
}

fn invalid() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A field is missing or of the wrong type.")
}

fn malformed(title: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid", title)
}

fn wrong_type(wanted: &'static str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "invalid", format!("The body must be {wanted}."))
}

fn unreadable(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(status, "invalid", "The body is too large.")
    } else {
        malformed("The body cannot be read.")
    }
}

/// The path of the wrong field, out of axum's error chain.
fn field_at_fault(error: &axum::extract::rejection::JsonDataError) -> Option<String> {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(error) = inner.downcast_ref::<serde_path_to_error::Error<serde_json::Error>>() {
            let path = error.path().to_string();
            // A missing field is reported at its parent; only the message has the name.
            let message = error.inner().to_string();
            let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
            let field = match (path.as_str(), missing) {
                (".", Some(name)) => name.to_owned(),
                (parent, Some(name)) => format!("{parent}.{name}"),
                (".", None) => return None,
                (field, None) => field.to_owned(),
            };
            return Some(field.chars().take(100).collect());
        }
        source = inner.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::IntoResponse as _;
    use http_body_util::BodyExt as _;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Note {
        #[expect(dead_code, reason = "only parsed")]
        text: String,
        #[expect(dead_code, reason = "only parsed")]
        times: u8,
    }

    async fn refusal(content_type: &str, body: &'static str) -> serde_json::Value {
        let request = Request::post("/").header("content-type", content_type).body(Body::from(body)).unwrap();
        let Err(problem) = Json::<Note>::from_request(request, &()).await else { panic!("accepted") };
        let response = problem.into_response();
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap()
    }

    #[tokio::test]
    async fn a_wrong_or_missing_field_is_named_and_its_value_is_not_repeated() {
        let wrong = refusal("application/json", r#"{"text":"a","times":"4111111111111111"}"#).await;
        assert_eq!((&wrong["status"], &wrong["field"]), (&422.into(), &"times".into()));
        assert!(!wrong.to_string().contains("4111"));
        let missing = refusal("application/json", r#"{"text":"a"}"#).await;
        assert_eq!(missing["field"], "times");
        let unknown = refusal("application/json", r#"{"text":"a","times":1,"extra":2}"#).await;
        assert_eq!((&unknown["status"], &unknown["field"]), (&422.into(), &"extra".into()));
    }

    #[tokio::test]
    async fn broken_json_is_400_and_another_type_415() {
        assert_eq!(refusal("application/json", "{").await["status"], 400);
        assert_eq!(refusal("text/plain", "{}").await["status"], 415);
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_413() {
        let request = Request::post("/").header("content-type", "application/json");
        let request = request.body(Body::from(vec![b' '; 3_000_000])).unwrap();
        let Err(problem) = Json::<Note>::from_request(request, &()).await else { panic!("accepted") };
        assert_eq!(problem.into_response().status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}
