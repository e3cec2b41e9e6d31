//! Handing conversations on (S8).

use aside_base::{AgentId, ConversationId, SiteId, Timestamp};
use aside_desk_domain::{By, Colleague, Entry, TransferRefusal};
use async_trait::async_trait;

use crate::{StoreError, VerbError};

/// Somebody hands a conversation on.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The site.
    pub site: SiteId,
    /// Which.
    pub conversation: ConversationId,
    /// Who takes it.
    pub to: AgentId,
    /// Who hands it on.
    pub by: By,
}

/// Transfers.
#[async_trait]
pub trait Transfers: Send + Sync {
    /// Hands a conversation on: the owner, its entry, the audit row; for each form that the former owner sent in it the right
    /// is lost here, and the errand is written that ends it at the vault; what was only prepared is given up. All in one
    /// transaction: no grant comes between.
    async fn transfer(&self, transfer: Transfer) -> Result<Entry, VerbError<TransferRefusal>>;

    /// Who can take a conversation of the site, by name.
    async fn colleagues(&self, site: &SiteId, now: Timestamp) -> Result<Vec<Colleague>, StoreError>;
}
