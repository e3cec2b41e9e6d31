//! Invitations that were begun and never confirmed: a crash lies between, or a vault that was down. What the agent was told
//! had failed is given up, and the vault is told, so that it is never sent later behind its back. And what was erased is taken
//! out of the database's log, where that could not be done at once.

use std::sync::Arc;
use std::time::Duration;

use aside_base::Timestamp;
use aside_desk_store::StoreError;

use super::Stopping;
use crate::desk::Desk;

/// How often to look.
const ROUND: Duration = Duration::from_secs(30);
/// Far beyond the longest that a send may take.
const LOST_AFTER_MS: i64 = 120_000;

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        match stopping.or(repair(&desk)).await {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::warn!(%error, "unconfirmed invitations could not be given up"),
        }
        if !stopping.sleep(ROUND).await {
            return;
        }
    }
}

pub(super) async fn repair(desk: &Desk) -> Result<(), StoreError> {
    let before = Timestamp(desk.now().0.saturating_sub(LOST_AFTER_MS));
    for draft in desk.store.unconfirmed_invitations(before).await? {
        if desk.store.give_up_invitation(&draft.site, draft.id, "unconfirmed", desk.now()).await? {
            desk.errands.notify_one();
        }
    }
    desk.store.finish_erasing().await
}
