//! Taking along what is stored of a visitor (V8): the desk vouches, the vault's own page hands out.

use std::sync::Arc;

use aside_base::OneTimeKey;
use aside_vault_store::{GrantExport, MintKey};
use aside_web::{Json, Problem};
use aside_wire::{ExportGrant, ExportRequest, ProblemKind};
use axum::extract::State;

use super::caller::OnSite;
use super::refusal;
use crate::Vault;

/// The desk vouches that this session may take along what is stored of one visitor.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/exports", tag = "zone", request_body = ExportRequest,
    params(("site" = String, Path, description = "The site.")),
    responses((status = 200, body = ExportGrant), (status = 403, description = "`no_right`; `code` says which part of it."),
        (status = 423, description = "`locked`: the session is.")))]
pub(super) async fn grant(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Json(request): Json<ExportRequest>,
) -> Result<axum::Json<ExportGrant>, Problem> {
    on.require_history(&vault).map_err(refusal::problem)?;
    if let Some(field) = request.fault() {
        return Err(refusal::of_kind(ProblemKind::Invalid).field(field));
    }
    let (now, session) = (on.occasion.now, request.session);
    let lease = vault.leases.of(&on.site, session, now);
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let mint = MintKey { hash: key.hash(), expires_at: now.plus_seconds(vault.view_key_seconds) };
    let (conversations, reference) = (request.conversations, request.reference);
    let grant = GrantExport { session, lease, conversations, reference, key: mint };
    let expires_at = vault.store.grant_export(on.occasion, on.site, grant).await;
    let expires_at = expires_at.map_err(|error| refusal::answer(&vault, error))?;
    Ok(axum::Json(ExportGrant { key, expires_at }))
}
