//! Whether the vault can do its work, for supervisors: how it stands, never a secret.

use std::sync::Arc;

use aside_vault_memory::PLACE;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{KeysState, Vault};

/// How it is.
#[derive(Serialize, ToSchema)]
struct Health {
    status: &'static str,
}

/// How it is, in its parts.
#[derive(Serialize, ToSchema)]
struct Readiness {
    /// `ok`, or `unavailable`.
    status: &'static str,
    /// How memory is locked: `memfd_secret`, `mlock` or `none` (V3).
    memory: &'static str,
    /// The room for off-the-record answers.
    room: Space,
    /// Whether keys can be used: `ready`, `sealed` or `unreachable` (V2).
    keys: &'static str,
    /// What provides them: `file`, `pkcs11` or `kms`.
    key_provider: &'static str,
}

/// Room in locked memory.
#[derive(Serialize, ToSchema)]
struct Space {
    /// How many answers of up to 64 bytes there is room for; a longer one counts as several.
    answers: usize,
    /// How many of them are there or promised.
    used: usize,
}

const _: () = assert!(PLACE == 64, "what the document says of an answer's size");

/// `GET /healthz`: whether it can do its work at all.
#[utoipa::path(get, path = "/healthz", tag = "calls",
    responses((status = 200, description = "The vault can do its work.", body = Health), (status = 503, description = "It cannot.", body = Health)))]
pub(super) async fn alive(State(vault): State<Arc<Vault>>) -> Response {
    let (status, said) = said(works(&vault).await);
    (status, Json(Health { status: said })).into_response()
}

/// `GET /health/ready`: whether forms can be opened now, and what that hangs on.
#[utoipa::path(get, path = "/health/ready", tag = "calls",
    responses((status = 200, description = "Forms can be opened.", body = Readiness),
        (status = 503, description = "They cannot: the store does not write, or keys are not ready.", body = Readiness)))]
pub(super) async fn ready(State(vault): State<Arc<Vault>>) -> Response {
    let keys = vault.keys.state();
    let (status, said) = said(works(&vault).await && keys == KeysState::Ready);
    let room = vault.memory.room();
    let readiness = Readiness {
        status: said,
        memory: room.lock().as_str(),
        room: Space { answers: room.places(), used: vault.memory.used() },
        keys: keys.as_str(),
        key_provider: vault.keys.provider().kind().as_str(),
    };
    (status, Json(readiness)).into_response()
}

async fn works(vault: &Vault) -> bool {
    vault.store.ready().await.inspect_err(|error| tracing::warn!(%error, "not ready")).is_ok()
}

const fn said(ok: bool) -> (StatusCode, &'static str) {
    if ok { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable") }
}
