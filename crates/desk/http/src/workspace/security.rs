//! The security policy and the minimum for secure forms (A10): loosening it says what stops, and stops it.

use std::sync::Arc;

use aside_base::SiteId;
use aside_desk_domain::{Policy, minimum};
use aside_web::Json;
use axum::extract::State;

use crate::api::{FormsState, MinimumPart, Range, Security, SecurityChange, SiteName};
use crate::caller::{Address, Allowed, PersonOrKey};
use crate::desk::Desk;
use crate::may::ManageSecurity;
use crate::refusal::Refusal;
use crate::shown;

/// The policy, the ranges of its numbers, and what secure forms need.
#[utoipa::path(get, path = "/api/security", operation_id = "read_security", tag = "admin",
    responses((status = 200, body = Security), (status = 403, description = "not_allowed")))]
pub(crate) async fn read(
    State(desk): State<Arc<Desk>>,
    reads: PersonOrKey<ManageSecurity>,
) -> Result<axum::Json<Security>, Refusal> {
    Ok(axum::Json(desk.security(&reads.site).await?))
}

/// Saves the policy. One that stops secure forms needs the brand's name in `confirm`; then every form that is out is
/// cancelled with it.
#[utoipa::path(put, path = "/api/security", operation_id = "change_security", tag = "admin", request_body = SecurityChange,
    responses((status = 200, body = Security), (status = 403, description = "not_allowed"),
        (status = 409, description = "confirm_stop, with `parts` and `open_invitations`"), (status = 422, description = "invalid")))]
pub(crate) async fn change(
    State(desk): State<Arc<Desk>>,
    from: Address,
    admin: Allowed<ManageSecurity>,
    Json(change): Json<SecurityChange>,
) -> Result<axum::Json<Security>, Refusal> {
    let brand = desk.store.site(admin.site()).await?.ok_or(Refusal::NotFound)?.brand;
    let confirmed = match change.confirm.as_deref().map(str::trim) {
        None => false,
        Some(typed) if typed == brand => true,
        Some(_) => return Err(Refusal::Invalid("confirm", "This is not the brand's name.")),
    };
    let policy = shown::policy_of(change.policy);
    if let Some(hours) = &policy.review.working_hours
        && jiff::tz::TimeZone::get(&hours.time_zone).is_err()
    {
        return Err(Refusal::OutOfRange("review.working_hours.time_zone"));
    }
    let aftermath = desk.store.set_policy(admin.site(), policy, confirmed, admin.by(&desk, from)).await?;
    desk.tell_aftermath(admin.site(), &aftermath);
    Ok(axum::Json(desk.security(admin.site()).await?))
}

impl Desk {
    async fn security(&self, site: &SiteId) -> Result<Security, Refusal> {
        let security = self.store.security(site).await?.ok_or(Refusal::NotFound)?;
        let site = self.store.site(site).await?.ok_or(Refusal::NotFound)?;
        let policy = &security.policy;
        let ranges =
            policy.ranges().into_iter().map(|range| (range.field, Range { min: range.least, max: range.most }));
        let parts = minimum(policy).into_iter().map(|part| MinimumPart { part: shown::part(part.part), met: part.met });
        Ok(Security {
            ranges: ranges.collect(),
            defaults: shown::policy(&Policy::default()),
            minimum: parts.collect(),
            forms: FormsState {
                on: security.forms_stopped_since.is_none(),
                stopped_since: security.forms_stopped_since,
                open_invitations: security.open_invitations,
            },
            low_space: self.is_low_on_space(),
            site: SiteName { id: site.id, brand: site.brand },
            policy: shown::policy(policy),
        })
    }
}
