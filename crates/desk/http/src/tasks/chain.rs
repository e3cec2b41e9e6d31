//! Watches over the audit chain and the disk: signs checkpoints, proves both chains, takes away what is too old, and keeps space
//! for authenticated acts (A8).

use std::sync::Arc;
use std::time::Duration;

use aside_base::Timestamp;
use aside_chain::Place;
use aside_desk_domain::{Action, Actor, AlertKind, AuditRow, Finding, Outcome, Target, Zone};
use aside_desk_store::StoreError;

use super::Stopping;
use crate::desk::Desk;
use crate::live::Notice;

/// Entries proved, or taken away, at a time.
const BATCH: u32 = 2_000;
/// How often free space is measured.
const MEASURED_EVERY: Duration = Duration::from_secs(5);
/// Checkpoints are signed once in so many rounds, where there is something new.
const SIGNED_EVERY: u64 = 12;
/// What is too old is looked for once in so many rounds.
const PRUNED_EVERY: u64 = 720;
const DAY_MILLIS: i64 = 86_400_000;
/// No site's policy can keep entries for less.
const LEAST_DAYS: u32 = 365;

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    let mut round = 0_u64;
    loop {
        desk.measure_space().await;
        if round.is_multiple_of(SIGNED_EVERY) {
            warned("the audit log cannot be proved", desk.prove_chains(false).await);
            warned("a checkpoint cannot be kept", desk.sign_checkpoint().await);
        }
        if round.is_multiple_of(PRUNED_EVERY) {
            warned("the audit log cannot be pruned", desk.prune_audit().await);
        }
        round += 1;
        if !stopping.sleep(MEASURED_EVERY).await {
            return warned("a checkpoint cannot be kept", desk.sign_checkpoint().await);
        }
    }
}

fn warned(what: &'static str, result: Result<(), StoreError>) {
    if let Err(error) = result {
        tracing::warn!(%error, "{what}");
    }
}

impl Desk {
    /// Signs a checkpoint if there is something new, keeps it and ships it. One that cannot be shipped is kept all the same; the
    /// next says everything that it said.
    pub(crate) async fn sign_checkpoint(&self) -> Result<(), StoreError> {
        let Some(notary) = self.watch.outlook.notary.clone() else { return Ok(()) };
        let head = self.store.chain_head().await?;
        let last = self.store.last_checkpoint().await?;
        self.watch.note(Zone::Desk, |seen| seen.checkpoint = last.as_ref().map(|last| (last.sequence, last.at)));
        if head.sequence == last.map_or(0, |last| last.sequence) {
            return Ok(());
        }
        let checkpoint = notary.checkpoint(self.store.chain_id().await?, head, self.now());
        self.store.keep_checkpoint(checkpoint.clone()).await?;
        let (sequence, at) = (checkpoint.sequence, checkpoint.at);
        self.watch.note(Zone::Desk, |seen| seen.checkpoint = Some((sequence, at)));
        match tokio::task::spawn_blocking(move || notary.ship(&checkpoint)).await {
            Ok(Ok(())) => {}
            Ok(Err(failed)) => {
                tracing::error!(failed, "a checkpoint could not be shipped");
                let day = at.0.div_euclid(DAY_MILLIS);
                self.alert(AlertKind::Checkpoints, format!("checkpoints {day}"), None).await?;
            }
            Err(_) => tracing::error!("a checkpoint could not be shipped"),
        }
        Ok(())
    }

    /// Proves what was added to both chains since, or `anew` from their beginnings.
    pub(crate) async fn prove_chains(&self, anew: bool) -> Result<(), StoreError> {
        for zone in Zone::ALL {
            if anew {
                self.watch.note(zone, |seen| (seen.proved, seen.fault) = (None, None));
            }
            // A fault of the vault's own chain is found by whoever mirrors it, and does not go away.
            if self.watch.seen(zone).fault.is_none() {
                self.prove_chain(zone).await?;
            }
        }
        Ok(())
    }

    async fn prove_chain(&self, zone: Zone) -> Result<(), StoreError> {
        let begin = match zone {
            Zone::Desk => Some(match self.store.anchor().await? {
                Some(anchor) => anchor.place(),
                None => Place::before_first(self.store.chain_id().await?),
            }),
            Zone::Vault => self.store.mirror().await?.map(|mirror| mirror.after),
        };
        let Some(begin) = begin else { return Ok(()) };
        let proved = self.watch.seen(zone).proved;
        let mut place = proved.filter(|proved| proved.sequence >= begin.sequence).unwrap_or(begin);
        loop {
            let next = match zone {
                Zone::Desk => self.store.prove_from(place, BATCH).await?,
                Zone::Vault => self.store.prove_mirror_from(place, BATCH).await?,
            };
            match next {
                Ok(next) if next == place => break,
                Ok(next) => place = next,
                Err(fault) => {
                    tracing::error!(%fault, zone = zone.as_str(), "an audit log is not whole");
                    self.watch.note(zone, |seen| seen.fault = Some(fault.into()));
                    let kind = if zone == Zone::Desk { AlertKind::DeskLog } else { AlertKind::VaultLog };
                    return self.alert(kind, format!("{} {fault}", kind.as_str()), Some(fault.to_string())).await;
                }
            }
        }
        let now = self.now();
        self.watch.note(zone, |seen| (seen.proved, seen.checked_at) = (Some(place), Some(now)));
        Ok(())
    }

    /// How many days entries are kept: what the site asks that asks for the most.
    pub(crate) async fn audit_days(&self) -> Result<u32, StoreError> {
        let mut days = LEAST_DAYS;
        for site in self.store.sites().await? {
            let policy = self.store.security(&site.id).await?.map(|security| security.policy);
            days = days.max(policy.map_or(LEAST_DAYS, |policy| policy.audit_days));
        }
        Ok(days)
    }

    /// Takes away what is older than every site's policy keeps, a signed anchor in its place.
    pub(crate) async fn prune_audit(&self) -> Result<(), StoreError> {
        let Some(notary) = self.watch.outlook.notary.clone() else { return Ok(()) };
        let (now, days) = (self.now(), self.audit_days().await?);
        let before = Timestamp(now.0 - i64::from(days) * DAY_MILLIS);
        let mut gone = 0;
        while let Some(due) = self.store.overdue(before, BATCH).await? {
            let anchor = notary.anchor(self.store.chain_id().await?, due.place, due.last_at, now);
            gone += self.store.take_away(anchor, now).await?;
        }
        while self.store.take_mirrored_away(before, BATCH).await? > 0 {}
        if gone > 0 { self.note_itself(Action::PruneAudit, Outcome::Done).await } else { Ok(()) }
    }

    /// Measures free space. Either change is logged and audited, and the low one raises an alert.
    pub async fn measure_space(&self) {
        let Some(low_space) = self.watch.outlook.low_space.clone() else { return };
        let low = tokio::task::spawn_blocking(move || low_space()).await.unwrap_or(true);
        if self.is_low_on_space() == low {
            return;
        }
        self.set_low_on_space(low);
        if low {
            tracing::error!("there is little space left: what visitors send is refused until there is more");
            let at = self.now().0;
            warned("an alert cannot be raised", self.alert(AlertKind::LowSpace, format!("low_space {at}"), None).await);
        } else {
            tracing::info!("there is space again");
        }
        let reason = if low { "low" } else { "enough" };
        let noted = self.note_itself(Action::LowSpace, Outcome::DoneBecause(reason)).await;
        warned("low space cannot be recorded", noted);
    }

    async fn note_itself(&self, action: Action, outcome: Outcome) -> Result<(), StoreError> {
        let (at, target) = (self.now(), Target::AuditLog);
        self.store
            .record(AuditRow { at, site: None, actor: Actor::Desk, from: None, action, target, outcome, detail: None })
            .await
    }

    /// Raises an alert of the house, and tells who is there.
    pub(crate) async fn alert(&self, kind: AlertKind, key: String, detail: Option<String>) -> Result<(), StoreError> {
        let now = self.now();
        let finding = Finding { kind, at: now, agent: None, key, count: None, detail };
        if self.store.raise(None, vec![finding], now).await? > 0 {
            for site in self.store.sites().await? {
                self.live.tell(Notice::Alert { site: site.id });
            }
        }
        Ok(())
    }
}
