//! How long a site's answers are kept, and what closing a form means (V5, S11).

use aside_base::SiteId;
use aside_desk_domain::{By, SiteError};
use aside_wire::{Keeping, Reopen};
use async_trait::async_trait;

use crate::{StoreError, VerbError};

/// Settings of forms and answers.
#[async_trait]
pub trait SiteKeeping: Send + Sync {
    /// Changes them, with the errand that tells the vault and the audit row. False when nothing changed, or there is no such
    /// site.
    async fn set_keeping(
        &self,
        site: &SiteId,
        keeping: Keeping,
        reopen: Reopen,
        by: By,
    ) -> Result<bool, VerbError<SiteError>>;

    /// Owes the vault everything that it would have forgotten by being restored or made anew: what every account may do,
    /// whether forms are on, sites, rights that were lost, what was erased.
    async fn tell_everything(&self, now: aside_base::Timestamp) -> Result<(), StoreError>;
}
