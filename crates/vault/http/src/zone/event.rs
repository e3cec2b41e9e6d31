//! The event stream as a long poll: what happened to invitations, ids and statuses only.

use std::sync::Arc;
use std::time::Duration;

use aside_web::Problem;
use aside_wire::{EventPage, EventQuery, ProblemKind};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};

use super::caller::Caller;
use super::refusal;
use crate::Vault;

/// The longest wait for an event, in milliseconds.
const LONGEST: u32 = 25_000;

pub(super) async fn page(
    State(vault): State<Arc<Vault>>,
    caller: Caller,
    query: Result<Query<EventQuery>, QueryRejection>,
) -> Result<axum::Json<EventPage>, Problem> {
    let Query(query) = query.map_err(|_| refusal::of_kind(ProblemKind::Invalid))?;
    if query.after < 0 {
        return Err(refusal::of_kind(ProblemKind::Invalid).field("after"));
    }
    let sites = &caller.desk.sites;
    let events = async || {
        let page = vault.store.events(sites.clone(), query.after).await;
        page.map_err(|error| refusal::answer(&vault, error))
    };
    // Listening before looking: an event between the two wakes us.
    let mut committed = vault.store.events_committed();
    let mut stopping = vault.stopping.subscribe();
    let mut page = events().await?;
    if query.epoch == Some(page.epoch) && query.after > 0 && query.after <= page.head {
        let acknowledged = vault.store.acknowledge_events(sites.clone(), query.after).await;
        acknowledged.map_err(|error| refusal::answer(&vault, error))?;
    }
    let resynchronise =
        |page: &EventPage| query.epoch.is_some_and(|epoch| epoch != page.epoch) || page.head < query.after;
    let wait = tokio::time::sleep(Duration::from_millis(u64::from(query.wait_ms.min(LONGEST))));
    tokio::pin!(wait);
    while page.events.is_empty() && !resynchronise(&page) {
        tokio::select! {
            () = &mut wait => break,
            // An error means that the vault is gone, which is as good a reason.
            _ = stopping.wait_for(|stopping| *stopping) => break,
            changed = committed.changed() => {
                if changed.is_err() {
                    break;
                }
            }
        }
        page = events().await?;
    }
    Ok(axum::Json(page))
}
