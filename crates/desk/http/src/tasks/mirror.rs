//! Mirrors the vault's audit chain and holds it against what the desk saw before: a chain that was rebuilt, cut or exchanged
//! raises an alert.

use std::sync::Arc;
use std::time::Duration;

use aside_chain::{ChainId, Checkpoint, Content, Fault, Place};
use aside_desk_domain::{AlertKind, Zone};
use aside_desk_store::{Mirror, MirroredEntry, StoreError};
use aside_wire::{AuditEntry, AuditState};

use super::Stopping;
use crate::desk::Desk;
use crate::link::LinkError;
use crate::watch::Wrong;

/// How often the vault is asked.
const ROUND: Duration = Duration::from_secs(5);
/// Entries in one answer.
const AT_ONCE: u32 = 500;

/// Why the mirror does not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MirrorError {
    /// The vault does not answer.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// It cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It answers what no vault of ours does.
    #[error("the vault's audit chain cannot be read")]
    Unreadable,
    /// What it answers does not follow what it answered before.
    #[error("the vault's audit chain is not what it was: {0}")]
    Fault(Fault),
}

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        match stopping.or(desk.mirror_vault()).await {
            None => return,
            Some(Ok(()) | Err(MirrorError::Link(LinkError::Down(_)))) => {}
            Some(Err(error)) => tracing::warn!(%error, "the vault's audit log could not be mirrored"),
        }
        if !stopping.sleep(ROUND).await {
            return;
        }
    }
}

impl Desk {
    /// Mirrors what is new.
    pub(crate) async fn mirror_vault(&self) -> Result<(), MirrorError> {
        let state = self.link.audit_state().await?;
        let result = self.follow(&state).await;
        let fault = match &result {
            Err(MirrorError::Fault(fault)) => Some(Wrong::from(*fault)),
            // The vault does not say where; the same word for the same fault, so that it is raised once.
            _ if !state.whole => Some(Wrong { word: "changed", sequence: 0 }),
            _ => None,
        };
        if let Some(fault) = fault {
            self.watch.note(Zone::Vault, |seen| seen.fault = Some(fault));
            let key = format!("vault_log {} {}", fault.word, fault.sequence);
            let detail = format!("{} {}", fault.word, fault.sequence);
            self.alert(AlertKind::VaultLog, key, Some(detail)).await?;
        }
        result
    }

    async fn follow(&self, state: &AuditState) -> Result<(), MirrorError> {
        let chain: ChainId = state.chain.parse().map_err(|_| MirrorError::Unreadable)?;
        let checkpoint = state.checkpoint.as_deref().and_then(Checkpoint::in_line);
        let signed = checkpoint.map(|checkpoint| (checkpoint.sequence, checkpoint.at));
        self.watch.note(Zone::Vault, |seen| seen.checkpoint = signed);
        let mirror = match self.store.mirror().await? {
            Some(mirror) if mirror.chain == chain => mirror,
            former => {
                let hash = state.after_hash.parse().map_err(|_| MirrorError::Unreadable)?;
                let after = Place { sequence: state.after_sequence, hash };
                self.store.begin_mirror(chain, after).await?;
                if let Some(former) = former {
                    return Err(MirrorError::Fault(Fault::OtherChain { chain, sequence: former.last.sequence }));
                }
                Mirror { chain, after, last: after }
            }
        };
        let told = Place {
            sequence: state.last_sequence,
            hash: state.last_hash.parse().map_err(|_| MirrorError::Unreadable)?,
        };
        if told.sequence < mirror.last.sequence {
            let (last, signed) = (told.sequence, mirror.last.sequence);
            return Err(MirrorError::Fault(Fault::Cut { last, signed }));
        }
        if told.sequence == mirror.last.sequence && told.hash != mirror.last.hash {
            return Err(MirrorError::Fault(Fault::Rebuilt { sequence: told.sequence }));
        }
        let mut last = mirror.last;
        while last.sequence < told.sequence {
            let page = self.link.audit(last.sequence, AT_ONCE).await?;
            if page.chain != state.chain {
                return Ok(());
            }
            let entries: Option<Vec<_>> = page.entries.into_iter().map(mirrored).collect();
            let entries = entries.ok_or(MirrorError::Unreadable)?;
            if entries.is_empty() {
                return Err(MirrorError::Fault(Fault::Cut { last: last.sequence, signed: told.sequence }));
            }
            last = self.store.add_mirrored(entries).await?.map_err(MirrorError::Fault)?;
        }
        Ok(())
    }
}

fn mirrored(entry: AuditEntry) -> Option<MirroredEntry> {
    let place = Place { sequence: entry.sequence, hash: entry.hash.parse().ok()? };
    let body_hash = match (&entry.body, &entry.withheld) {
        (Some(body), None) => Content::Body(body).hash(),
        (None, Some(hash)) => hash.parse().ok()?,
        _ => return None,
    };
    Some(MirroredEntry { place, body: entry.body, body_hash })
}
