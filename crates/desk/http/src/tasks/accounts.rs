//! Accounts that nobody uses are switched off (PCI 8.2.6), and counters of failed tries that mean nothing any more go.

use std::sync::Arc;
use std::time::Duration;

use aside_desk_store::StoreError;

use super::Stopping;
use crate::desk::Desk;

/// How often to look.
const ROUND: Duration = Duration::from_secs(10 * 60);

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        match stopping.or(look(&desk)).await {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::warn!(%error, "idle accounts could not be looked at"),
        }
        if !stopping.sleep(ROUND).await {
            return;
        }
    }
}

async fn look(desk: &Desk) -> Result<(), StoreError> {
    let now = desk.now();
    let aftermath = desk.store.disable_idle_accounts(now).await?;
    desk.tell_sessions(&aftermath);
    desk.store.forget_attempts(now).await
}
