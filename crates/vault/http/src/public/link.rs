//! Pages before a form is open: the chat's hidden first page, the page behind a link, and asking for a new link. Showing
//! them changes nothing, however often a preview or a scanner does (S14).

use std::sync::Arc;

use aside_base::OneTimeKey;
use aside_vault_domain::Refusal;
use aside_vault_pages::Landing;
use aside_vault_store::Error;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use super::browser::Browser;
use super::form::ShownKey;
use super::refusal::Refused;
use super::segment::Segment;
use super::{cookie, reply};
use crate::{Vault, body};

/// `GET /begin`: learns whether cookies stick in this frame, and tells the chat that the vault is there.
#[utoipa::path(get, path = "/begin", tag = "pages",
    responses((status = 200, description = "Says that it is ready, and tries a cookie.")))]
pub(super) async fn begin(State(vault): State<Arc<Vault>>) -> Response {
    let chats = vault.desks.chat_origins();
    let ancestors = vault.all_ancestors().await;
    let page = vault.pages.begin(&chats);
    let mut response = reply::page(StatusCode::OK, page, &ancestors.iter().collect::<Vec<_>>());
    cookie::store(&mut response, cookie::PROBE, "1");
    response
}

/// `GET /o/{key}`: one page, one button.
#[utoipa::path(get, path = "/o/{key}", tag = "pages", params(("key" = String, Path, description = "The `open` key of a link.")),
    responses((status = 200, description = "What the link opens, and a button."),
        (status = 404, description = "Not valid."),
        (status = 409, description = "Another device has the form."),
        (status = 410, description = "Used, expired, answered or taken back.")))]
pub(super) async fn landing(State(vault): State<Arc<Vault>>, browser: Browser, Segment(text): Segment) -> Response {
    let response = match linked_key(&text) {
        Some(key) => land(&vault, &browser, &key).await,
        None => Refused::unknown("link").page(&vault, &browser, Refusal::NotValid.into()).await,
    };
    reply::hide_address(response)
}

/// The key in a link. Messengers add the full stop or bracket that follows a link to it (edge case 7).
fn linked_key(text: &str) -> Option<OneTimeKey> {
    text.trim_end_matches(['.', ')', ',', ';', '!', '?', '>', ']', '"', '\'']).parse().ok()
}

async fn land(vault: &Vault, browser: &Browser, key: &OneTimeKey) -> Response {
    let refused = Refused::unknown("link");
    let found = match vault.store.find_open_key(key.hash()).await {
        Ok(found) => found,
        Err(error) => return refused.page(vault, browser, error).await,
    };
    // Asked of a copy: what opening would say, without opening.
    let would_open = found.invitation.clone().open(&found.otk, browser.device, None, browser.now);
    let setting = match vault.setting(found.invitation).await {
        Ok(setting) => setting,
        Err(error) => return refused.page(vault, browser, error).await,
    };
    if let Err(refusal) = would_open {
        let refused = Refused { act: "link", setting: Some(&setting), ask: Some(key) };
        return refused.page(vault, browser, refusal.into()).await;
    }
    let landing = Landing {
        key: &key.to_text(),
        description: setting.definition.definition().description.as_deref(),
        host: vault.origin.authority(),
        opens_for_seconds: browser.now.seconds_until(found.otk.expires_at),
        submit_limit_seconds: setting.invitation.clocks.submit_limit,
    };
    let page = vault.pages.landing(&setting.occasion(browser.framed), &landing);
    let mut response = reply::page(StatusCode::OK, page, &setting.ancestors());
    cookie::store(&mut response, cookie::PROBE, "1");
    response
}

/// `POST /ask`: the visitor's link is used up or late; the agent is told (S14).
#[utoipa::path(post, path = "/ask", tag = "pages",
    request_body(content = ShownKey, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The agent was asked for a new link."),
        (status = 404, description = "Not valid."), (status = 409, description = "Another device has the form."),
        (status = 410, description = "Answered, taken back or over.")))]
pub(super) async fn ask(State(vault): State<Arc<Vault>>, browser: Browser, headers: HeaderMap, body: Body) -> Response {
    let refused = Refused::unknown("ask");
    let key = match body::read(&headers, body).await.and_then(|raw| raw.key()) {
        Ok(Some(key)) => key,
        Ok(None) => return refused.page(&vault, &browser, Refusal::NotValid.into()).await,
        Err(error) => return refused.body(&vault, &browser, error).await,
    };
    match asked(&vault, &browser, &key).await {
        Ok(response) => response,
        Err(error) => refused.page(&vault, &browser, error).await,
    }
}

async fn asked(vault: &Vault, browser: &Browser, key: &OneTimeKey) -> Result<Response, Error> {
    let found = vault.store.find_open_key(key.hash()).await?;
    let setting = vault.setting(found.invitation).await?;
    if let Err(error) = vault.store.ask(browser.visits(), key.hash()).await {
        return Ok(Refused { act: "ask", setting: Some(&setting), ask: None }.page(vault, browser, error).await);
    }
    let page = vault.pages.asked(&setting.occasion(browser.framed));
    Ok(reply::page(StatusCode::OK, page, &setting.ancestors()))
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn punctuation_that_a_messenger_glued_to_the_link_is_forgiven() {
        let key = OneTimeKey::generate(&SeededRng::new(1));
        let text = key.to_text();
        for glued in ["", ".", ")", ").", ",", "\""] {
            assert_eq!(linked_key(&format!("{text}{glued}")), Some(key.clone()), "{glued}");
        }
        assert_eq!(linked_key(&format!("{text}x")), None);
        assert_eq!(linked_key(&text[1..]), None);
    }
}
