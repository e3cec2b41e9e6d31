//! The audit log. Verbs of the other traits write their own rows; these are for acts that change nothing here.

use aside_desk_domain::{AuditLine, AuditRow, RefusalMinute};
use async_trait::async_trait;

use crate::StoreError;

/// The audit log: rows are added, never changed or taken away.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Adds a row. The caller goes on only when it stands: no audit, no view.
    async fn record(&self, row: AuditRow) -> Result<(), StoreError>;

    /// Counts one more refusal of an unknown caller.
    async fn count_refusal(&self, refusal: RefusalMinute) -> Result<(), StoreError>;

    /// How often that was refused in that minute.
    async fn refusals(&self, refusal: RefusalMinute) -> Result<u64, StoreError>;

    /// The rows after number `after`, oldest first, at most `limit`.
    async fn audit_lines(&self, after: i64, limit: u32) -> Result<Vec<AuditLine>, StoreError>;
}
