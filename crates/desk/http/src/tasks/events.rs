//! The tail of the vault's events: one long poll after another, each page applied with its cursor in one transaction.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aside_desk_domain::Entry;
use aside_desk_store::{Applied, Heard, StoreError};
use aside_wire::{EventQuery, ProblemKind};
use tokio::time::Instant;

use super::Stopping;
use crate::desk::Desk;
use crate::link::LinkError;

/// How long the vault may wait for the next event before it answers.
const WAIT_MS: u32 = 20_000;
/// How soon to try again when the vault is down or the store is busy.
const AGAIN: Duration = Duration::from_secs(1);
/// The shortest time from one question to the next: what happens meanwhile comes in one page, is applied in one transaction
/// and told at once. Only a burst ever waits for it.
const PACE: Duration = Duration::from_millis(10);
/// An empty page in less than this means that the vault did not wait.
const HASTE: Duration = Duration::from_millis(200);

/// Why a round brought nothing.
pub(super) enum Trouble {
    Link(LinkError),
    Store(StoreError),
}

impl From<LinkError> for Trouble {
    fn from(error: LinkError) -> Self {
        Self::Link(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        let asked = Instant::now();
        let Some(round) = stopping.or(follow(&desk, WAIT_MS)).await else { return };
        match round {
            Ok(news) => {
                let pause = if news { PACE } else { HASTE };
                if !stopping.sleep(pause.saturating_sub(asked.elapsed())).await {
                    return;
                }
                continue;
            }
            // The link says by itself when the vault goes away and comes back.
            Err(Trouble::Link(LinkError::Down(_))) => {}
            Err(Trouble::Link(error)) => tracing::warn!(%error, "events could not be read"),
            Err(Trouble::Store(error)) => tracing::warn!(%error, "events could not be applied"),
        }
        if !stopping.sleep(AGAIN).await {
            return;
        }
    }
}

/// One poll that waits at most so long for an event; whether there was one.
pub(super) async fn follow(desk: &Desk, wait_ms: u32) -> Result<bool, Trouble> {
    let cursor = desk.store.cursor().await?;
    let query = EventQuery {
        after: cursor.map_or(0, |cursor| cursor.sequence),
        epoch: cursor.map(|cursor| cursor.epoch),
        // Without a cursor the answer cannot be applied, only where the stream stands now: taken at once, before anything
        // happens that a resynchronisation could only sum up.
        wait_ms: if cursor.is_some() { wait_ms } else { 0 },
    };
    let page = desk.link.events(&query).await?;
    let (epoch, head, nothing) = (page.epoch, page.head, page.events.is_empty());
    match desk.store.apply_events(page, desk.now()).await? {
        Applied::Done(entries) => tell(desk, &entries),
        Applied::OtherStream => {
            resynchronise(desk, epoch, head).await?;
            return Ok(true);
        }
    }
    Ok(!nothing)
}

/// Asks for the status of every invitation that something may have happened to, on a stream other than the one we knew.
async fn resynchronise(desk: &Desk, epoch: uuid::Uuid, head: i64) -> Result<(), Trouble> {
    tracing::info!("resynchronising with the vault");
    let mut heard = Vec::new();
    for followed in desk.store.followed_invitations().await? {
        let status = match desk.link.status(&followed.site, followed.invitation).await {
            Ok(status) => Some(status),
            Err(LinkError::Refused(ProblemKind::NotValid)) => None,
            Err(error) => return Err(error.into()),
        };
        heard.push(Heard { followed, status });
    }
    let entries = desk.store.resynchronise(epoch, head, heard, desk.now()).await?;
    tell(desk, &entries);
    Ok(())
}

fn tell(desk: &Desk, entries: &[Entry]) {
    let touched: BTreeSet<_> = entries.iter().map(|entry| (&entry.site, entry.conversation)).collect();
    for (site, conversation) in touched {
        desk.tell_entries(site, conversation);
    }
}
