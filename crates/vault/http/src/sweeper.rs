//! What happens by itself: clocks end, leases lapse, memory is wiped, counts are written, old keys go.

use std::sync::Arc;
use std::time::Duration;

use aside_base::Timestamp;
use aside_vault_domain::{Caller, Lease, Occasion};
use aside_vault_store::{Error, RefusalCount};

use crate::Vault;
use crate::tally::Row;

/// How many invitations one transaction ends.
const BATCH: u32 = 500;
/// Keys and events that are done with are purged once in so many sweeps.
const PURGE_EVERY: u64 = 60;

/// Sweeps each second until `shutdown` completes, and once more then.
pub async fn sweep(vault: Arc<Vault>, shutdown: impl Future<Output = ()>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    tokio::pin!(shutdown);
    let mut count = 0_u64;
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = ticks.tick() => {}
        }
        vault.sweep_once().await;
        if count.is_multiple_of(PURGE_EVERY) {
            vault.purge().await;
        }
        count += 1;
    }
    vault.write_counts(vault.tally.take_all()).await;
}

impl Vault {
    /// One sweep. Each part goes on when another fails: what is in memory is wiped whatever the store does.
    pub async fn sweep_once(&self) {
        let now = self.now();
        self.memory.sweep(now);
        self.note_due(now).await;
        self.asked.sweep(now);
        self.close_lapsed(now).await;
        self.leases.sweep(now);
        self.end_clocks(now).await;
        self.write_counts(self.tally.take(now)).await;
    }

    /// Closes the views of sessions that the desk no longer vouches for (V4): the screens first, then the record.
    async fn close_lapsed(&self, now: Timestamp) {
        let lapsed = self.screens.close_where(|on| self.leases.of(&on.site, on.session, now) == Lease::Lapsed);
        for (_, session) in lapsed {
            let on = Occasion { now, caller: Caller::vault() };
            match self.store.close_views(on, session).await {
                Ok(ended) => self.forget(&ended),
                Err(error) => tracing::warn!(%error, "cannot record that a session's views were closed"),
            }
        }
    }

    /// Tells of the off-the-record answers whose time has ended, wiped just before. What cannot be written now is told by a
    /// later sweep.
    async fn note_due(&self, now: Timestamp) {
        loop {
            match self.store.note_due(Occasion { now, caller: Caller::vault() }, BATCH).await {
                Ok(noted) if noted < BATCH => return,
                Ok(_) => tokio::task::yield_now().await,
                Err(error) => {
                    tracing::warn!(%error, "cannot note that off-the-record answers are gone");
                    return;
                }
            }
        }
    }

    /// The memory begins empty: tells of everything that was in it before (edge case 25). Called once, before anybody is
    /// served.
    ///
    /// # Errors
    /// It cannot be written; the vault must not start then.
    pub async fn note_restart(&self) -> Result<(), Error> {
        let gone = self.store.note_restart(Occasion { now: self.now(), caller: Caller::vault() }).await?;
        if gone > 0 {
            tracing::warn!(
                submissions = gone,
                "off-the-record answers did not outlive the restart; their agents are told"
            );
        }
        Ok(())
    }

    async fn end_clocks(&self, now: Timestamp) {
        loop {
            match self.store.expire_due(now, BATCH).await {
                Ok(expired) => {
                    for invitation in &expired {
                        self.memory.release(invitation.invitation);
                    }
                    if expired.len() < BATCH as usize {
                        return;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot end what is due");
                    return;
                }
            }
        }
    }

    /// Deletes what is done with, batch after batch, so that the writer serves others between them.
    async fn purge(&self) {
        loop {
            match self.store.purge(self.now(), BATCH).await {
                Ok(purged) if purged.keys.max(purged.events) < u64::from(BATCH) => return,
                Ok(_) => tokio::task::yield_now().await,
                Err(error) => {
                    tracing::warn!(%error, "cannot purge");
                    return;
                }
            }
        }
    }

    /// In a minute in which space is kept for authenticated acts they wait: their memory is bounded.
    async fn write_counts(&self, rows: Vec<(Row, u64)>) {
        if rows.is_empty() {
            return;
        }
        if self.watch.is_low() {
            return self.tally.put_back(rows);
        }
        let counts = rows.iter().map(|(row, count)| RefusalCount {
            kind: format!("{}:{}", row.act, row.reason),
            prefix: row.network.clone(),
            minute: row.minute,
            count: u32::try_from(*count).unwrap_or(u32::MAX),
        });
        if let Err(error) = self.store.count_refusals(counts.collect()).await {
            tracing::warn!(%error, "cannot write the refusals' counts yet");
            self.tally.put_back(rows);
        }
    }
}
