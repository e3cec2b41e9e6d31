//! The keys as their operator sees them: which there are, how old, what they seal; rotated, moved, retired, unsealed (PCI 3.6, 3.7).

use std::sync::Arc;

use aside_base::SiteId;
use aside_vault_domain::{Act, KeyState, On, Retirement, Sealing, SiteKeyVersion};
use aside_vault_keys::UnsealError;
use aside_vault_store::Error;
use aside_web::{Json, Problem};
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Operator;
use crate::Vault;
use crate::zone::refusal;

/// What every key here is used with.
const ALGORITHM: &str = "AES-256-GCM";

/// The inventory of the vault's keys.
#[derive(Serialize)]
pub(super) struct Inventory {
    provider: Provider,
    former: Vec<Provider>,
    algorithm: &'static str,
    sites: Vec<Site>,
    rewrap: Option<Moving>,
}

#[derive(Serialize)]
struct Provider {
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
}

#[derive(Serialize)]
struct Site {
    site: SiteId,
    versions: Vec<Version>,
}

/// Times are milliseconds since 1970 UTC.
#[derive(Serialize)]
struct Version {
    version: u32,
    state: &'static str,
    provider: Option<String>,
    made_at: Option<i64>,
    replaced_at: Option<i64>,
    retired_at: Option<i64>,
    data_keys: u64,
    code_secrets: u64,
    fingerprint_keys: u64,
}

#[derive(Serialize)]
pub(super) struct Moving {
    started_at: i64,
    total: u64,
    done: u64,
    left: u64,
}

fn version(of: &SiteKeyVersion, sealing: &[Sealing]) -> Version {
    let sealing = sealing.iter().find(|sealing| sealing.site == of.site && sealing.version == of.version);
    Version {
        version: of.version,
        state: of.state().as_str(),
        provider: of.provider.clone().filter(|_| of.state() != KeyState::Retired),
        made_at: of.made_at.map(|at| at.0),
        replaced_at: of.replaced_at.map(|at| at.0),
        retired_at: of.retired_at.map(|at| at.0),
        data_keys: sealing.map_or(0, |sealing| sealing.data_keys),
        code_secrets: sealing.map_or(0, |sealing| sealing.code_secrets),
        fingerprint_keys: sealing.map_or(0, |sealing| sealing.fingerprint_keys),
    }
}

/// `GET /v1/keys`: every key by name and age, never a key.
pub(super) async fn inventory(State(vault): State<Arc<Vault>>, _: Operator) -> Result<axum::Json<Inventory>, Problem> {
    let read = async {
        let versions = vault.store.site_key_versions().await?;
        Ok((versions, vault.store.sealing().await?, vault.store.rewrap_under_way().await?))
    };
    let (versions, sealing, rewrap) = read.await.map_err(|error| refusal::answer(&vault, error))?;
    let mut sites: Vec<Site> = Vec::new();
    for of in &versions {
        let listed = version(of, &sealing);
        match sites.last_mut() {
            Some(site) if site.site == of.site => site.versions.push(listed),
            _ => sites.push(Site { site: of.site.clone(), versions: vec![listed] }),
        }
    }
    let provider = vault.keys.provider();
    let named = |kind: &'static str, name: &str, state| Provider { kind, name: name.to_owned(), state };
    let progress = vault.moving.progress();
    Ok(axum::Json(Inventory {
        provider: named(provider.kind().as_str(), provider.name(), Some(vault.keys.state().as_str())),
        former: vault.keys.former().iter().map(|former| named(former.kind().as_str(), former.name(), None)).collect(),
        algorithm: ALGORITHM,
        sites,
        rewrap: rewrap.map(|rewrap| Moving {
            started_at: rewrap.started_at.0,
            total: progress.total.max(rewrap.total),
            done: progress.done,
            left: progress.left,
        }),
    }))
}

/// The body of [`rotate`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rotate {
    /// One site; every site that has a key where none is said.
    #[serde(default)]
    site: Option<SiteId>,
}

/// What was rotated.
#[derive(Serialize)]
pub(super) struct Rotated {
    sites: Vec<NewVersion>,
}

#[derive(Serialize)]
struct NewVersion {
    site: SiteId,
    version: u32,
}

/// `POST /v1/keys/rotate`: a newer key for a site, or for all. What is sealed from now on is sealed with it.
pub(super) async fn rotate(
    State(vault): State<Arc<Vault>>,
    operator: Operator,
    Json(wanted): Json<Rotate>,
) -> Result<axum::Json<Rotated>, Problem> {
    let answer = |error| refusal::answer(&vault, error);
    let known = vault.store.site_key_versions().await.map_err(answer)?;
    let mut sites: Vec<SiteId> = known.into_iter().map(|version| version.site).collect();
    sites.dedup();
    if let Some(wanted) = &wanted.site {
        sites.retain(|site| site == wanted);
        if sites.is_empty() {
            return Err(Problem::new(
                StatusCode::NOT_FOUND,
                "not_valid",
                "There is no such site, or it has no key yet.",
            ));
        }
    }
    let mut rotated = Vec::new();
    for site in sites {
        let (store, rng) = (vault.store.as_ref(), vault.rng.as_ref());
        let version = vault.keys.rotate(store, operator.occasion.clone(), &site, rng).await.map_err(answer)?;
        rotated.extend(version.map(|version| NewVersion { site, version }));
    }
    Ok(axum::Json(Rotated { sites: rotated }))
}

/// `POST /v1/keys/rewrap`: everything is moved to the newest keys, while the vault serves. `GET /v1/keys` tells how far it is.
pub(super) async fn rewrap(
    State(vault): State<Arc<Vault>>,
    operator: Operator,
) -> Result<(StatusCode, axum::Json<Moving>), Problem> {
    let begun = vault.store.begin_rewrap(operator.occasion).await.map_err(|error| refusal::answer(&vault, error))?;
    vault.moving.ask();
    let moving = Moving { started_at: begun.started_at.0, total: begun.total, done: 0, left: 0 };
    Ok((StatusCode::ACCEPTED, axum::Json(moving)))
}

/// The body of [`retire`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Retire {
    site: SiteId,
    version: u32,
}

/// `POST /v1/keys/retire`: deletes a former version that nothing depends on.
pub(super) async fn retire(
    State(vault): State<Arc<Vault>>,
    operator: Operator,
    Json(retire): Json<Retire>,
) -> Result<StatusCode, Problem> {
    let (site, version) = (retire.site, retire.version);
    let retired = vault.store.retire_site_key(operator.occasion, site.clone(), version).await;
    match retired.map_err(|error| refusal::answer(&vault, error))? {
        Retirement::Done => {
            vault.keys.forget(&site, version);
            Ok(StatusCode::NO_CONTENT)
        }
        Retirement::Unknown => Err(Problem::new(StatusCode::NOT_FOUND, "not_valid", "There is no such version.")),
        Retirement::Current => Err(Problem::new(
            StatusCode::CONFLICT,
            "current",
            "This version seals what is new: rotate the site's key first.",
        )),
        Retirement::StillNeeded(count) => Err(Problem::new(
            StatusCode::CONFLICT,
            "still_needed",
            "Something is still sealed with this version: rewrap first.",
        )
        .field(count.to_string())),
    }
}

/// The body of [`unseal`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unseal {
    passphrase: String,
}

/// `POST /v1/keys/unseal`: unseals the key provider with a passphrase or a PIN.
pub(super) async fn unseal(
    State(vault): State<Arc<Vault>>,
    operator: Operator,
    Json(unseal): Json<Unseal>,
) -> Result<StatusCode, Problem> {
    let unsealed = vault.keys.unseal(Zeroizing::new(unseal.passphrase)).await;
    let detail = match &unsealed {
        Ok(()) => "unsealed",
        Err(UnsealError::Wrong) => "wrong passphrase",
        Err(UnsealError::TooShort(_)) => "too short",
        Err(UnsealError::AlreadyOpen) => "unsealed already",
        Err(UnsealError::NotByPassphrase) => "not by passphrase",
        Err(UnsealError::Failed(_)) => "failed",
    };
    let on = On { detail: Some(detail.to_owned()), ..On::default() };
    vault.store.note(operator.occasion, Act::KeysUnsealed, on).await.map_err(|error| refusal::answer(&vault, error))?;
    let conflict = |title: &'static str| Problem::new(StatusCode::CONFLICT, "wrong_state", title);
    match unsealed {
        Ok(()) => {
            vault.check_keys().await;
            vault.moving.ask();
            Ok(StatusCode::NO_CONTENT)
        }
        Err(UnsealError::Wrong) => {
            Err(Problem::new(StatusCode::FORBIDDEN, "wrong_passphrase", "The passphrase is wrong."))
        }
        Err(UnsealError::TooShort(_)) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "The passphrase of a new key must have at least 16 characters.",
        )),
        Err(UnsealError::AlreadyOpen) => Err(conflict("The keys are unsealed already.")),
        Err(UnsealError::NotByPassphrase) => Err(conflict("This key provider is not unsealed with a passphrase.")),
        Err(UnsealError::Failed(private)) => Err(refusal::answer(&vault, Error::Failed(private))),
    }
}
