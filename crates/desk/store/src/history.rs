//! Conversations that are over (V6).

use aside_base::SiteId;
use aside_desk_domain::{HistoryCursor, HistoryFilter, PastPage};
use async_trait::async_trait;

use crate::StoreError;

/// History.
#[async_trait]
pub trait History: Send + Sync {
    /// Closed conversations of the site that are asked for, those closed last first, from before `before` on, at most `limit`.
    /// A text that fits very many is answered with the newest five hundred of them.
    async fn past_conversations(
        &self,
        site: &SiteId,
        filter: HistoryFilter,
        before: Option<HistoryCursor>,
        limit: u32,
    ) -> Result<PastPage, StoreError>;
}
