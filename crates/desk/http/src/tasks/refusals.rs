//! Writes the refusals that were counted in memory: each minute's when it is over, as one entry for each row, and once more at the
//! end. While space is kept for authenticated acts they wait in memory, which is bounded.

use std::sync::Arc;
use std::time::Duration;

use aside_desk_domain::RefusalCount;

use super::Stopping;
use crate::desk::Desk;

/// How often it is looked for a minute that is over.
const ROUND: Duration = Duration::from_secs(5);

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    while stopping.sleep(ROUND).await {
        write(&desk, desk.refusals.take(desk.now())).await;
    }
    write(&desk, desk.refusals.take_all()).await;
}

async fn write(desk: &Desk, counts: Vec<RefusalCount>) {
    if counts.is_empty() {
        return;
    }
    if desk.is_low_on_space() {
        return desk.refusals.put_back(counts);
    }
    if let Err(error) = desk.store.count_refusals(counts.clone()).await {
        tracing::warn!(%error, "refusals could not be counted yet");
        desk.refusals.put_back(counts);
    }
}
