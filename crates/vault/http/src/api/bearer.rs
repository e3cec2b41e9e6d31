//! Who calls the API: a key in the `Authorization` header, from where it may be used, not too often.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use aside_base::{ApiKeyId, KeyHash};
use aside_vault_domain::{ApiKey, CallerKind, KeyFault, Occasion, Presented, Refusal};
use aside_vault_store::Error;
use aside_web::{AddressPrefix, Limiter, Problem, TooMany};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, COOKIE, ORIGIN, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::Vault;
use crate::vault::occasion;

/// A caller with a key whose secret is right. What the key opens, the store's verbs decide.
pub(super) struct Bearer {
    pub(super) presented: Presented,
    pub(super) occasion: Occasion,
}

/// Why a call is not answered.
pub(super) enum Refused {
    /// No key, or none that opens anything any more: never said which.
    Unauthorised,
    /// Everything else.
    Problem(Problem),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Unauthorised => {
                let title = "There is no such key, or it no longer works.";
                let mut response = Problem::new(StatusCode::UNAUTHORIZED, "key", title).into_response();
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                response
            }
        }
    }
}

impl FromRequestParts<Arc<Vault>> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<Self, Refused> {
        let nowhere = IpAddr::from([0, 0, 0, 0]);
        let from = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(nowhere, |ConnectInfo(peer)| peer.ip());
        // A key in an address ends in the logs of whatever lies between: no address of the API has a query at all.
        if parts.uri.query().is_some() {
            return Err(Refused::Problem(Problem::new(
                StatusCode::BAD_REQUEST,
                "query",
                "No address here has a query.",
            )));
        }
        if of_browser(&parts.headers) {
            let title = "Browsers have no business here: no Origin, no cookies.";
            return Err(Refused::Problem(Problem::new(StatusCode::FORBIDDEN, "browser", title)));
        }
        let now = vault.now();
        let told = text(&parts.headers).and_then(ApiKey::read);
        let (id, secret) = match &told {
            Some((id, secret)) => (*id, secret.hash()),
            None => return Err(stranger(vault, from)),
        };
        let found = vault.store.api_key(id).await.map_err(|error| refused(vault, error))?;
        // Compared in either case: an unknown key takes as long as a wrong secret.
        let kept = found.as_ref().map_or(KeyHash([0; 32]), |key| key.secret);
        let own = kept.matches(&secret);
        let Some(key) = found.filter(|_| own) else { return Err(stranger(vault, from)) };
        vault.api_limits.check(&key).map_err(|TooMany { retry_after }| {
            vault.tally.count("api", "too_many", from, now);
            Refused::Problem(Problem::too_many(retry_after))
        })?;
        let occasion = occasion(CallerKind::ApiKey, &id.to_string(), from, now);
        Ok(Self { presented: Presented { id, secret, from }, occasion })
    }
}

/// The one key in the one header.
fn text(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key)
}

/// What only a browser sends.
fn of_browser(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN)
        || headers.contains_key(COOKIE)
        || headers.keys().any(|name| name.as_str().starts_with("sec-fetch-"))
}

/// Nobody who is known: counted, and held to what a network may try.
fn stranger(vault: &Vault, from: IpAddr) -> Refused {
    vault.tally.count("api", "key_unknown", from, vault.now());
    match vault.posts.check(&AddressPrefix::of(from)) {
        Ok(()) => Refused::Unauthorised,
        Err(TooMany { retry_after }) => Refused::Problem(Problem::too_many(retry_after)),
    }
}

/// An error of the store as the API answers it.
pub(super) fn refused(vault: &Vault, error: Error) -> Refused {
    let refusal = match error {
        Error::Refused(refusal) => refusal,
        error => return Refused::Problem(crate::zone::refusal::answer(vault, error)),
    };
    let forbidden =
        |kind: &'static str, title: &'static str| Refused::Problem(Problem::new(StatusCode::FORBIDDEN, kind, title));
    match refusal {
        Refusal::Key(KeyFault::Unknown | KeyFault::Revoked | KeyFault::Expired) => Refused::Unauthorised,
        Refusal::Key(KeyFault::Network) => forbidden("network", "The key does not work from this network."),
        Refusal::Key(KeyFault::Scope) => forbidden("scope", "The key was not made for this."),
        Refusal::Key(KeyFault::Kind) => forbidden("kind", "The key was not made for answers of this kind."),
        refusal => Refused::Problem(crate::zone::refusal::problem(refusal)),
    }
}

/// How many calls each key may make a minute.
#[derive(Default)]
pub(crate) struct ApiLimits(Mutex<HashMap<ApiKeyId, Arc<Limiter<ApiKeyId>>>>);

impl ApiLimits {
    fn check(&self, key: &ApiKey) -> Result<(), TooMany> {
        let limiter = {
            let mut limits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let fresh = || Arc::new(Limiter::per_minute(NonZeroU32::new(key.per_minute).unwrap_or(NonZeroU32::MIN)));
            Arc::clone(limits.entry(key.id).or_insert_with(fresh))
        };
        limiter.check(&key.id)
    }
}
