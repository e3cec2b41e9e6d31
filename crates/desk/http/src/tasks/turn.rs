//! One turn of what the tasks do again and again: for whoever holds the clock, and cannot wait for theirs.

use aside_desk_store::StoreError;

use super::{errands, events, idle, leases, publishing, repair};
use crate::Desk;

/// The most polls of one turn: more events than that are left for the next.
const POLLS: u32 = 100;

impl Desk {
    /// Publishes the sites, looks at idle sessions, vouches for the living ones, tells the vault what is due, gives up what was
    /// lost, and applies what has happened there: each once, in this order, without waiting. A vault that cannot be reached
    /// is tried again in the next turn.
    ///
    /// # Errors
    /// The store's.
    pub async fn turn(&self) -> Result<(), StoreError> {
        // A refusal here is the vault's, or the link's: the next turn publishes again.
        let published = publishing::publish_all(self).await;
        tracing::debug!(?published, "published");
        idle::sweep(self).await?;
        errands::round(self).await?;
        leases::renew(self).await?;
        repair::repair(self).await?;
        for _ in 0..POLLS {
            match events::follow(self, 0).await {
                Ok(true) => {}
                Ok(false) | Err(events::Trouble::Link(_)) => return Ok(()),
                Err(events::Trouble::Store(error)) => return Err(error),
            }
        }
        Ok(())
    }
}
