//! API keys of other systems (A9): with scopes and an end, shown once.

use std::sync::Arc;
use std::time::Duration;

use aside_base::{ApiKeyId, OneTimeKey};
use aside_desk_domain as domain;
use aside_web::Json;
use axum::extract::State;
use http::StatusCode;

use crate::api::{ApiKey, ApiKeyMade, NewApiKey};
use crate::caller::{Address, Allowed, api_key_text};
use crate::desk::Desk;
use crate::extract::Path;
use crate::may::ManageKeys;
use crate::refusal::Refusal;
use crate::shown;

/// How many characters of a secret are kept, to tell keys apart: 24 of its 256 bits.
const PREFIX: usize = 4;

/// The site's keys, newest first.
#[utoipa::path(get, path = "/api/keys", operation_id = "list_keys", tag = "admin",
    responses((status = 200, body = Vec<ApiKey>), (status = 403, description = "not_allowed")))]
pub(crate) async fn list(
    State(desk): State<Arc<Desk>>,
    admin: Allowed<ManageKeys>,
) -> Result<axum::Json<Vec<ApiKey>>, Refusal> {
    let keys = desk.store.api_keys(admin.site()).await?;
    Ok(axum::Json(keys.into_iter().map(shown_key).collect()))
}

/// Makes a key. Nobody gives a key what they may not do themselves.
#[utoipa::path(post, path = "/api/keys", operation_id = "create_key", tag = "admin", request_body = NewApiKey,
    responses((status = 200, body = ApiKeyMade), (status = 403, description = "not_allowed"),
        (status = 409, description = "wrong_state: too_many"), (status = 422, description = "invalid")))]
pub(crate) async fn create(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManageKeys>,
    Json(new): Json<NewApiKey>,
) -> Result<axum::Json<ApiKeyMade>, Refusal> {
    let now = desk.now();
    let secret = OneTimeKey::generate(&*desk.rng);
    let key = domain::ApiKey {
        id: ApiKeyId::generate(now, &*desk.rng),
        site: admin.site().clone(),
        name: new.name.trim().to_owned(),
        prefix: secret.to_text().chars().take(PREFIX).collect(),
        scopes: new.scopes.into_iter().map(shown::scope_of).collect(),
        created_by: admin.id(),
        created_at: now,
        expires_at: now.plus(Duration::from_secs(u64::from(new.days) * 24 * 60 * 60)),
        last_used_at: None,
        revoked_at: None,
    };
    let whole = api_key_text(key.id, &secret);
    desk.store.create_api_key(key.clone(), secret.hash(), admin.by(&desk, from)).await?;
    Ok(axum::Json(ApiKeyMade { key: whole, made: shown_key(key) }))
}

/// Revokes a key for good.
#[utoipa::path(post, path = "/api/keys/{id}/revoke", operation_id = "revoke_key", tag = "admin", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn revoke(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManageKeys>,
    Path(id): Path<ApiKeyId>,
) -> Result<StatusCode, Refusal> {
    desk.store.revoke_api_key(admin.site(), id, admin.by(&desk, from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown_key(key: domain::ApiKey) -> ApiKey {
    ApiKey {
        id: *key.id.as_uuid(),
        name: key.name,
        prefix: key.prefix,
        scopes: key.scopes.into_iter().map(shown::scope).collect(),
        created_at: key.created_at,
        expires_at: key.expires_at,
        last_used_at: key.last_used_at,
        revoked_at: key.revoked_at,
    }
}
