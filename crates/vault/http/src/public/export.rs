//! Taking along what is stored of a visitor (V8), in the agent's frame: says what, asks for a second factor, hands out one file.

use std::sync::Arc;

use aside_base::{KeyHash, OneTimeKey};
use aside_vault_domain::{Lease, NoRight, Refusal};
use aside_vault_pages as pages;
use aside_vault_pages::{ConfirmTrouble, CouldNotLoad};
use aside_vault_store::{Error, OpenExport};
use aside_web::{Form, Problem};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_DISPOSITION;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::browser::Browser;
use super::confirm::prove;
use super::proof::{Owner, typed};
use super::reply;
use crate::Vault;
use crate::api::{StoredForms, stored_forms};

const PAGE: &str = "/export";

/// The body of [`open`].
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]
    otk: OneTimeKey,
}

/// The code that an app shows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportCode {
    /// Six digits.
    code: String,
}

/// The browser that is enrolled for a session, with the session's lease.
async fn viewer(vault: &Vault, browser: &Browser) -> Result<(KeyHash, Lease), Error> {
    let nobody = Refusal::NoRight(NoRight::OtherBrowser);
    let viewer = browser.viewer.ok_or(nobody)?;
    let session = vault.store.session_of_viewer(viewer).await?.ok_or(nobody)?;
    Ok((viewer, vault.leases.of(&session.site, session.id, browser.now)))
}

/// `POST /export`: consumes the `export` key together with the viewer cookie.
#[utoipa::path(post, path = "/export", tag = "pages",
    request_body(content = Wanted, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303, description = "To `/export`: it is open in this browser for ten minutes."),
        (status = 403, description = "No right, or not our own page."), (status = 404, description = "Not valid."),
        (status = 410, description = "The key was used or is late.")))]
pub(super) async fn open(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    form: Result<Form<Wanted>, Problem>,
) -> Response {
    let opened = async {
        let Form(wanted) = form.map_err(|_| Refusal::NotValid)?;
        let (viewer, lease) = viewer(&vault, &browser).await?;
        vault.store.open_export(browser.views(), wanted.otk.hash(), viewer, lease).await
    };
    match opened.await {
        Ok(_) => reply::see_other(PAGE),
        Err(error) => could_not_load(&vault, &browser, error),
    }
}

/// `GET /export`: what is to be exported; a second factor first, where none has confirmed just now.
#[utoipa::path(get, path = "/export", tag = "pages",
    responses((status = 200, description = "The page."), (status = 403, description = "No right."),
        (status = 404, description = "Nothing is open in this browser."), (status = 410, description = "Its time is over.")))]
pub(super) async fn page(State(vault): State<Arc<Vault>>, browser: Browser) -> Response {
    match found(&vault, &browser).await {
        Ok(export) => shown(&vault, &browser, &export, StatusCode::OK, None),
        Err(error) => could_not_load(&vault, &browser, error),
    }
}

async fn found(vault: &Vault, browser: &Browser) -> Result<OpenExport, Error> {
    let (viewer, lease) = viewer(vault, browser).await?;
    vault.store.find_export(viewer, lease, browser.now).await
}

fn shown(
    vault: &Vault,
    browser: &Browser,
    export: &OpenExport,
    status: StatusCode,
    trouble: Option<ConfirmTrouble>,
) -> Response {
    let desks = vault.desks.desk_origins();
    let confirmed = export.session.check_confirmed(export.latest_factor, browser.now).is_ok();
    let page = if confirmed && trouble.is_none() {
        let export = pages::Export {
            forms: export.forms,
            conversations: export.conversations.len(),
            reference: export.reference.as_deref(),
            card_numbers: export.session.rights.card_numbers,
        };
        vault.pages.export(&browser.language, &desks, &export)
    } else if !export.usable.code && !export.usable.passkeys {
        vault.pages.could_not_load(&browser.language, &desks, CouldNotLoad::FactorTooNew)
    } else {
        let (code, passkey) = (export.usable.code, export.usable.passkeys);
        vault.pages.confirm_export(&browser.language, &desks, pages::Confirm { code, passkey, trouble })
    };
    reply::keep_opener(reply::page(status, page, &desks))
}

/// `POST /export/confirm`: confirms with a code.
#[utoipa::path(post, path = "/export/confirm", tag = "pages",
    request_body(content = ExportCode, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303, description = "To `/export`: it is confirmed."),
        (status = 403, description = "The code did not match; or no right, or not our own page."),
        (status = 404, description = "Nothing is open in this browser."), (status = 410, description = "Its time is over."),
        (status = 422, description = "Nothing that looks like a code: no try is lost."),
        (status = 423, description = "Too many codes did not match.")))]
pub(super) async fn confirm(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    form: Result<Form<ExportCode>, Problem>,
) -> Response {
    let export = match found(&vault, &browser).await {
        Ok(export) => export,
        Err(error) => return could_not_load(&vault, &browser, error),
    };
    let confirmed = async {
        let Form(shown) = form.map_err(|_| Refusal::Invalid("code"))?;
        let owner = Owner::of(&vault, &browser).await?;
        let proof = owner.code(&vault, &typed(shown.code)?, browser.now).await?;
        prove(&vault, &browser, &owner, None, proof).await
    };
    let error = match confirmed.await {
        Ok(_) => return reply::see_other(PAGE),
        Err(error) => error,
    };
    match error {
        Error::Refused(Refusal::WrongCode { left }) => {
            shown(&vault, &browser, &export, StatusCode::FORBIDDEN, Some(ConfirmTrouble::Wrong { left }))
        }
        Error::Refused(Refusal::FactorLocked { until }) => {
            let locked = ConfirmTrouble::Locked { seconds: browser.now.seconds_until(until) };
            shown(&vault, &browser, &export, StatusCode::LOCKED, Some(locked))
        }
        Error::Refused(Refusal::Invalid(_)) => shown(&vault, &browser, &export, StatusCode::UNPROCESSABLE_ENTITY, None),
        error => could_not_load(&vault, &browser, error),
    }
}

/// `POST /export/file`: the file. Each conversation in it is in the audit log before.
#[utoipa::path(post, path = "/export/file", tag = "pages",
    responses((status = 200, description = "The file.", body = StoredForms, content_type = "application/json"),
        (status = 303, description = "To `/export`: a second factor must confirm first."),
        (status = 403, description = "No right, or not our own page."),
        (status = 404, description = "Nothing is open in this browser."), (status = 410, description = "Its time is over.")))]
pub(super) async fn file(State(vault): State<Arc<Vault>>, browser: Browser) -> Response {
    let exported = async {
        let (viewer, lease) = viewer(&vault, &browser).await?;
        let (export, forms) = vault.store.export(browser.views(), viewer, lease).await?;
        let forms = stored_forms(&vault, forms, export.session.rights.card_numbers).await?;
        Ok::<_, Error>(StoredForms {
            exported_at: browser.now,
            site: export.session.site.to_string(),
            conversations: export.conversations,
            reference: export.reference,
            forms,
        })
    };
    match exported.await {
        Ok(stored) => {
            let mut response = axum::Json(stored).into_response();
            let attachment = HeaderValue::from_static("attachment; filename=\"vault-export.json\"");
            response.headers_mut().insert(CONTENT_DISPOSITION, attachment);
            reply::last_on_connection(response)
        }
        Err(Error::Refused(Refusal::Confirm | Refusal::FactorTooNew)) => reply::see_other(PAGE),
        Err(error) => could_not_load(&vault, &browser, error),
    }
}

/// One clear sentence, and no reason: the audit row knows it.
fn could_not_load(vault: &Vault, browser: &Browser, error: Error) -> Response {
    let (status, why) = match error {
        Error::Refused(Refusal::Sealed) => (StatusCode::SERVICE_UNAVAILABLE, CouldNotLoad::Sealed),
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, CouldNotLoad::Unavailable),
        Error::Refused(refusal) => {
            vault.tally.count("export", refusal.as_str(), browser.address, browser.now);
            let status = match refusal {
                Refusal::NotValid => StatusCode::NOT_FOUND,
                Refusal::Used | Refusal::Replaced | Refusal::Expired(_) => StatusCode::GONE,
                _ => StatusCode::FORBIDDEN,
            };
            (status, CouldNotLoad::NoExport)
        }
        Error::Failed(private) => {
            vault.log_failure(&private);
            (StatusCode::INTERNAL_SERVER_ERROR, CouldNotLoad::Unavailable)
        }
    };
    let desks = vault.desks.desk_origins();
    reply::keep_opener(reply::page(status, vault.pages.could_not_load(&browser.language, &desks, why), &desks))
}
