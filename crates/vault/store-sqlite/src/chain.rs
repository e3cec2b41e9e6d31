//! The audit chain as a whole.

use aside_base::Timestamp;
use aside_chain::{Anchor, ChainId, Checkpoint, Fault as ChainFault, Place};
use aside_chain_sqlite::{self as chain, ChainError};
use aside_vault_domain::{Act, Occasion, On};
use aside_vault_store::{AuditChain, ChainEntry, Overdue, Result};
use async_trait::async_trait;

use crate::fault::Fault;
use crate::{SqliteStore, audit};

#[async_trait]
impl AuditChain for SqliteStore {
    async fn note(&self, occasion: Occasion, act: Act, on: On) -> Result<()> {
        self.write("note", move |db| Ok(audit::done(db, &occasion, act, &on)?)).await
    }

    async fn chain_id(&self) -> Result<ChainId> {
        self.read("chain_id", |db| Ok(chain::chain_id(db)?)).await
    }

    async fn local_key(&self) -> Result<Option<[u8; 16]>> {
        self.read("local_key", |db| Ok(chain::local_key(db)?)).await
    }

    async fn keep_local_key(&self, fingerprint: [u8; 16]) -> Result<()> {
        self.write("keep_local_key", move |db| Ok(chain::keep_local_key(db, &fingerprint)?)).await
    }

    async fn chain_head(&self) -> Result<Place> {
        self.read("chain_head", |db| Ok(chain::head(db)?)).await
    }

    async fn chain_page(&self, after: i64, limit: u32) -> Result<Vec<ChainEntry>> {
        self.read("chain_page", move |db| {
            let stored = chain::page(db, after, limit)?;
            Ok(stored.into_iter().map(|entry| ChainEntry { place: entry.place, body: entry.body }).collect())
        })
        .await
    }

    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>> {
        self.read("last_checkpoint", |db| Ok(chain::last_checkpoint(db)?)).await
    }

    async fn keep_checkpoint(&self, checkpoint: Checkpoint) -> Result<()> {
        self.write("keep_checkpoint", move |db| Ok(chain::keep_checkpoint(db, &checkpoint)?)).await
    }

    async fn anchor(&self) -> Result<Option<Anchor>> {
        self.read("anchor", |db| Ok(chain::anchor(db)?)).await
    }

    async fn prove_from(&self, place: Place, limit: u32) -> Result<std::result::Result<Place, ChainFault>> {
        self.read("prove_from", move |db| match chain::prove_from(db, place, limit) {
            Ok(place) => Ok(Ok(place)),
            Err(ChainError::Fault(fault)) => Ok(Err(fault)),
            Err(ChainError::Database(error)) => Err(Fault::Sql(error)),
        })
        .await
    }

    async fn overdue(&self, before: Timestamp, limit: u32) -> Result<Option<Overdue>> {
        self.read("overdue", move |db| {
            let due = chain::prunable(db, before, limit)?;
            Ok(due.map(|due| Overdue { place: due.place, last_at: due.last_at }))
        })
        .await
    }

    async fn take_away(&self, anchor: Anchor, now: Timestamp) -> Result<usize> {
        self.write("take_away", move |db| Ok(chain::prune(db, &anchor, now)?)).await
    }
}
