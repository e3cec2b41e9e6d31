//! What is kept, what was erased, and what a person may take along (V5, V8).

use aside_base::{ConversationId, OneTimeKey, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reference::is_fit_reference;

/// `GET /zone/v1/sites/{site}/keeping`: how the site's stored answers stand. Counts are of *parts*: the answers of one
/// submission that are kept equally long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeepingReport {
    /// Kept now.
    pub held: u64,
    /// Of these, erased within the next 30 days.
    pub due_soon: u64,
    /// Erased so far, for whatever reason.
    pub erased_total: u64,
    /// When the last part was erased.
    #[schema(value_type = Option<i64>)]
    pub last_erased: Option<Timestamp>,
    /// When the purge last ran to its end; none since the vault started.
    #[schema(value_type = Option<i64>)]
    pub last_purge: Option<Timestamp>,
    /// Whether a card number has been kept for more than seven days, which few can justify (PCI DSS 3.2.1).
    #[serde(default)]
    pub cards_over_week: bool,
}

/// `POST /zone/v1/sites/{site}/exports`: the desk vouches that this session may take along what is stored of one visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// The session that asks.
    #[schema(value_type = Uuid)]
    pub session: SessionId,
    /// The visitor's conversations, at most [`ExportRequest::MOST`].
    #[schema(value_type = Vec<Uuid>, max_items = 500)]
    pub conversations: Vec<ConversationId>,
    /// Which case it belongs to: at most 40 letters, digits and hyphens, no card or identity number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl ExportRequest {
    /// The most conversations in one export.
    pub const MOST: usize = 500;

    /// The field that is wrong, if one is.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        if !(1..=Self::MOST).contains(&self.conversations.len()) {
            Some("conversations")
        } else if !is_fit_reference(self.reference.as_deref()) {
            Some("reference")
        } else {
            None
        }
    }
}

/// The answer to [`ExportRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportGrant {
    /// The `export` OTK, good for seconds, in the session's enrolled browser alone.
    #[schema(value_type = String)]
    pub key: OneTimeKey,
    /// When it ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_of_one_to_500_conversations() {
        let id = uuid::Uuid::from_u128(1);
        let of = |count, reference: Option<&str>| {
            let conversations = vec![ConversationId::from_uuid(id); count];
            let request = ExportRequest {
                session: SessionId::from_uuid(id),
                conversations,
                reference: reference.map(str::to_owned),
            };
            request.fault()
        };
        assert_eq!((of(0, None), of(1, None), of(500, Some("CASE-1"))), (Some("conversations"), None, None));
        assert_eq!((of(501, None), of(1, Some("Alex Smith"))), (Some("conversations"), Some("reference")));
        assert_eq!(of(1, Some("4111-1111-1111-1111")), Some("reference"));
    }
}
