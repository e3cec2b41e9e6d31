//! The agent's frame: its first page, and how this one browser becomes the viewer of a session.

use std::sync::Arc;

use aside_base::OneTimeKey;
use aside_vault_domain::{NoRight, Refusal};
use aside_vault_store::Error;
use aside_web::{Json, Problem};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::browser::Browser;
use super::{cookie, reply};
use crate::Vault;

/// `GET /viewer`: waits for the desk's word.
#[utoipa::path(get, path = "/viewer", tag = "pages",
    responses((status = 200, description = "Waits for the desk's word.")))]
pub(super) async fn shell(State(vault): State<Arc<Vault>>, browser: Browser) -> Response {
    let desks = vault.desks.desk_origins();
    let page = vault.pages.viewer(&browser.language, &desks);
    reply::keep_opener(reply::page(StatusCode::OK, page, &desks))
}

/// The body of [`enrol`].
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Enrol {
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]
    key: OneTimeKey,
}

/// `POST /viewer/enrol`: consumes the key; from now on only this browser can use the session's rights.
#[utoipa::path(post, path = "/viewer/enrol", tag = "calls", request_body = Enrol,
    responses((status = 204, description = "This browser is the session's viewer."),
        (status = 403, description = "`no_right`."), (status = 404, description = "`not_valid`."),
        (status = 410, description = "`used` or `expired`.")))]
pub(super) async fn enrol(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(enrol): Json<Enrol>,
) -> Result<Response, Problem> {
    // Never a key that the browser brought along: whoever planted it would know it.
    let viewer = OneTimeKey::generate(vault.rng.as_ref());
    match vault.store.enrol(browser.views(), enrol.key.hash(), viewer.hash()).await {
        Ok(_) => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            cookie::store(&mut response, cookie::VIEWER, &viewer.to_text());
            Ok(response)
        }
        Err(error) => Err(call_problem(&vault, &browser, "enrol", error)),
    }
}

/// A refusal as the viewer's script gets it: used, expired, not valid or no right; the audit row knows more.
pub(super) fn call_problem(vault: &Vault, browser: &Browser, act: &'static str, error: Error) -> Problem {
    let refusal = match error {
        Error::Refused(refusal) => refusal,
        Error::Busy => {
            return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much at once.").retry_after(1);
        }
        Error::Failed(private) => {
            vault.log_failure(&private);
            return Problem::failed();
        }
    };
    vault.tally.count(act, refusal.as_str(), browser.address, browser.now);
    let forbidden = |kind: &'static str, title: &'static str| Problem::new(StatusCode::FORBIDDEN, kind, title);
    match refusal {
        Refusal::Confirm => forbidden("confirm", "A second factor must confirm first."),
        Refusal::NoFactor => forbidden("no_factor", "There is no such second factor here."),
        Refusal::WrongCode { left } => forbidden("wrong_code", "The code did not match.").with("left", left),
        Refusal::FactorLocked { until } => {
            let seconds = browser.now.seconds_until(until);
            let locked = Problem::new(StatusCode::LOCKED, "locked", "Too many codes did not match.");
            locked.with("seconds", seconds).retry_after(seconds)
        }
        Refusal::Sealed => {
            let sealed =
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "sealed", "The vault's keys cannot be used now.");
            sealed.retry_after(10)
        }
        Refusal::Locked => Problem::new(StatusCode::LOCKED, "locked", "The session is locked."),
        // These two the agent may know: they are about the agent, not about the answers.
        Refusal::FactorTooNew | Refusal::NoRight(NoRight::CardNumbers) => {
            forbidden("no_right", "There is no right to see this.").code(refusal.as_str())
        }
        Refusal::NoRight(_) => forbidden("no_right", "There is no right to see this."),
        Refusal::Invalid(field) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A field is missing or wrong.").field(field)
        }
        Refusal::Used | Refusal::Replaced | Refusal::AlreadySubmitted => {
            Problem::new(StatusCode::GONE, "used", "This was used already.")
        }
        Refusal::Expired(_) => Problem::new(StatusCode::GONE, "expired", "The time for this has ended."),
        Refusal::Erased => Problem::new(StatusCode::GONE, "erased", "This was erased."),
        Refusal::NotValid
        | Refusal::Key(_)
        | Refusal::OtherDevice
        | Refusal::WrongState(_)
        | Refusal::ConversationClosed
        | Refusal::Full
        | Refusal::Stopped => Problem::new(StatusCode::NOT_FOUND, "not_valid", "There is no such thing here."),
    }
}
