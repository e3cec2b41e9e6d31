//! `POST /open` (step 2): the click that consumes the `open` key and binds the form to this device.

use std::sync::Arc;

use aside_base::OneTimeKey;
use aside_vault_domain::{Opened, Refusal};
use aside_vault_store::{Error, KeyFound, Open, OpenOutcome};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use super::browser::Browser;
use super::form::ShownKey;
use super::refusal::Refused;
use super::{cookie, form, reply};
use crate::setting::Setting;
use crate::{Vault, body};

#[utoipa::path(post, path = "/open", tag = "pages",
    request_body(content = ShownKey, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The form, where cookies do not stick."), (status = 303, description = "To the form."),
        (status = 404, description = "Not valid."), (status = 409, description = "Another device has the form."),
        (status = 410, description = "Used, answered, expired or taken back.")))]
pub(super) async fn open(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let refused = Refused::unknown("open");
    let key = match body::read(&headers, body).await.and_then(|raw| raw.key()) {
        Ok(Some(key)) => key,
        Ok(None) => return refused.page(&vault, &browser, Refusal::NotValid.into()).await,
        Err(error) => return refused.body(&vault, &browser, error).await,
    };
    let looked = async {
        let found = vault.store.find_open_key(key.hash()).await?;
        let setting = vault.setting(found.invitation.clone()).await?;
        Ok((found, setting))
    };
    let (found, setting) = match looked.await {
        Ok(looked) => looked,
        Err(error) => return refused.page(&vault, &browser, error).await,
    };
    // What is free is kept for authenticated acts (A8): the link works again when there is more.
    let allowed = if vault.watch.is_low() { Err(Error::Busy) } else { Ok(()) };
    let response = match allowed {
        Ok(()) => opened(&vault, &browser, &key, &found, &setting).await,
        Err(error) => Err(error),
    };
    match response {
        Ok(response) => response,
        Err(error) => {
            Refused { act: "open", setting: Some(&setting), ask: Some(&key) }.page(&vault, &browser, error).await
        }
    }
}

async fn opened(
    vault: &Vault,
    browser: &Browser,
    key: &OneTimeKey,
    found: &KeyFound,
    setting: &Setting,
) -> Result<Response, Error> {
    // One key a browser, so that one cookie binds all its forms.
    let device = browser
        .keeps_cookies
        .then(|| browser.device_key.clone().unwrap_or_else(|| OneTimeKey::generate(vault.rng.as_ref())));
    let submit = OneTimeKey::generate(vault.rng.as_ref());
    let command = Open {
        key: key.hash(),
        device: device.as_ref().map(OneTimeKey::hash),
        // Where the device cookie binds, the form's own GET makes the `submit` key.
        submit: device.is_none().then(|| submit.hash()),
    };
    // Room for what may never be written, before the visitor types (V3); only for a key that would open.
    let mut tried = found.invitation.clone();
    if tried.open(&found.otk, command.device, command.submit, browser.now)? == Opened::Now {
        vault.require_key(&tried.site).await?;
        form::reserve(vault, setting, tried.deadline, browser.now)?;
    }
    match vault.store.open(browser.visits(), command).await? {
        OpenOutcome::Before(invitation) => Ok(reply::see_other(&form::path(invitation.id))),
        OpenOutcome::Now { invitation, closed } => {
            for other in closed {
                vault.memory.release(other);
            }
            Ok(match device {
                Some(device) => {
                    let mut response = reply::see_other(&form::path(invitation.id));
                    cookie::store(&mut response, cookie::DEVICE, &device.to_text());
                    response
                }
                None => {
                    let setting = setting.with(invitation);
                    form::page(vault, browser, &setting, &submit, StatusCode::OK, &[], &[])
                }
            })
        }
    }
}
