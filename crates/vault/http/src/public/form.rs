//! The form in its device: loaded, sent, declined, closed.

use std::sync::Arc;

use aside_base::{InvitationId, KeyHash, OneTimeKey, SubmissionId, Timestamp};
use aside_form::AnswerFault;
use aside_vault_domain::{Left, Refusal};
use aside_vault_pages as pages;
use aside_vault_store::{Error, LoadOutcome};
use aside_wire::Reopen;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode};
use utoipa::ToSchema;

use super::browser::Browser;
use super::refusal::Refused;
use super::segment::Segment;
use super::{guard, reply};
use crate::setting::Setting;
use crate::{Vault, body, room};

/// The body of a post that shows a key and nothing else.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents a body that is read where it is wiped")]
pub(super) struct ShownKey {
    /// The key that the page holds.
    otk: String,
}

/// The form's address.
pub(super) fn path(invitation: InvitationId) -> String {
    format!("/form/{invitation}")
}

/// Keeps room for the form's off-the-record answers until its time ends. A full memory refuses here, not after the visitor
/// has typed (V3).
pub(super) fn reserve(vault: &Vault, setting: &Setting, until: Timestamp, now: Timestamp) -> Result<(), Error> {
    let places = room::places(setting.definition.definition());
    if places == 0 {
        return Ok(());
    }
    vault.memory.reserve(setting.invitation.id, places, until, now).map_err(|_| {
        tracing::warn!("no room for off-the-record answers: a form was not opened");
        Refusal::Full.into()
    })
}

/// The invitation in the address; what is no id is as *not valid* as an unknown one.
pub(super) fn named(text: &str) -> Option<InvitationId> {
    text.parse().ok()
}

/// The invitation with its surroundings, if this browser's device cookie is bound to it.
async fn bound(vault: &Vault, browser: &Browser, id: &str) -> Result<Option<(Setting, KeyHash)>, Error> {
    let (Some(invitation), Some(device)) = (named(id), browser.device) else { return Ok(None) };
    match vault.store.find_form(invitation, device).await? {
        Some(invitation) => Ok(Some((vault.setting(invitation).await?, device))),
        None => Ok(None),
    }
}

/// Whoever has no cookie for this form sees nothing of it, not even whether there is one.
async fn not_here(vault: &Vault, browser: &Browser) -> Response {
    vault.tally.count("form", "not_here", browser.address, browser.now);
    Refused::unknown("form").show(vault, browser, StatusCode::NOT_FOUND, &pages::Refusal::NotHere).await
}

/// `GET /form/{invitation}`: the bound device gets an empty form, as often as it asks; the former form's key is void. A form
/// that opens once is closed for good when it is asked for again (S11).
#[utoipa::path(get, path = "/form/{invitation}", tag = "pages", params(("invitation" = String, Path, description = "The invitation.")),
    responses((status = 200, description = "An empty form, for the device that is bound to it."),
        (status = 404, description = "No form is here for this browser."),
        (status = 410, description = "Answered, expired, left for good or taken back."),
        (status = 429, description = "Loaded too often; see `Retry-After`."),
        (status = 503, description = "Not looked at by a person yet: a browser fetches ahead.")))]
pub(super) async fn load(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    method: Method,
    headers: HeaderMap,
    Segment(id): Segment,
) -> Response {
    let (setting, device) = match bound(&vault, &browser, &id).await {
        // Looking is not loading: the form that is being filled in somewhere keeps its key (S14).
        Ok(Some(_)) if method == Method::HEAD => return StatusCode::OK.into_response(),
        // Fetching ahead neither (edge case 5): whoever really comes asks again.
        Ok(Some(_)) if fetches_ahead(&headers) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Ok(Some(bound)) => bound,
        Ok(None) => return not_here(&vault, &browser).await,
        Err(error) => return Refused::unknown("form").page(&vault, &browser, error).await,
    };
    // Each load keeps a key and an audit row: a device that asks without end must not fill the disk.
    if let Err(too_many) = guard::writing_page(&vault, &browser).await {
        return too_many;
    }
    let refused = Refused { act: "form", setting: Some(&setting), ask: None };
    let submit = OneTimeKey::generate(vault.rng.as_ref());
    let loaded = async {
        if setting.invitation.ended(browser.now).is_none() {
            vault.require_key(&setting.invitation.site).await?;
            // After a restart the former room is gone with the rest of the memory.
            reserve(&vault, &setting, setting.invitation.deadline, browser.now)?;
        }
        vault.store.load_form(browser.visits(), setting.invitation.id, device, submit.hash()).await
    };
    match loaded.await {
        Ok(LoadOutcome::Loaded(invitation)) => {
            page(&vault, &browser, &setting.with(invitation), &submit, StatusCode::OK, &[], &[])
        }
        Ok(LoadOutcome::Closed(invitation)) => {
            vault.memory.release(invitation.id);
            let cause = pages::Refusal::Cancelled(pages::CancelCause::FormClosed);
            refused.show(&vault, &browser, StatusCode::GONE, &cause).await
        }
        Err(error) => refused.page(&vault, &browser, error).await,
    }
}

/// Whether the browser guesses that somebody will come here, and asks before anybody does.
fn fetches_ahead(headers: &HeaderMap) -> bool {
    let purpose = headers.get("sec-purpose").and_then(|value| value.to_str().ok());
    purpose.is_some_and(|purpose| purpose.contains("prefetch") || purpose.contains("prerender"))
}

/// The form to fill in, with what is wrong with what was sent.
pub(super) fn page(
    vault: &Vault,
    browser: &Browser,
    setting: &Setting,
    key: &OneTimeKey,
    status: StatusCode,
    problems: &[AnswerFault],
    echoes: &[pages::Echo<'_>],
) -> Response {
    let invitation = &setting.invitation;
    let form = pages::Form {
        path: &path(invitation.id),
        key,
        definition: setting.definition.definition(),
        kept: invitation.device.is_some(),
        once: invitation.reopen == Reopen::Once,
        seconds_left: browser.now.seconds_until(invitation.deadline),
        problems,
        echoes,
    };
    let page = vault.pages.form(&setting.occasion(browser.framed), &form);
    reply::page(status, page, &setting.ancestors())
}

/// `GET /form/{invitation}/sent`: what its device sees after it has sent the form.
#[utoipa::path(get, path = "/form/{invitation}/sent", tag = "pages", params(("invitation" = String, Path, description = "The invitation.")),
    responses((status = 200, description = "That and when it was sent."), (status = 303, description = "Not yet: to the form."),
        (status = 404, description = "No form is here for this browser.")))]
pub(super) async fn sent(State(vault): State<Arc<Vault>>, browser: Browser, Segment(id): Segment) -> Response {
    match bound(&vault, &browser, &id).await {
        Ok(Some((setting, _))) if setting.invitation.state.answered() => sent_page(&vault, &browser, &setting),
        Ok(Some((setting, _))) => reply::see_other(&path(setting.invitation.id)),
        Ok(None) => not_here(&vault, &browser).await,
        Err(error) => Refused::unknown("form").page(&vault, &browser, error).await,
    }
}

/// The confirmation. It says that and when, never what.
pub(super) fn sent_page(vault: &Vault, browser: &Browser, setting: &Setting) -> Response {
    let at = setting.invitation.submission.and_then(made_at).unwrap_or(setting.invitation.since);
    let page = vault.pages.sent(&setting.occasion(browser.framed), at);
    reply::page(StatusCode::OK, page, &setting.ancestors())
}

/// When the submission was made: its id begins with it.
fn made_at(submission: SubmissionId) -> Option<Timestamp> {
    let (seconds, nanos) = submission.as_uuid().get_timestamp()?.to_unix();
    i64::try_from(seconds).ok().map(|seconds| Timestamp(seconds * 1_000 + i64::from(nanos / 1_000_000)))
}

/// `POST /form/{invitation}/decline`: the visitor will not answer.
#[utoipa::path(post, path = "/form/{invitation}/decline", tag = "pages", params(("invitation" = String, Path, description = "The invitation.")),
    request_body(content = ShownKey, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The visitor will not answer."), (status = 404, description = "Not valid."),
        (status = 409, description = "Another device has the form."), (status = 410, description = "Used, answered, expired or taken back.")))]
pub(super) async fn decline(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Segment(id): Segment,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (setting, key) = match keyed("decline", &vault, &browser, &id, &headers, body).await {
        Ok(keyed) => keyed,
        Err(refused) => return refused,
    };
    let invitation = setting.invitation.id;
    let refused = Refused { act: "decline", setting: Some(&setting), ask: None };
    match vault.store.decline(browser.visits(), invitation, key, browser.device).await {
        Ok(_) => {
            vault.memory.release(invitation);
            let page = vault.pages.declined(&setting.occasion(browser.framed));
            reply::page(StatusCode::OK, page, &setting.ancestors())
        }
        Err(error) => refused.page(&vault, &browser, error).await,
    }
}

/// `POST /form/{invitation}/close`: the device puts the form away and may come back (S9), or, where the form opens once, may
/// not (S11).
#[utoipa::path(post, path = "/form/{invitation}/close", tag = "pages", params(("invitation" = String, Path, description = "The invitation.")),
    request_body(content = ShownKey, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "Put away: to come back to, or for good."), (status = 404, description = "Not valid."),
        (status = 409, description = "Another device has the form."), (status = 410, description = "Used, answered, expired or taken back.")))]
pub(super) async fn close(
    State(vault): State<Arc<Vault>>,
    browser: Browser,
    Segment(id): Segment,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (setting, key) = match keyed("close", &vault, &browser, &id, &headers, body).await {
        Ok(keyed) => keyed,
        Err(refused) => return refused,
    };
    let invitation = setting.invitation.id;
    let refused = Refused { act: "close", setting: Some(&setting), ask: None };
    match vault.store.leave_form(browser.visits(), invitation, key, browser.device).await {
        Ok((_, left)) => {
            let for_good = left != Left::ToComeBack;
            if for_good {
                vault.memory.release(invitation);
            }
            let page = vault.pages.closed(&setting.occasion(browser.framed), for_good);
            reply::page(StatusCode::OK, page, &setting.ancestors())
        }
        Err(error) => refused.page(&vault, &browser, error).await,
    }
}

/// The invitation in the address, with its surroundings, and the key in the body; or the page to answer with instead.
async fn keyed(
    act: &'static str,
    vault: &Vault,
    browser: &Browser,
    id: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Setting, KeyHash), Response> {
    let refused = Refused::unknown(act);
    let key = match body::read(headers, body).await.and_then(|body| body.key()) {
        Ok(key) => key,
        Err(error) => return Err(refused.body(vault, browser, error).await),
    };
    let found = match named(id).zip(key.map(|key| key.hash())) {
        Some((invitation, key)) => acted_on(vault, browser, invitation, key).await.map(|setting| (setting, key)),
        None => Err(Refusal::NotValid.into()),
    };
    match found {
        Ok(keyed) => Ok(keyed),
        Err(error) => Err(refused.page(vault, browser, error).await),
    }
}

/// The invitation with its surroundings, for a browser that has its cookie or its `submit` key.
async fn acted_on(vault: &Vault, browser: &Browser, invitation: InvitationId, key: KeyHash) -> Result<Setting, Error> {
    if let Some(device) = browser.device
        && let Some(invitation) = vault.store.find_form(invitation, device).await?
    {
        return vault.setting(invitation).await;
    }
    let found = vault.store.find_submit_key(key).await?;
    if found.invitation.id != invitation || found.invitation.device.is_some() {
        return Err(Refusal::NotValid.into());
    }
    vault.setting(found.invitation).await
}
