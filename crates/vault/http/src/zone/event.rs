//! The event stream as a long poll: what happened to invitations, ids and statuses only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::caller::Caller;
use super::refusal;
use crate::Vault;
use aside_base::Timestamp;
use aside_web::Problem;
use aside_wire::{EventPage, EventQuery, ProblemKind};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};

/// The longest wait for an event, in milliseconds.
const LONGEST: u32 = 25_000;

/// An acknowledgement only lets old events be purged: not worth a write at every poll, in milliseconds.
const ACKNOWLEDGE_EVERY: i64 = 10_000;

/// What each desk last acknowledged, and when that was written.
#[derive(Default)]
pub(crate) struct Acknowledged(Mutex<HashMap<String, (i64, Timestamp)>>);

impl Acknowledged {
    /// Whether `after` is news of this desk that should be written now; if so, it counts as written.
    fn is_due(&self, desk: &str, after: i64, now: Timestamp) -> bool {
        let mut desks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, written) = desks.get(desk).copied().unwrap_or((0, Timestamp(0)));
        let due = after > known && now.0.saturating_sub(written.0) >= ACKNOWLEDGE_EVERY;
        if due {
            desks.insert(desk.to_owned(), (after, now));
        }
        due
    }
}

/// What happened to invitations of the desk's sites: a long poll.
#[utoipa::path(get, path = "/zone/v1/events", tag = "zone",
    params(("after" = i64, Query, minimum = 0, description = "The last sequence number that the desk has applied."),
        ("epoch" = Option<Uuid>, Query, description = "The epoch that it belongs to."),
        ("wait_ms" = Option<u32>, Query, maximum = 25_000, description = "How long to wait for an event, at most 25000.")),
    responses((status = 200, body = EventPage), (status = 422, description = "`invalid`.")))]
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
    let applied = query.epoch == Some(page.epoch) && query.after <= page.head;
    if applied && vault.acknowledged.is_due(&caller.desk.name, query.after, caller.occasion.now) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_is_written_when_it_is_news_and_not_too_often() {
        let acknowledged = Acknowledged::default();
        let start = Timestamp(1_000_000);
        assert!(!acknowledged.is_due("desk", 0, start));
        assert!(acknowledged.is_due("desk", 5, start));
        assert!(!acknowledged.is_due("desk", 9, start.plus_seconds(9)));
        assert!(acknowledged.is_due("other", 1, start));
        assert!(acknowledged.is_due("desk", 9, start.plus_seconds(10)));
        assert!(!acknowledged.is_due("desk", 9, start.plus_seconds(60)));
    }
}
