//! Before anything that changes something: is it one of our own pages that asks, and not too often from one network?

use std::net::IpAddr;
use std::sync::Arc;

use aside_base::Origin;
use aside_vault_pages::Refusal;
use aside_web::{AddressPrefix, Problem, same_origin_or};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, Method, StatusCode};

use super::browser::{Browser, address};
use super::refusal;
use crate::Vault;

/// Why a request is not let in.
enum Barred {
    TooMany { seconds: u64 },
    ForeignOrigin,
}

/// POSTs of the visitor's pages: only from our own origin.
pub(super) async fn own_page(State(vault): State<Arc<Vault>>, request: Request, next: Next) -> Response {
    page(&vault, request, next, &[]).await
}

/// `POST /open`: from our own origin, or from a chat, whose click sends the form on its way.
pub(super) async fn chat(State(vault): State<Arc<Vault>>, request: Request, next: Next) -> Response {
    let chats = vault.desks.chat_origins();
    page(&vault, request, next, &chats).await
}

/// Calls of the viewer's script: only from our own origin, answered as problem documents.
pub(super) async fn own_call(State(vault): State<Arc<Vault>>, request: Request, next: Next) -> Response {
    match admit(&vault, &request, &[]) {
        Ok(()) => next.run(request).await,
        Err(Barred::TooMany { seconds }) => Problem::too_many(seconds).into_response(),
        Err(Barred::ForeignOrigin) => Problem::foreign_origin().into_response(),
    }
}

async fn page(vault: &Vault, request: Request, next: Next, others: &[&Origin]) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let barred = match admit(vault, &request, others) {
        Ok(()) => return next.run(request).await,
        Err(barred) => barred,
    };
    let browser = Browser::of(request.headers(), request.extensions(), vault.now());
    match barred {
        Barred::ForeignOrigin => refusal::plain(vault, &browser, StatusCode::FORBIDDEN, &Refusal::NotValid).await,
        Barred::TooMany { seconds } => too_many(vault, &browser, seconds).await,
    }
}

/// A page that a GET makes by writing something counts as much as a POST.
///
/// # Errors
/// The page to answer with instead.
pub(super) async fn writing_page(vault: &Vault, browser: &Browser) -> Result<(), Response> {
    match limit(vault, browser.address) {
        Ok(()) => Ok(()),
        Err(seconds) => Err(too_many(vault, browser, seconds).await),
    }
}

async fn too_many(vault: &Vault, browser: &Browser, seconds: u64) -> Response {
    let retry_seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    let too_many = Refusal::TooMany { retry_seconds };
    let mut response = refusal::plain(vault, browser, StatusCode::TOO_MANY_REQUESTS, &too_many).await;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn admit(vault: &Vault, request: &Request, others: &[&Origin]) -> Result<(), Barred> {
    let address = address(request.extensions());
    limit(vault, address).map_err(|seconds| Barred::TooMany { seconds })?;
    same_origin_or(request.headers(), &vault.origin, others.iter().copied()).map_err(|_| {
        vault.tally.count("post", "foreign_origin", address, vault.now());
        Barred::ForeignOrigin
    })
}

/// Counts one request of this network; when it is one too many, says in how many seconds to come back.
fn limit(vault: &Vault, address: IpAddr) -> Result<(), u64> {
    vault.posts.check(&AddressPrefix::of(address)).map_err(|too_many| {
        vault.tally.count("post", "too_many", address, vault.now());
        too_many.retry_after
    })
}
