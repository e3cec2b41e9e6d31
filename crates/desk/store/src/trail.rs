//! Looking into both logs: search, export, and who looked at answers; and the alerts that follow.

use aside_base::{AgentId, SiteId, Timestamp};
use aside_chain::{Hash, Place};
use aside_desk_domain::{Alert, AuditCursor, AuditFilter, AuditScope, By, Finding, FoundPage, Sighting, Zone};
use async_trait::async_trait;

use crate::StoreError;

/// An entry for an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportEntry {
    /// Where.
    pub place: Place,
    /// When; what was withheld takes the time of the one before.
    pub at: Timestamp,
    /// Its body, where it was asked for and may be seen.
    pub body: Option<String>,
    /// Its body's hash.
    pub body_hash: Hash,
    /// The name of the person behind it.
    pub name: Option<String>,
}

/// Some entries of one zone, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPage {
    /// The entries.
    pub entries: Vec<ExportEntry>,
    /// Whether there is more.
    pub more: bool,
}

/// How often somebody looked at answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looks {
    /// Who.
    pub agent: AgentId,
    /// How many views.
    pub views: u32,
    /// How many reveals.
    pub reveals: u32,
    /// The last of them.
    pub last_at: Timestamp,
}

/// Looking into both logs.
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Entries that are asked for and may be seen, newest first, from before `before` on, at most `limit`. Looks at so many
    /// entries at most, so that a rare thing takes several calls and no long one.
    async fn search_audit(
        &self,
        scope: AuditScope,
        filter: AuditFilter,
        before: Option<AuditCursor>,
        limit: u32,
    ) -> Result<FoundPage, StoreError>;

    /// The place after which an export of `zone` begins so that all of `from` on is in it.
    async fn export_start(&self, zone: Zone, from: Option<Timestamp>) -> Result<Option<Place>, StoreError>;

    /// Entries of `zone` after `after` and up to `until`, in their order, without the bodies that were not asked for or may not
    /// be seen.
    async fn export_page(
        &self,
        zone: Zone,
        scope: AuditScope,
        filter: AuditFilter,
        after: i64,
        until: i64,
    ) -> Result<ExportPage, StoreError>;

    /// Looks at answers of the site from `from` until `until`, oldest first.
    async fn sightings(&self, site: SiteId, from: Timestamp, until: Timestamp) -> Result<Vec<Sighting>, StoreError>;

    /// Who looked at answers of the site from `from` until `until`, and how often.
    async fn looks(&self, site: SiteId, from: Timestamp, until: Timestamp) -> Result<Vec<Looks>, StoreError>;
}

/// Alerts.
#[async_trait]
pub trait Alerts: Send + Sync {
    /// Raises an alert for each finding that is new; the same key is raised once. Answers how many were new.
    async fn raise(&self, site: Option<SiteId>, findings: Vec<Finding>, now: Timestamp) -> Result<u32, StoreError>;

    /// The site's alerts and the house's, those that nobody has looked at first, then the newest.
    async fn alerts(&self, site: SiteId, limit: u32) -> Result<Vec<Alert>, StoreError>;

    /// Somebody has looked at it; audited. Answers whether there is such an alert.
    async fn acknowledge(&self, site: SiteId, alert: i64, by: By) -> Result<bool, StoreError>;

    /// Until when the site's entries were reviewed.
    async fn reviewed_until(&self, site: SiteId) -> Result<Option<Timestamp>, StoreError>;

    /// The site's entries were reviewed until `until`.
    async fn set_reviewed_until(&self, site: SiteId, until: Timestamp) -> Result<(), StoreError>;
}
