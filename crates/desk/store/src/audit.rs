//! The audit log. Verbs of the other traits write their own rows; these are for acts that change nothing here.

use aside_desk_domain::{AuditLine, AuditRow, RefusalCount, RefusalLine};
use async_trait::async_trait;

use crate::StoreError;

/// The audit log: rows are added, never changed or taken away.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Adds a row. The caller goes on only when it stands: no audit, no view.
    async fn record(&self, row: AuditRow) -> Result<(), StoreError>;

    /// Counts refusals of unknown callers: one row per kind, network, account and minute, all in one transaction.
    async fn count_refusals(&self, counts: Vec<RefusalCount>) -> Result<(), StoreError>;

    /// The rows of counted refusals after number `after`, oldest first, at most `limit`.
    async fn refusal_lines(&self, after: i64, limit: u32) -> Result<Vec<RefusalLine>, StoreError>;

    /// The rows after number `after`, oldest first, at most `limit`.
    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<AuditLine>, StoreError>;
}
