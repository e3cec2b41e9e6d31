//! What is done with keys while the vault serves: the provider is watched, and everything is moved to the newest keys when an
//! operator asks. A crash ends neither: what is left is found again, and moved.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aside_base::SiteId;
use aside_vault_domain::{Act, Caller, Moved, Occasion, On, ToMove, Wrapped};
use aside_vault_keys::KeyError;
use aside_vault_store::{Error, Result};
use tokio::sync::Notify;

use crate::Vault;
use crate::site_keys::KeysState;

/// How many are moved in one transaction: the writer serves others between two.
const BATCH: u32 = 200;
/// How often a provider that can be used is asked.
const CHECKED_EVERY: Duration = Duration::from_secs(15);
/// How soon one that cannot is asked again; then twice as long each time, up to [`CHECKED_EVERY`].
const AGAIN: Duration = Duration::from_secs(1);

/// A move, as far as it has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// How much there was to move.
    pub(crate) total: u64,
    /// How much was moved.
    pub(crate) done: u64,
    /// How much could not be opened and stays as it is.
    pub(crate) left: u64,
}

/// The move that is asked for or under way.
#[derive(Default)]
pub(crate) struct Moving {
    asked: Notify,
    progress: Mutex<Progress>,
}

impl Moving {
    /// Somebody asked: begins, or looks again.
    pub(crate) fn ask(&self) {
        self.asked.notify_one();
    }

    /// How far the last move has come.
    pub(crate) fn progress(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, progress: Progress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }
}

/// Watches the key provider and moves what is to be moved, until `shutdown` completes.
pub async fn tend_keys(vault: Arc<Vault>, shutdown: impl Future<Output = ()>) {
    tokio::select! {
        () = shutdown => {}
        () = watch_provider(&vault) => {}
        () = move_when_asked(&vault) => {}
    }
}

async fn watch_provider(vault: &Vault) {
    let mut pause = AGAIN;
    loop {
        if vault.check_keys().await == KeysState::Ready {
            pause = AGAIN;
            tokio::select! {
                () = tokio::time::sleep(CHECKED_EVERY) => {}
                () = vault.keys.became_unusable() => {}
            }
        } else {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(CHECKED_EVERY);
        }
    }
}

async fn move_when_asked(vault: &Vault) {
    let mut pause = AGAIN;
    loop {
        match vault.move_keys().await {
            Ok(()) => {
                pause = AGAIN;
                vault.moving.asked.notified().await;
            }
            Err(error) => {
                tracing::warn!(%error, "the move to the newest keys waits");
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = vault.moving.asked.notified() => {}
                }
                pause = (pause * 2).min(CHECKED_EVERY);
            }
        }
    }
}

impl Vault {
    /// Refuses where the site's keys are not at hand: before the visitor types, not after (V2).
    pub(crate) async fn require_key(&self, site: &SiteId) -> Result<()> {
        let (store, rng) = (self.store.as_ref(), self.rng.as_ref());
        self.keys.newest(store, site, rng).await?;
        // A card number needs this one too, and it may be sealed under a former version.
        self.keys.fingerprint_key(store, site, rng).await.map(drop)
    }

    /// Asks the key provider whether it can be used, and notes when that has changed.
    pub async fn check_keys(&self) -> KeysState {
        let (before, now) = self.keys.check().await;
        let act = match (before, now) {
            (KeysState::Ready, KeysState::Ready) => return now,
            (before, now) if before == now => return now,
            (_, KeysState::Ready) => Act::KeysAvailable,
            (_, KeysState::Sealed | KeysState::Unreachable) => Act::KeysUnavailable,
        };
        let (kind, state) = (self.keys.provider().kind().as_str(), now.as_str());
        tracing::warn!(provider = kind, state, "the key provider's state has changed");
        let on = On { detail: Some(format!("{kind}: {state}")), ..On::default() };
        let occasion = Occasion { now: self.now(), caller: Caller::vault() };
        if let Err(error) = self.store.note(occasion, act, on).await {
            tracing::warn!(%error, "cannot record that the key provider's state has changed");
        }
        now
    }

    /// Moves everything to the newest keys, and site keys to the provider, if that is under way. What was moved stays moved,
    /// whatever stops it.
    pub async fn move_keys(&self) -> Result<()> {
        let Some(rewrap) = self.store.rewrap_under_way().await? else { return Ok(()) };
        let mut sites: Vec<SiteId> = Vec::new();
        for version in self.store.site_key_versions().await? {
            if version.retired_at.is_none() {
                self.move_site_key(&version.site, version.version).await?;
            }
            if sites.last() != Some(&version.site) {
                sites.push(version.site);
            }
        }
        let waiting = self.waiting().await?;
        // After a crash: what is not left was done.
        let mut progress = Progress { total: rewrap.total.max(waiting), ..Progress::default() };
        progress.done = progress.total - waiting;
        self.moving.set(progress);
        for site in sites {
            self.move_site(&site, &mut progress).await?;
        }
        let on = Occasion { now: self.now(), caller: Caller::vault() };
        self.store.finish_rewrap(on, progress.done, progress.left).await
    }

    /// How much is sealed under older versions.
    async fn waiting(&self) -> Result<u64> {
        let versions = self.store.site_key_versions().await?;
        let newest =
            |site: &SiteId| versions.iter().filter(|of| of.site == *site).map(|of| of.version).max().unwrap_or(0);
        let sealing = self.store.sealing().await?;
        let older = sealing.iter().filter(|sealing| sealing.version < newest(&sealing.site));
        Ok(older.map(|older| older.data_keys + older.code_secrets + older.fingerprint_keys).sum())
    }

    async fn move_site_key(&self, site: &SiteId, version: u32) -> Result<()> {
        let Some(former) = self.store.site_key(site.clone(), Some(version)).await? else { return Ok(()) };
        if let Some(key) = self.keys.sealed_by_current(site, &former, self.rng.as_ref()).await? {
            let on = Occasion { now: self.now(), caller: Caller::vault() };
            self.store.move_site_key(on, site.clone(), former, key).await?;
        }
        Ok(())
    }

    async fn move_site(&self, site: &SiteId, progress: &mut Progress) -> Result<()> {
        let newest = self.keys.newest(self.store.as_ref(), site, self.rng.as_ref()).await?;
        let mut left = 0;
        loop {
            let batch = self.store.to_move(site.clone(), newest.version(), left, BATCH).await?;
            if batch.is_empty() {
                return Ok(());
            }
            let mut moved = Vec::with_capacity(batch.len());
            for from in batch {
                let former = self.keys.version(self.store.as_ref(), site, from.version).await?;
                match rewrapped(&newest, &former, &from, self.rng.as_ref()) {
                    Ok(sealed) => moved.push(Moved { from, version: newest.version(), sealed }),
                    Err(KeyError) => {
                        tracing::error!(%site, what = ?from.what, "cannot be opened, and stays as it is");
                        left += 1;
                        progress.left += 1;
                    }
                }
            }
            match self.store.keep_moved(site.clone(), moved).await {
                Ok(kept) => progress.done += kept,
                // Others come first; nothing of the batch was kept, and it is read again.
                Err(Error::Busy) => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(error) => return Err(error),
            }
            self.moving.set(*progress);
            tokio::task::yield_now().await;
        }
    }
}

fn rewrapped(
    newest: &aside_vault_keys::SiteKey,
    former: &aside_vault_keys::SiteKey,
    from: &ToMove,
    rng: &dyn aside_base::Rng,
) -> std::result::Result<Vec<u8>, KeyError> {
    match from.what {
        Wrapped::DataKey { submission, part } => newest.rewrap_data_key(former, submission, part, &from.sealed, rng),
        Wrapped::CodeSecret { agent } => newest.rewrap_code_secret(former, agent, &from.sealed, rng),
        Wrapped::FingerprintKey => newest.rewrap_fingerprint_key(former, &from.sealed, rng),
    }
}
