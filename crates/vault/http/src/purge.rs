//! The purge (V5): erases what is over, in small batches, and cuts the database's log after it. Runs by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use aside_base::Timestamp;
use tokio::sync::Notify;

use crate::Vault;

/// How many parts of submissions one transaction erases at most, so that the writer serves others in between.
const BATCH: u32 = 200;
/// How often it looks, and how soon it tries again what failed.
const EVERY: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_secs(5);

/// How the purge stands.
pub(crate) struct Purging {
    wake: Notify,
    /// Something was erased since the log was last cut. True at the start: nobody knows what the last run left.
    uncut: AtomicBool,
    /// When it last ran to its end, in milliseconds; 0 before the first time.
    last_run: AtomicI64,
}

impl Default for Purging {
    fn default() -> Self {
        Self { wake: Notify::new(), uncut: AtomicBool::new(true), last_run: AtomicI64::new(0) }
    }
}

impl Purging {
    /// Something was erased outside the purge: the log is to be cut soon.
    pub(crate) fn erased(&self) {
        self.uncut.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// When it last ran to its end.
    pub(crate) fn last_run(&self) -> Option<Timestamp> {
        Some(self.last_run.load(Ordering::Acquire)).filter(|at| *at > 0).map(Timestamp)
    }
}

/// Purges each minute, and whenever something was erased, until `shutdown` completes.
pub async fn purge(vault: Arc<Vault>, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    loop {
        let pause = if vault.purge_once().await { EVERY } else { AGAIN };
        tokio::select! {
            () = &mut shutdown => break,
            () = vault.purging.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

impl Vault {
    /// One purge, batch after batch, until nothing more is due. Whether all of it went well.
    pub async fn purge_once(&self) -> bool {
        let (now, mut parts) = (self.now(), 0_u64);
        loop {
            match self.store.erase_due(now, BATCH).await {
                Ok(erased) => {
                    self.screens.close(&erased.views);
                    parts += u64::from(erased.parts);
                    if erased.parts > 0 {
                        self.purging.uncut.store(true, Ordering::Release);
                    }
                    if erased.parts < BATCH {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
                Err(error) => {
                    tracing::warn!(%error, parts, "cannot erase what is over");
                    return false;
                }
            }
        }
        if parts > 0 {
            tracing::info!(parts, "answers whose time was over were erased");
        }
        if self.purging.uncut.swap(false, Ordering::AcqRel)
            && let Err(error) = self.store.cut_log().await
        {
            self.purging.uncut.store(true, Ordering::Release);
            tracing::warn!(%error, "the database's log still holds what was erased: it is cut at the next try");
            return false;
        }
        self.purging.last_run.store(now.0, Ordering::Release);
        true
    }
}
