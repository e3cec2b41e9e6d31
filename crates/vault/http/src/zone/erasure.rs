//! Erasing on the desk's word (V8), and how what is kept stands.

use std::sync::Arc;

use aside_base::ConversationId;
use aside_web::Problem;
use aside_wire::KeepingReport;
use axum::extract::State;
use http::StatusCode;

use super::caller::{Named, OnSite};
use super::refusal;
use crate::Vault;

/// Erases everything that is stored of the conversation, for good, and closes it: what awaits answers is cancelled, open views
/// close, off-the-record answers are wiped. Idempotent, also before anything was sent.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/conversations/{conversation}/erase", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("conversation" = String, Path, description = "The conversation.")),
    responses((status = 204)))]
pub(super) async fn erase(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(conversation): Named<ConversationId>,
) -> Result<StatusCode, Problem> {
    let ended = vault.store.erase_conversation(on.occasion, on.site, conversation).await;
    vault.forget(&ended.map_err(|error| refusal::answer(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}

/// How the site's stored answers stand.
#[utoipa::path(get, path = "/zone/v1/sites/{site}/keeping", tag = "zone",
    params(("site" = String, Path, description = "The site.")),
    responses((status = 200, body = KeepingReport)))]
pub(super) async fn report(State(vault): State<Arc<Vault>>, on: OnSite) -> Result<axum::Json<KeepingReport>, Problem> {
    let report = vault.store.keeping_report(on.site, on.occasion.now).await;
    let report = report.map_err(|error| refusal::answer(&vault, error))?;
    Ok(axum::Json(KeepingReport { last_purge: vault.purging.last_run(), ..report }))
}
