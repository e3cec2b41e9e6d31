//! What a visitor is told of a refusal: used, expired or not valid, never which part was right. One exhaustive match.

use std::sync::Arc;

use aside_base::OneTimeKey;
use aside_vault_domain as domain;
use aside_vault_pages::{CancelCause, Clock, Refusal};
use aside_vault_store::Error;
use aside_wire::{CancelReason, Status};
use axum::extract::State;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use super::browser::Browser;
use super::reply;
use crate::Vault;
use crate::body::BodyError;
use crate::setting::Setting;

/// A refusal to be told.
pub(super) struct Refused<'a> {
    /// What was tried, for the count.
    pub(super) act: &'static str,
    /// The invitation, where this browser may know of it: it has, or had, a good key or the device cookie.
    pub(super) setting: Option<&'a Setting>,
    /// The `open` key that brought the browser here: the page offers to ask for a new one.
    pub(super) ask: Option<&'a OneTimeKey>,
}

impl Refused<'_> {
    /// A refusal of a browser that has shown nothing.
    pub(super) const fn unknown(act: &'static str) -> Self {
        Self { act, setting: None, ask: None }
    }

    /// The page for an error of the store.
    pub(super) async fn page(&self, vault: &Vault, browser: &Browser, error: Error) -> Response {
        match error {
            Error::Refused(refusal) => {
                vault.tally.count(self.act, refusal.as_str(), browser.address, browser.now);
                let ask = self.ask.map(OneTimeKey::to_text);
                let (status, said) = say(refusal, self.setting, ask.as_deref());
                let mut response = self.show(vault, browser, status, &said).await;
                if matches!(refusal, domain::Refusal::Full | domain::Refusal::Sealed) {
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
                }
                response
            }
            Error::Busy => {
                let mut response =
                    self.show(vault, browser, StatusCode::SERVICE_UNAVAILABLE, &Refusal::Unavailable).await;
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
                response
            }
            Error::Failed(private) => {
                let id = vault.log_failure(&private);
                let failed = Refusal::Failed { id: Some(&id.0) };
                let mut response = self.show(vault, browser, StatusCode::INTERNAL_SERVER_ERROR, &failed).await;
                response.extensions_mut().insert(id);
                response
            }
        }
    }

    /// The page for a refusal in the pages' own words.
    pub(super) async fn show(
        &self,
        vault: &Vault,
        browser: &Browser,
        status: StatusCode,
        refusal: &Refusal<'_>,
    ) -> Response {
        let Some(setting) = self.setting else { return plain(vault, browser, status, refusal).await };
        let occasion = setting.occasion(browser.framed);
        reply::page(status, vault.pages.refused(Some(&occasion), &browser.language, refusal), &setting.ancestors())
    }

    /// The page for a body that was not taken.
    pub(super) async fn body(&self, vault: &Vault, browser: &Browser, error: BodyError) -> Response {
        let (status, reason, refusal) = match error {
            BodyError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", Refusal::TooLarge),
            BodyError::WrongType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_type", Refusal::NotValid),
            BodyError::Malformed => (StatusCode::BAD_REQUEST, "malformed", Refusal::NotValid),
        };
        vault.tally.count(self.act, reason, browser.address, browser.now);
        reply::last_on_connection(self.show(vault, browser, status, &refusal).await)
    }
}

/// A page of no invitation.
pub(super) async fn plain(vault: &Vault, browser: &Browser, status: StatusCode, refusal: &Refusal<'_>) -> Response {
    let ancestors = vault.all_ancestors().await;
    let page = vault.pages.refused(None, &browser.language, refusal);
    reply::page(status, page, &ancestors.iter().collect::<Vec<_>>())
}

/// There is nothing at this address.
pub(super) async fn no_route(State(vault): State<Arc<Vault>>, browser: Browser) -> Response {
    plain(&vault, &browser, StatusCode::NOT_FOUND, &Refusal::NotValid).await
}

/// There is, but not by this method.
pub(super) async fn no_method(State(vault): State<Arc<Vault>>, browser: Browser) -> Response {
    plain(&vault, &browser, StatusCode::METHOD_NOT_ALLOWED, &Refusal::NotValid).await
}

fn say<'a>(refusal: domain::Refusal, setting: Option<&Setting>, ask: Option<&'a str>) -> (StatusCode, Refusal<'a>) {
    match refusal {
        // What only an agent or a desk is refused with never comes to a visitor; if it did, it would say nothing.
        domain::Refusal::NotValid
        | domain::Refusal::NoRight(_)
        | domain::Refusal::NoFactor
        | domain::Refusal::Locked
        | domain::Refusal::Confirm
        | domain::Refusal::FactorTooNew
        | domain::Refusal::Erased
        | domain::Refusal::Key(_)
        | domain::Refusal::WrongCode { .. }
        | domain::Refusal::FactorLocked { .. } => (StatusCode::NOT_FOUND, Refusal::NotValid),
        domain::Refusal::Stopped => (StatusCode::GONE, Refusal::Cancelled(CancelCause::Stopped)),
        domain::Refusal::Used => (StatusCode::GONE, Refusal::Used { ask }),
        // Without the link's own key it is a form: a newer one of the same device took its place.
        domain::Refusal::Replaced if ask.is_none() => (StatusCode::GONE, Refusal::Stale),
        domain::Refusal::Replaced => (StatusCode::GONE, Refusal::Replaced { ask }),
        domain::Refusal::Expired(clock) => (StatusCode::GONE, expired(clock, setting, ask)),
        domain::Refusal::AlreadySubmitted => (StatusCode::GONE, Refusal::Submitted),
        domain::Refusal::OtherDevice => (StatusCode::CONFLICT, Refusal::OtherDevice { ask }),
        domain::Refusal::WrongState(status) => (StatusCode::GONE, in_state(status, setting, ask)),
        domain::Refusal::ConversationClosed => (StatusCode::GONE, Refusal::Cancelled(CancelCause::ConversationClosed)),
        domain::Refusal::Sealed => (StatusCode::SERVICE_UNAVAILABLE, Refusal::Sealed),
        domain::Refusal::Full => (StatusCode::SERVICE_UNAVAILABLE, Refusal::Full),
        domain::Refusal::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, Refusal::NotValid),
    }
}

fn expired<'a>(clock: domain::Clock, setting: Option<&Setting>, ask: Option<&'a str>) -> Refusal<'a> {
    let Some(setting) = setting else { return Refusal::NotValid };
    let clocks = setting.invitation.clocks;
    let (clock, seconds) = match clock {
        domain::Clock::InvitationLife => (Clock::InvitationLife, clocks.invitation_life),
        domain::Clock::OpenLimit => (Clock::OpenLimit, clocks.open_limit),
        domain::Clock::SubmitLimit => (Clock::SubmitLimit, clocks.submit_limit),
        // No visitor ever holds such a key.
        domain::Clock::KeyLife => return Refusal::NotValid,
    };
    Refusal::Expired { clock, seconds, ask }
}

fn in_state<'a>(status: Status, setting: Option<&Setting>, ask: Option<&'a str>) -> Refusal<'a> {
    match status {
        Status::Sent | Status::Viewed | Status::Expired => Refusal::Used { ask },
        Status::Submitted | Status::Read => Refusal::Submitted,
        Status::Declined => Refusal::Declined,
        Status::Cancelled => Refusal::Cancelled(match setting.map(|setting| setting.invitation.state) {
            Some(domain::State::Cancelled(reason)) => cause(reason),
            _ => CancelCause::Agent,
        }),
    }
}

/// Why it was cancelled, as far as a visitor is told.
const fn cause(reason: CancelReason) -> CancelCause {
    match reason {
        CancelReason::Agent => CancelCause::Agent,
        // Nobody is there any more who could read the answers.
        CancelReason::SessionEnded | CancelReason::RightLost => CancelCause::SessionEnded,
        CancelReason::ConversationClosed => CancelCause::ConversationClosed,
        CancelReason::Stopped => CancelCause::Stopped,
        CancelReason::Transferred => CancelCause::Transferred,
        CancelReason::FormClosed => CancelCause::FormClosed,
        CancelReason::AnotherForm => CancelCause::AnotherForm,
    }
}
