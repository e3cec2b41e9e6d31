//! Keys of the vault's API (V7), made and revoked by whoever runs the vault; and how keeping stands.

use std::sync::Arc;

use aside_base::{ApiKeyId, OneTimeKey, SiteId};
use aside_vault_domain::{ApiKey, KIND_NAMES, NewApiKey, Refusal, kind_name};
use aside_vault_store::Error;
use aside_web::{Json, Problem};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use http::StatusCode;
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

use super::Operator;
use crate::Vault;
use crate::zone::refusal;

/// The routes, below `/v1`.
pub(super) fn routes() -> Router<Arc<Vault>> {
    Router::new()
        .route("/v1/api-keys", get(list).post(create))
        .route("/v1/api-keys/{id}/revoke", post(revoke))
        .route("/v1/keeping", get(keeping))
}

/// The body of [`create`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    site: SiteId,
    name: String,
    scopes: Vec<String>,
    #[serde(default)]
    kinds: Vec<String>,
    networks: Vec<String>,
    per_minute: u32,
    days: u16,
}

/// The answer to [`create`]: the only time that the key is told.
#[derive(Serialize)]
struct Created {
    id: ApiKeyId,
    #[serde(serialize_with = "told")]
    key: Zeroizing<String>,
    expires_at: i64,
}

fn told<S: Serializer>(key: &Zeroizing<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key)
}

async fn create(
    State(vault): State<Arc<Vault>>,
    operator: Operator,
    Json(create): Json<Create>,
) -> Result<(StatusCode, axum::Json<Created>), Problem> {
    let made = async {
        let (now, rng) = (operator.occasion.now, vault.rng.as_ref());
        let kind = |name: &String| {
            let known = KIND_NAMES.iter().find(|(known, _)| known == name);
            known.map(|(_, kind)| *kind).ok_or(Refusal::Invalid("kinds"))
        };
        let new = NewApiKey {
            site: create.site,
            name: create.name,
            scopes: create.scopes.iter().map(|name| name.parse()).collect::<Result<_, Refusal>>()?,
            kinds: create.kinds.iter().map(kind).collect::<Result<_, Refusal>>()?,
            networks: create.networks.iter().map(|name| name.parse()).collect::<Result<_, Refusal>>()?,
            per_minute: create.per_minute,
            days: create.days,
        };
        let (id, secret) = (ApiKeyId::generate(now, rng), OneTimeKey::generate(rng));
        let key = ApiKey::made(new, id, secret.hash(), now)?;
        let expires_at = key.expires_at.0;
        vault.store.put_api_key(operator.occasion, key).await?;
        Ok::<_, Error>(Created { id, key: ApiKey::text(id, &secret), expires_at })
    };
    let made = made.await.map_err(|error| refusal::answer(&vault, error))?;
    Ok((StatusCode::CREATED, axum::Json(made)))
}

/// A key as it is listed: never its secret, which nobody has.
#[derive(Serialize)]
struct Listed {
    id: ApiKeyId,
    site: SiteId,
    name: String,
    scopes: Vec<&'static str>,
    kinds: Vec<&'static str>,
    networks: Vec<String>,
    per_minute: u32,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

async fn list(State(vault): State<Arc<Vault>>, _: Operator) -> Result<axum::Json<Vec<Listed>>, Problem> {
    let keys = vault.store.api_keys().await.map_err(|error| refusal::answer(&vault, error))?;
    let listed = keys.into_iter().map(|key| Listed {
        id: key.id,
        scopes: key.scopes.iter().map(|scope| scope.as_str()).collect(),
        kinds: key.kinds.iter().filter_map(|kind| kind_name(*kind)).collect(),
        networks: key.networks.iter().map(ToString::to_string).collect(),
        site: key.site,
        name: key.name,
        per_minute: key.per_minute,
        created_at: key.created_at.0,
        expires_at: key.expires_at.0,
        revoked_at: key.revoked_at.map(|at| at.0),
    });
    Ok(axum::Json(listed.collect()))
}

async fn revoke(
    State(vault): State<Arc<Vault>>,
    operator: Operator,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let revoked = async {
        let id: ApiKeyId = id.parse().map_err(|_| Refusal::NotValid)?;
        vault.store.revoke_api_key(operator.occasion, id).await
    };
    revoked.await.map_err(|error| refusal::answer(&vault, error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// How one site's stored answers stand.
#[derive(Serialize)]
struct Kept {
    site: SiteId,
    #[serde(flatten)]
    report: aside_wire::KeepingReport,
}

async fn keeping(State(vault): State<Arc<Vault>>, operator: Operator) -> Result<axum::Json<Vec<Kept>>, Problem> {
    let mut kept = Vec::new();
    for site in vault.desks.sites() {
        let report = match vault.store.keeping_report(site.clone(), operator.occasion.now).await {
            Ok(report) => report,
            // Registered, and its desk has not come yet.
            Err(Error::Refused(Refusal::NotValid)) => continue,
            Err(error) => return Err(refusal::answer(&vault, error)),
        };
        let report = aside_wire::KeepingReport { last_purge: vault.purging.last_run(), ..report };
        kept.push(Kept { site: site.clone(), report });
    }
    Ok(axum::Json(kept))
}
