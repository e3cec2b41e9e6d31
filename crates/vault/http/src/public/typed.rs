//! What the visitor typed, out of a body: as it stands there, or opened in locked memory where it was sealed in the browser.

use std::sync::Arc;

use aside_base::{InvitationId, OneTimeKey, Secret, Timestamp};
use aside_web::Problem;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::browser::Browser;
use super::refusal::Refused;
use crate::Vault;
use crate::body::{self, BodyError, Raw};
use crate::sealing::{Place, Unopened};

/// The key that forms are sealed to.
#[derive(Serialize, ToSchema)]
struct FormKey {
    /// Its name.
    id: String,
    /// The public key: an uncompressed P-256 point, as base64url.
    key: String,
}

/// `GET /form/key`: what the form's script seals to (HPKE, RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base
/// mode. `info` is `aside form 1`, this vault's origin and the key's `id`, `aad` the invitation and the form's `submit` key, each
/// on a line of its own. What is sealed is a JSON object of the form's fields; what is sent is the encapsulated key, the
/// ciphertext and its tag, as base64url.
#[utoipa::path(get, path = "/form/key", tag = "calls",
    responses((status = 200, description = "A key of this process; good for a day at least.", body = FormKey),
        (status = 503, description = "`busy`: there is none; forms are sent as they are.")))]
pub(super) async fn form_key(State(vault): State<Arc<Vault>>) -> Response {
    match vault.sealing.offer(vault.memory.room(), vault.rng.as_ref(), vault.now()) {
        Some(offered) => Json(FormKey { id: offered.id, key: offered.key }).into_response(),
        None => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "There is no key to seal to.").into_response(),
    }
}

/// Why there is nothing to read.
pub(super) enum Untaken {
    /// The body was not taken.
    Body(BodyError),
    /// It was sealed to a key that is not known here any more: fetch the key and seal again.
    UnknownKey,
    /// Too many forms are being opened at this moment.
    Busy,
}

impl From<BodyError> for Untaken {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl Untaken {
    pub(super) async fn reply(self, vault: &Vault, browser: &Browser, refused: &Refused<'_>) -> Response {
        match self {
            Self::Body(error) => refused.body(vault, browser, error).await,
            Self::UnknownKey => {
                vault.tally.count("submit", "unknown_key", browser.address, browser.now);
                let title = "The key is not known here any more: fetch it and seal again.";
                Problem::new(StatusCode::CONFLICT, "unknown_key", title).into_response()
            }
            Self::Busy => refused.page(vault, browser, aside_vault_store::Error::Busy).await,
        }
    }
}

/// The answers as typed, by question id, in the order they came.
pub(super) fn typed(
    vault: &Vault,
    invitation: InvitationId,
    submit: &OneTimeKey,
    raw: &Raw,
    now: Timestamp,
) -> Result<Vec<(String, Secret)>, Untaken> {
    let Some(key) = raw.sealed_to()? else { return Ok(raw.answers()?) };
    // Opened and read where it lies: what leaves the desk is each answer by itself, wiped with the request.
    let mut desk = vault.memory.room().desk().ok_or(Untaken::Busy)?;
    let length = raw.sealed(&mut desk)?;
    let place = Place { origin: &vault.origin, invitation, submit };
    match vault.sealing.open(&key, &place, &mut desk[..length], now) {
        Ok(clear) => Ok(body::opened(clear)?),
        Err(Unopened::UnknownKey) => Err(Untaken::UnknownKey),
        Err(Unopened::Garbage) => Err(BodyError::Malformed.into()),
    }
}
