//! Alerts: what the review of looks at answers, the chains and the disk gave reason to look at.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;

use crate::api::{Alert, NamedPerson};
use crate::caller::{Address, Allowed};
use crate::desk::Desk;
use crate::extract::Path;
use crate::may::ReadAudit;
use crate::refusal::Refusal;

/// How many are shown.
const SHOWN: u32 = 200;

/// Alerts: those that nobody has looked at first.
#[utoipa::path(get, path = "/api/alerts", operation_id = "list_alerts", tag = "admin",
    responses((status = 200, body = Vec<Alert>), (status = 403, description = "not_allowed")))]
pub(crate) async fn list(
    State(desk): State<Arc<Desk>>,
    reader: Allowed<ReadAudit>,
) -> Result<axum::Json<Vec<Alert>>, Refusal> {
    let people = desk.store.people(reader.site(), desk.now()).await?;
    let name = |id| {
        let person = people.iter().find(|person| person.account.agent.id == id);
        person.map(|person| person.account.agent.display_name.as_str().to_owned())
    };
    let alerts = desk.store.alerts(reader.site().clone(), SHOWN).await?;
    let shown = alerts.into_iter().map(|alert| Alert {
        id: alert.id,
        kind: alert.finding.kind.as_str().to_owned(),
        at: alert.finding.at,
        person: alert.finding.agent.map(|id| NamedPerson { id: id.to_string(), name: alert.name }),
        count: alert.finding.count,
        detail: alert.finding.detail,
        acknowledged_at: alert.acknowledged.map(|(_, at)| at),
        acknowledged_by: alert.acknowledged.and_then(|(by, _)| name(by)),
    });
    Ok(axum::Json(shown.collect()))
}

/// Somebody has looked at it.
#[utoipa::path(post, path = "/api/alerts/{id}/acknowledge", operation_id = "acknowledge_alert", tag = "admin",
    params(("id" = i64, Path)),
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn acknowledge(
    State(desk): State<Arc<Desk>>,
    from: Address,
    reader: Allowed<ReadAudit>,
    Path(id): Path<i64>,
) -> Result<StatusCode, Refusal> {
    let by = reader.by(&desk, from);
    if !desk.store.acknowledge(reader.site().clone(), id, by).await? {
        return Err(Refusal::NotFound);
    }
    Ok(StatusCode::NO_CONTENT)
}
