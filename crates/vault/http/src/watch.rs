//! Watches over the audit chain and the disk: signs checkpoints, proves the chain, takes away what is too old, and keeps space
//! for authenticated acts (A8).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aside_base::Timestamp;
use aside_chain::{Notary, Place};
use aside_vault_domain::{Act, Caller, Occasion, On};
use aside_vault_store::Result;

use crate::Vault;

/// Entries proved, or taken away, at a time.
const BATCH: u32 = 2_000;
/// How often free space is measured.
const MEASURED_EVERY: Duration = Duration::from_secs(5);
/// Checkpoints are signed once in so many rounds, where there is something new.
const SIGNED_EVERY: u64 = 12;
/// What is too old is looked for once in so many rounds.
const PRUNED_EVERY: u64 = 720;
const DAY_MILLIS: i64 = 86_400_000;

/// What the vault is watched with.
#[derive(Clone, Default)]
pub struct Outlook {
    /// Signs checkpoints; none in a test that looks at none.
    pub notary: Option<Notary>,
    /// Whether the space kept for authenticated acts is touched.
    pub low_space: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
    /// How many days entries are kept: 365 at least, whatever is said here.
    pub kept_days: u32,
}

/// What was seen last.
pub(crate) struct Watch {
    outlook: Outlook,
    whole: AtomicBool,
    low: AtomicBool,
}

impl Watch {
    pub(crate) fn new(outlook: Outlook) -> Self {
        Self { outlook, whole: AtomicBool::new(true), low: AtomicBool::new(false) }
    }

    /// Whether the chain was whole when it was last proved.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole.load(Ordering::Relaxed)
    }

    /// Whether strangers' writes are refused, because what is free is kept for authenticated acts.
    pub(crate) fn is_low(&self) -> bool {
        self.low.load(Ordering::Relaxed)
    }
}

/// Watches until `shutdown` completes; signs a last checkpoint then.
pub async fn watch(vault: Arc<Vault>, shutdown: impl Future<Output = ()>) {
    tokio::pin!(shutdown);
    let mut ticks = tokio::time::interval(MEASURED_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut round, mut proved) = (0_u64, None);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = ticks.tick() => {}
        }
        vault.measure_space().await;
        if round.is_multiple_of(SIGNED_EVERY) {
            warned("the audit log cannot be proved", vault.prove(&mut proved).await);
            warned("a checkpoint cannot be kept", vault.sign_checkpoint().await);
        }
        if round.is_multiple_of(PRUNED_EVERY) {
            warned("the audit log cannot be pruned", vault.prune().await);
        }
        round += 1;
    }
    warned("a checkpoint cannot be kept", vault.sign_checkpoint().await);
}

fn warned(what: &'static str, result: Result<()>) {
    if let Err(error) = result {
        tracing::warn!(%error, "{what}");
    }
}

impl Vault {
    /// Signs a checkpoint if there is something new, keeps it and ships it. One that cannot be shipped is kept all the same; the
    /// next says everything that it said.
    pub async fn sign_checkpoint(&self) -> Result<()> {
        let Some(notary) = self.watch.outlook.notary.clone() else { return Ok(()) };
        let head = self.store.chain_head().await?;
        let last = self.store.last_checkpoint().await?;
        if head.sequence == last.map_or(0, |last| last.sequence) {
            return Ok(());
        }
        let checkpoint = notary.checkpoint(self.store.chain_id().await?, head, self.now());
        self.store.keep_checkpoint(checkpoint.clone()).await?;
        match tokio::task::spawn_blocking(move || notary.ship(&checkpoint)).await {
            Ok(Ok(())) => {}
            Ok(Err(failed)) => tracing::error!(failed, "a checkpoint could not be shipped"),
            Err(_) => tracing::error!("a checkpoint could not be shipped"),
        }
        Ok(())
    }

    /// Proves what was added since, and everything at the start.
    async fn prove(&self, proved: &mut Option<Place>) -> Result<()> {
        let mut place = match proved {
            Some(place) => *place,
            None => match self.store.anchor().await? {
                Some(anchor) => anchor.place(),
                None => Place::before_first(self.store.chain_id().await?),
            },
        };
        loop {
            match self.store.prove_from(place, BATCH).await? {
                Ok(next) if next == place => break,
                Ok(next) => place = next,
                Err(fault) => {
                    tracing::error!(%fault, "the audit log is not whole");
                    self.watch.whole.store(false, Ordering::Relaxed);
                    return Ok(());
                }
            }
        }
        *proved = Some(place);
        Ok(())
    }

    /// Takes away what is too old, a signed anchor in its place.
    async fn prune(&self) -> Result<()> {
        let Some(notary) = &self.watch.outlook.notary else { return Ok(()) };
        let now = self.now();
        let days = i64::from(self.watch.outlook.kept_days.max(365));
        let mut gone = 0;
        while let Some(due) = self.store.overdue(Timestamp(now.0 - days * DAY_MILLIS), BATCH).await? {
            let anchor = notary.anchor(self.store.chain_id().await?, due.place, due.last_at, now);
            gone += self.store.take_away(anchor, now).await?;
        }
        if gone > 0 {
            self.note(Act::AuditPruned, format!("{gone} entries")).await?;
        }
        Ok(())
    }

    /// Measures free space. Either change is logged and audited.
    pub async fn measure_space(&self) {
        let Some(low_space) = self.watch.outlook.low_space.clone() else { return };
        let low = tokio::task::spawn_blocking(move || low_space()).await.unwrap_or(true);
        if self.watch.low.swap(low, Ordering::Relaxed) == low {
            return;
        }
        if low {
            tracing::error!("there is little space left: what strangers send is refused until there is more");
        } else {
            tracing::info!("there is space again");
        }
        let detail = if low { "low" } else { "enough" };
        warned("low space cannot be recorded", self.note(Act::LowSpace, detail.to_owned()).await);
    }

    async fn note(&self, act: Act, detail: String) -> Result<()> {
        let occasion = Occasion { now: self.now(), caller: Caller::vault() };
        self.store.note(occasion, act, On { detail: Some(detail), ..On::default() }).await
    }
}
