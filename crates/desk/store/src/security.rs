//! A site's policy and what follows from it: the minimum, and whether secure forms are on (A10).

use aside_base::{SiteId, Timestamp};
use aside_desk_domain::{By, Policy, PolicyRefusal};
use async_trait::async_trait;

use crate::{Aftermath, StoreError, VerbError};

/// A site's policy as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSecurity {
    /// The policy.
    pub policy: Policy,
    /// Since when secure forms are stopped; none while they are on.
    pub forms_stopped_since: Option<Timestamp>,
    /// Invitations that nobody has answered yet: what a stop would cancel.
    pub open_invitations: u32,
}

/// Policies.
#[async_trait]
pub trait Security: Send + Sync {
    /// A site's policy; none without such a site.
    async fn security(&self, site: &SiteId) -> Result<Option<SiteSecurity>, StoreError>;

    /// Makes `policy` the site's. One that does not meet the minimum stops secure forms: every open invitation is cancelled
    /// with its entry, and the vault is told, in the same transaction; without `confirmed` it is refused instead. One that
    /// meets it again lets them go on.
    async fn set_policy(
        &self,
        site: &SiteId,
        policy: Policy,
        confirmed: bool,
        by: By,
    ) -> Result<Aftermath, VerbError<PolicyRefusal>>;
}
