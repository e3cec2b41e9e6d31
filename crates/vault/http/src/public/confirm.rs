//! The step-up inside a view: a second factor confirms before an answer is revealed (A5). Verified here, with what the vault
//! keeps: nothing the desk says can stand in for it.

use std::sync::Arc;

use aside_base::Timestamp;
use aside_factor::AssertionResponse;
use aside_vault_domain::{Proof, Refusal, ViewId};
use aside_vault_store::{Confirm, Error};
use aside_web::{Json, Problem};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::browser::Browser;
use super::proof::{Assertion, Owner, typed};
use super::view::on_screen;
use super::viewer::call_problem;
use crate::Vault;
use crate::asked::Reason;

/// The view that something is to be revealed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmOptions {
    /// The view, as its page names it.
    view: String,
}

/// `POST /view/confirm/options`: asks for a passkey that may confirm in this view.
#[utoipa::path(post, path = "/view/confirm/options", tag = "calls", request_body = ConfirmOptions,
    responses((status = 200, description = "For `PublicKeyCredential.parseRequestOptionsFromJSON`.", body = Object),
        (status = 403, description = "`no_right`, or `no_factor`: no passkey was set up before the form was sent."),
        (status = 404, description = "`not_valid`."), (status = 423, description = "`locked`: the session is.")))]
pub(crate) async fn options(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(wanted): Json<ConfirmOptions>,
) -> Result<axum::Json<Value>, Problem> {
    let asked = async {
        let (owner, view, latest) = in_view(&vault, &browser, &wanted.view).await?;
        owner.ask(&vault, Reason::Reveal(view), Some(latest), browser.now)
    };
    asked.await.map(axum::Json).map_err(|error| call_problem(&vault, &browser, "confirm", error))
}

/// A second factor, shown in a view: a code or a passkey's answer, not both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmReveal {
    /// The view, as its page names it.
    view: String,
    /// Six digits of the code app.
    #[serde(default)]
    #[schema(nullable = false)]
    code: Option<String>,
    /// `PublicKeyCredential.toJSON()`.
    #[serde(default)]
    #[schema(value_type = Assertion, nullable = false)]
    credential: Option<AssertionResponse>,
}

/// The session is confirmed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Confirmed {
    /// For so long nothing is asked again.
    seconds: u64,
}

/// `POST /view/confirm`: confirms with a code or a passkey.
#[utoipa::path(post, path = "/view/confirm", tag = "calls", request_body = ConfirmReveal,
    responses((status = 200, body = Confirmed),
        (status = 403, description = "`wrong_code` with the tries `left`, `no_right` or `no_factor`."),
        (status = 404, description = "`not_valid`: no such view, or the passkey's answer is not believed."),
        (status = 423, description = "`locked`: too many wrong codes; for so many `seconds`. Or the session is locked.")))]
pub(crate) async fn confirm(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(shown): Json<ConfirmReveal>,
) -> Result<axum::Json<Confirmed>, Problem> {
    let confirmed = async {
        let (owner, view, _) = in_view(&vault, &browser, &shown.view).await?;
        let proof = match (shown.code, shown.credential) {
            (Some(code), None) => owner.code(&vault, &typed(code)?, browser.now).await?,
            (None, Some(credential)) => owner.passkey(&vault, Reason::Reveal(view), &credential, browser.now)?,
            _ => return Err(Refusal::Invalid("code").into()),
        };
        prove(&vault, &browser, &owner, Some(view), proof).await
    };
    match confirmed.await {
        Ok(until) => Ok(axum::Json(Confirmed { seconds: browser.now.seconds_until(until) })),
        Err(error) => Err(call_problem(&vault, &browser, "confirm", error)),
    }
}

/// What the records make of a proof; answers until when it counts.
pub(super) async fn prove(
    vault: &Vault,
    browser: &Browser,
    owner: &Owner,
    view: Option<ViewId>,
    proof: Proof,
) -> Result<Timestamp, Error> {
    let confirm = Confirm { viewer: owner.viewer, lease: owner.lease, view, proof };
    vault.store.confirm(browser.views(), confirm).await
}

/// The agent in front of an open view, and when a factor must have been set up at the latest to confirm in it.
async fn in_view(vault: &Vault, browser: &Browser, view: &str) -> Result<(Owner, ViewId, Timestamp), Error> {
    let (view, viewer, ..) = on_screen(vault, browser, view)?;
    let closed = Refusal::NoRight(aside_vault_domain::NoRight::ViewClosed);
    let latest = vault.screens.latest_factor(view, viewer).ok_or(closed)?;
    Ok((Owner::of(vault, browser).await?, view, latest))
}
