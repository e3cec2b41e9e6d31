//! Writes the refusals that were counted in memory, a few seconds after they happened and once more at the end.

use std::sync::Arc;
use std::time::Duration;

use super::Stopping;
use crate::desk::Desk;

/// How often: what a kill can lose of mere counts.
const ROUND: Duration = Duration::from_secs(5);

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        let goes_on = stopping.sleep(ROUND).await;
        write(&desk).await;
        if !goes_on {
            return;
        }
    }
}

async fn write(desk: &Desk) {
    let counts = desk.refusals.take();
    if counts.is_empty() {
        return;
    }
    if let Err(error) = desk.store.count_refusals(counts.clone()).await {
        tracing::warn!(%error, "refusals could not be counted yet");
        desk.refusals.put_back(counts);
    }
}
