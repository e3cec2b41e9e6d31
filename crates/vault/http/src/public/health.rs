//! Whether the vault can do its work, for supervisors.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Vault;

/// How it is.
#[derive(Serialize, ToSchema)]
struct Health {
    status: &'static str,
}

/// `GET /healthz`
#[utoipa::path(get, path = "/healthz", tag = "calls",
    responses((status = 200, description = "The vault can do its work.", body = Health), (status = 503, description = "It cannot.", body = Health)))]
pub(super) async fn ready(State(vault): State<Arc<Vault>>) -> Response {
    match vault.store.ready().await {
        Ok(()) => Json(Health { status: "ok" }).into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, Json(Health { status: "unavailable" })).into_response()
        }
    }
}
