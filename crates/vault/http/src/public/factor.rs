//! The agent's second factors, set up in the vault's own frame (A5). Works as plain forms for a code app; a passkey needs the
//! page's script. The first factor is set up freely, another one only after a confirmation by one that is there.

use std::sync::Arc;

use aside_base::{Origin, Timestamp};
use aside_factor::{
    AssertionResponse, Challenge, RegistrationResponse, TotpSecret, User, creation_options, register, rows,
};
use aside_vault_domain::{NewFactor, Refusal, SealedCodeSecret};
use aside_vault_pages as pages;
use aside_vault_pages::{CodeApp, ConfirmTrouble, CouldNotLoad};
use aside_vault_store::{AddFactor, Error};
use aside_web::{Form, Json, Problem};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::browser::Browser;
use super::confirm::prove;
use super::proof::{Assertion, Owner, Registration, party, typed};
use super::reply;
use super::viewer::call_problem;
use crate::Vault;
use crate::asked::Reason;
use crate::site_keys::failed;

const PAGE: &str = "/factor";
const CONFIRM: &str = "/factor/confirm";
/// What our record calls a passkey; its owner's browser has a name of its own for it.
const NAME: &str = "passkey";

/// `GET /factor`: the agent's factors, and how to add one.
#[utoipa::path(get, path = "/factor", tag = "pages",
    responses((status = 200, description = "The page."),
        (status = 403, description = "No session here.")))]
pub(crate) async fn page(State(vault): State<Arc<Vault>>, browser: Browser, RawQuery(query): RawQuery) -> Response {
    let owner = match Owner::of(&vault, &browser).await {
        Ok(owner) => owner,
        Err(error) => return no_page(&vault, &browser, error),
    };
    let passkeys: Vec<Timestamp> = owner.factors.passkeys.iter().map(|passkey| passkey.since).collect();
    let factors = pages::Factors {
        code: owner.factors.code.as_ref().map(|code| code.since),
        passkeys: &passkeys,
        open: owner.may_add(browser.now),
        fresh: query.as_deref() == Some("fresh"),
    };
    let desks = vault.desks.desk_origins();
    framed(StatusCode::OK, vault.pages.factors(&browser.language, &desks, factors), &desks)
}

/// `POST /factor/totp`: a fresh secret for a code app, to be scanned or typed.
#[utoipa::path(post, path = "/factor/totp", tag = "pages",
    responses((status = 200, description = "The secret, and a field for the app's first code."),
        (status = 303, description = "To `/factor/confirm`: a factor that is there must confirm first."),
        (status = 403, description = "No session here, or not our own page.")))]
pub(crate) async fn start_code_app(State(vault): State<Arc<Vault>>, browser: Browser) -> Response {
    let owner = match Owner::of(&vault, &browser).await {
        Ok(owner) => owner,
        Err(error) => return no_page(&vault, &browser, error),
    };
    if !owner.may_add(browser.now) {
        return reply::see_other(CONFIRM);
    }
    vault.asked.code_app(owner.viewer, TotpSecret::generate(vault.rng.as_ref()), browser.now);
    code_app_page(&vault, &browser, &owner, false).await
}

/// The code that an app shows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypedCode {
    /// Six digits.
    code: String,
}

/// `POST /factor/totp/confirm`: the app's first code shows that it works, and sets it up.
#[utoipa::path(post, path = "/factor/totp/confirm", tag = "pages",
    request_body(content = TypedCode, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303, description = "To `/factor`: it is set up; or it took too long and starts again."),
        (status = 403, description = "The code did not match; or no session here, or not our own page.")))]
pub(crate) async fn finish_code_app(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    form: Result<Form<TypedCode>, Problem>,
) -> Response {
    let owner = match Owner::of(&vault, &browser).await {
        Ok(owner) => owner,
        Err(error) => return no_page(&vault, &browser, error),
    };
    let Ok(code) = form.map_err(|_| Refusal::Invalid("code").into()).and_then(|Form(shown)| typed(shown.code)) else {
        return code_app_page(&vault, &browser, &owner, true).await;
    };
    let now = browser.now;
    let checked = vault.asked.with_code_app(owner.viewer, now, |secret| {
        let step = secret.verify(&code, now, None);
        step.map(|step| (step, zeroize::Zeroizing::new(secret.as_bytes().to_vec())))
    });
    let (step, secret) = match checked {
        Some(Some(right)) => right,
        Some(None) => {
            vault.tally.count("factor", "wrong_code", browser.address, now);
            return code_app_page(&vault, &browser, &owner, true).await;
        }
        None => return reply::see_other(PAGE),
    };
    let added = async {
        let site = &owner.session.site;
        let key = vault.keys.newest(vault.store.as_ref(), site, vault.rng.as_ref()).await?;
        let sealed = key.seal_code_secret(owner.agent, &secret, vault.rng.as_ref()).map_err(|error| failed(&error))?;
        let secret = SealedCodeSecret { version: key.version(), sealed };
        add(&vault, &browser, &owner, NewFactor::Code { secret, step }).await
    };
    match added.await {
        Ok(()) => {
            vault.asked.forget_code_app(owner.viewer);
            reply::see_other("/factor?fresh")
        }
        Err(Error::Refused(Refusal::Confirm)) => reply::see_other(CONFIRM),
        Err(error) => no_page(&vault, &browser, error),
    }
}

/// The secret that this browser is setting up, as a page; back to the start when there is none any more.
async fn code_app_page(vault: &Vault, browser: &Browser, owner: &Owner, wrong: bool) -> Response {
    let brand = match vault.profile(&owner.session.site).await {
        Ok(Some(profile)) => profile.brand.clone(),
        Ok(None) => return no_page(vault, browser, Refusal::NotValid.into()),
        Err(error) => return no_page(vault, browser, error),
    };
    let issuer = vault.pages.issuer(&browser.language, &brand);
    let drawn = vault.asked.with_code_app(owner.viewer, browser.now, |secret| {
        let uri = secret.uri(&issuer, &owner.session.agent_name).map_err(|error| Error::Failed(error.to_string()))?;
        let square = rows(&uri).map_err(|error| Error::Failed(error.to_string()))?;
        Ok((secret.to_text(), square))
    });
    let desks = vault.desks.desk_origins();
    match drawn {
        None => reply::see_other(PAGE),
        Some(Err(error)) => no_page(vault, browser, error),
        Some(Ok((secret, square))) => {
            let app = CodeApp { secret: &secret, square: &square, wrong };
            let status = if wrong { StatusCode::FORBIDDEN } else { StatusCode::OK };
            let page = vault.pages.code_app(&browser.language, &desks, &app);
            reply::last_on_connection(framed(status, page, &desks))
        }
    }
}

/// `POST /factor/passkey/options`: asks the browser for a new passkey.
#[utoipa::path(post, path = "/factor/passkey/options", tag = "calls", request_body = Nothing,
    responses((status = 200, description = "For `PublicKeyCredential.parseCreationOptionsFromJSON`.", body = Object),
        (status = 403, description = "`no_right`, or `confirm`: a factor that is there must confirm first."),
        (status = 404, description = "`not_valid`."), (status = 423, description = "`locked`: the session is.")))]
pub(crate) async fn passkey_options(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(Nothing {}): Json<Nothing>,
) -> Result<axum::Json<Value>, Problem> {
    let asked = async {
        let owner = Owner::of(&vault, &browser).await?;
        if !owner.may_add(browser.now) {
            return Err(Refusal::Confirm.into());
        }
        let profile = vault.profile(&owner.session.site).await?.ok_or(Refusal::NotValid)?;
        let desk = owner.desk(&vault)?;
        let challenge = Challenge::generate(vault.rng.as_ref());
        let name = owner.session.agent_name.as_str();
        let user = User { handle: owner.handle(), name, display_name: name };
        let issuer = vault.pages.issuer(&browser.language, &profile.brand);
        let options = creation_options(party(&vault, &desk), &issuer, user, &challenge, &owner.passkeys(None));
        vault.asked.challenge(owner.viewer, Reason::Create, challenge, browser.now);
        Ok(options)
    };
    asked.await.map(axum::Json).map_err(|error| call_problem(&vault, &browser, "factor", error))
}

/// A call that needs no more than to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// A new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    /// `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Registration)]
    credential: RegistrationResponse,
}

/// `POST /factor/passkey`: keeps the passkey that the browser made.
#[utoipa::path(post, path = "/factor/passkey", tag = "calls", request_body = NewPasskey,
    responses((status = 204, description = "It is set up."),
        (status = 403, description = "`no_right`, or `confirm`: a factor that is there must confirm first."),
        (status = 404, description = "`not_valid`: nothing was asked, or its answer is not believed."),
        (status = 423, description = "`locked`.")))]
pub(crate) async fn add_passkey(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(made): Json<NewPasskey>,
) -> Result<StatusCode, Problem> {
    let added = async {
        let owner = Owner::of(&vault, &browser).await?;
        let challenge = vault.asked.take_challenge(owner.viewer, Reason::Create, browser.now);
        let challenge = challenge.ok_or(Refusal::NotValid)?;
        let desk = owner.desk(&vault)?;
        let passkey = register(party(&vault, &desk), &challenge, &made.credential).map_err(|error| {
            tracing::info!(reason = error.as_str(), "a new passkey was not believed");
            Refusal::NotValid
        })?;
        let factor = NewFactor::Passkey {
            id: passkey.id.as_bytes().to_vec(),
            public_key: passkey.public_key,
            counter: passkey.counter,
            backup_eligible: passkey.backup_eligible,
            name: NAME.to_owned(),
        };
        add(&vault, &browser, &owner, factor).await
    };
    match added.await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(call_problem(&vault, &browser, "factor", error)),
    }
}

/// `GET /factor/confirm`: asks for a factor that is there, before another one is set up.
#[utoipa::path(get, path = "/factor/confirm", tag = "pages",
    responses((status = 200, description = "The page."),
        (status = 303, description = "To `/factor`: nothing needs to be confirmed."),
        (status = 403, description = "No session here.")))]
pub(crate) async fn confirm_page(State(vault): State<Arc<Vault>>, browser: Browser) -> Response {
    match Owner::of(&vault, &browser).await {
        Ok(owner) if owner.may_add(browser.now) => reply::see_other(PAGE),
        Ok(owner) => confirm_again(&vault, &browser, &owner, StatusCode::OK, None),
        Err(error) => no_page(&vault, &browser, error),
    }
}

/// `POST /factor/confirm`: confirms with a code.
#[utoipa::path(post, path = "/factor/confirm", tag = "pages",
    request_body(content = TypedCode, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303, description = "To `/factor`: it is confirmed."),
        (status = 403, description = "The code did not match; or no session here, or not our own page."),
        (status = 422, description = "Nothing that looks like a code: no try is lost."),
        (status = 423, description = "Too many codes did not match.")))]
pub(crate) async fn confirm_code(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    form: Result<Form<TypedCode>, Problem>,
) -> Response {
    let owner = match Owner::of(&vault, &browser).await {
        Ok(owner) => owner,
        Err(error) => return no_page(&vault, &browser, error),
    };
    let confirmed = async {
        let Form(shown) = form.map_err(|_| Refusal::Invalid("code"))?;
        let proof = owner.code(&vault, &typed(shown.code)?, browser.now).await?;
        prove(&vault, &browser, &owner, None, proof).await
    };
    let error = match confirmed.await {
        Ok(_) => return reply::see_other(PAGE),
        Err(error) => error,
    };
    if let Error::Refused(refusal) = &error {
        vault.tally.count("factor", refusal.as_str(), browser.address, browser.now);
    }
    match error {
        Error::Refused(Refusal::WrongCode { left }) => {
            confirm_again(&vault, &browser, &owner, StatusCode::FORBIDDEN, Some(ConfirmTrouble::Wrong { left }))
        }
        Error::Refused(Refusal::FactorLocked { until }) => {
            let locked = ConfirmTrouble::Locked { seconds: browser.now.seconds_until(until) };
            confirm_again(&vault, &browser, &owner, StatusCode::LOCKED, Some(locked))
        }
        // Nothing that looks like a code: no try is lost.
        Error::Refused(Refusal::Invalid(_)) => {
            confirm_again(&vault, &browser, &owner, StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        Error::Refused(Refusal::NoFactor) => reply::see_other(PAGE),
        error => no_page(&vault, &browser, error),
    }
}

/// `POST /factor/confirm/options`: asks for a passkey that is there.
#[utoipa::path(post, path = "/factor/confirm/options", tag = "calls", request_body = Nothing,
    responses((status = 200, description = "For `PublicKeyCredential.parseRequestOptionsFromJSON`.", body = Object),
        (status = 403, description = "`no_right`, or `no_factor`: there is no passkey."),
        (status = 404, description = "`not_valid`."), (status = 423, description = "`locked`: the session is.")))]
pub(crate) async fn confirm_options(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(Nothing {}): Json<Nothing>,
) -> Result<axum::Json<Value>, Problem> {
    let asked = async { Owner::of(&vault, &browser).await?.ask(&vault, Reason::Add, None, browser.now) };
    asked.await.map(axum::Json).map_err(|error| call_problem(&vault, &browser, "factor", error))
}

/// A passkey's answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShownPasskey {
    /// `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Assertion)]
    credential: AssertionResponse,
}

/// `POST /factor/confirm/passkey`: confirms with a passkey.
#[utoipa::path(post, path = "/factor/confirm/passkey", tag = "calls", request_body = ShownPasskey,
    responses((status = 204, description = "It is confirmed."),
        (status = 403, description = "`no_right` or `no_factor`."),
        (status = 404, description = "`not_valid`: nothing was asked, or its answer is not believed."),
        (status = 423, description = "`locked`.")))]
pub(crate) async fn confirm_passkey(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Json(shown): Json<ShownPasskey>,
) -> Result<StatusCode, Problem> {
    let confirmed = async {
        let owner = Owner::of(&vault, &browser).await?;
        let proof = owner.passkey(&vault, Reason::Add, &shown.credential, browser.now)?;
        prove(&vault, &browser, &owner, None, proof).await
    };
    match confirmed.await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(call_problem(&vault, &browser, "factor", error)),
    }
}

async fn add(vault: &Vault, browser: &Browser, owner: &Owner, factor: NewFactor) -> Result<(), Error> {
    let add = AddFactor { viewer: owner.viewer, lease: owner.lease, factor };
    vault.store.add_factor(browser.views(), add).await
}

fn confirm_again(
    vault: &Vault,
    browser: &Browser,
    owner: &Owner,
    status: StatusCode,
    trouble: Option<ConfirmTrouble>,
) -> Response {
    let (code, passkey) = (owner.factors.code.is_some(), !owner.factors.passkeys.is_empty());
    let desks = vault.desks.desk_origins();
    let page = vault.pages.confirm(&browser.language, &desks, pages::Confirm { code, passkey, trouble });
    framed(status, page, &desks)
}

/// One page for every reason: what is missing, only the audit row knows.
fn no_page(vault: &Vault, browser: &Browser, error: Error) -> Response {
    let (status, why) = match error {
        Error::Refused(Refusal::Sealed) => (StatusCode::SERVICE_UNAVAILABLE, CouldNotLoad::FactorUnavailable),
        Error::Refused(refusal) => {
            vault.tally.count("factor", refusal.as_str(), browser.address, browser.now);
            (StatusCode::FORBIDDEN, CouldNotLoad::SignedOut)
        }
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, CouldNotLoad::FactorUnavailable),
        Error::Failed(private) => {
            vault.log_failure(&private);
            (StatusCode::INTERNAL_SERVER_ERROR, CouldNotLoad::FactorUnavailable)
        }
    };
    let desks = vault.desks.desk_origins();
    framed(status, vault.pages.could_not_load(&browser.language, &desks, why), &desks)
}

fn framed(status: StatusCode, page: pages::Page, desks: &[&Origin]) -> Response {
    reply::keep_opener(reply::page(status, page, desks)).into_response()
}
