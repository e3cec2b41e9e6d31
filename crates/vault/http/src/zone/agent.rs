//! Agents as the desk reports them: what they may do, and that they lost their second factors.

use std::sync::Arc;

use aside_base::AgentId;
use aside_web::{Json, Problem};
use aside_wire::AgentRights;
use axum::extract::State;
use http::StatusCode;

use super::caller::{Named, OnSite};
use super::refusal;
use crate::Vault;

/// What the agent may do from now on (A1), on open sessions too. Idempotent.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/agents/{agent}/rights", tag = "zone", request_body = AgentRights,
    params(("site" = String, Path, description = "The site."),
        ("agent" = String, Path, description = "The agent.")),
    responses((status = 204)))]
pub(super) async fn set_rights(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(agent): Named<AgentId>,
    Json(rights): Json<AgentRights>,
) -> Result<StatusCode, Problem> {
    if !rights.secure_forms {
        // The screens first: should the record fail, the answers are off them all the same, and the desk asks again.
        vault.screens.close_where(|screen| screen.site == on.site && screen.agent == Some(agent));
    }
    let ended = vault.store.set_rights(on.occasion, on.site, agent, rights).await;
    vault.forget(&ended.map_err(|error| refusal::answer(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}

/// The agent's second factors are lost, and deleted (A5). A new one opens only what is sent after it. Idempotent.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/agents/{agent}/factors/reset", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("agent" = String, Path, description = "The agent.")),
    responses((status = 204)))]
pub(super) async fn reset_factors(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(agent): Named<AgentId>,
) -> Result<StatusCode, Problem> {
    let reset = vault.store.reset_factors(on.occasion, on.site, agent).await;
    reset.map_err(|error| refusal::answer(&vault, error))?;
    Ok(StatusCode::NO_CONTENT)
}
