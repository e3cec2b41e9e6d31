//! How long answers are kept, and what closing a form means: a site's settings (V5, S11).

use std::collections::BTreeMap;
use std::sync::Arc;

use aside_base::SiteId;
use aside_web::Json;
use aside_wire::Keeping;
use axum::extract::State;

use crate::api::{KeepingChange, KeepingView, Range};
use crate::caller::{Address, Allowed, PersonOrKey};
use crate::desk::Desk;
use crate::may::ManageSecurity;
use crate::refusal::Refusal;
use crate::shown;

/// The settings, and what the vault keeps now.
#[utoipa::path(get, path = "/api/keeping", operation_id = "read_keeping", tag = "admin",
    responses((status = 200, body = KeepingView), (status = 403, description = "not_allowed")))]
pub(crate) async fn read(
    State(desk): State<Arc<Desk>>,
    reads: PersonOrKey<ManageSecurity>,
) -> Result<axum::Json<KeepingView>, Refusal> {
    Ok(axum::Json(desk.keeping(&reads.site).await?))
}

/// Saves the settings. A shorter time holds for what is stored too: the vault erases it.
#[utoipa::path(put, path = "/api/keeping", operation_id = "change_keeping", tag = "admin", request_body = KeepingChange,
    responses((status = 200, body = KeepingView), (status = 403, description = "not_allowed"),
        (status = 422, description = "invalid: keeping.days")))]
pub(crate) async fn change(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManageSecurity>,
    Json(change): Json<KeepingChange>,
) -> Result<axum::Json<KeepingView>, Refusal> {
    let (keeping, reopen) = (shown::keeping_of(change.keeping), shown::reopen_of(change.reopen));
    if desk.store.set_keeping(admin.site(), keeping, reopen, admin.by(&desk, from)).await? {
        desk.errands.notify_one();
    }
    Ok(axum::Json(desk.keeping(admin.site()).await?))
}

impl Desk {
    async fn keeping(&self, site: &SiteId) -> Result<KeepingView, Refusal> {
        let found = self.store.site(site).await?.ok_or(Refusal::NotFound)?;
        // What the vault does not tell now is left out: the settings are the desk's own.
        let report = match self.link.keeping(site).await {
            Ok(report) => Some(shown::report(report)),
            Err(error) => {
                tracing::info!(%error, "the vault did not tell what it keeps");
                None
            }
        };
        Ok(KeepingView {
            keeping: shown::keeping(found.keeping),
            reopen: shown::reopen(found.reopen),
            ranges: BTreeMap::from([("days", Range { min: 0, max: u32::from(Keeping::LONGEST) })]),
            report,
        })
    }
}
