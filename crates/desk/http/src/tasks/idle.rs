//! What time does to sessions (A4): consoles without input lock, locked ones are signed out, old ones end. Feeds and polling
//! are no input.

use std::sync::Arc;
use std::time::Duration;

use aside_desk_store::StoreError;

use super::Stopping;
use crate::desk::Desk;

/// How often: a console locks at most so much late, and not even that for what it asks: each request looks for itself.
const ROUND: Duration = Duration::from_secs(1);

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        match stopping.or(sweep(&desk)).await {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::warn!(%error, "idle sessions could not be looked at"),
        }
        if !stopping.sleep(ROUND).await {
            return;
        }
    }
}

pub(super) async fn sweep(desk: &Desk) -> Result<(), StoreError> {
    let aftermath = desk.store.sweep_sessions(desk.now()).await?;
    if !(aftermath.ended.is_empty() && aftermath.locked.is_empty()) {
        desk.tell_sessions(&aftermath);
    }
    Ok(())
}
