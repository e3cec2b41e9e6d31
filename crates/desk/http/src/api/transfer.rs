//! Handing a conversation on (S8): who can take it, and to whom it goes.

use aside_base::AgentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody who can take a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Colleague {
    /// The account.
    #[schema(value_type = Uuid)]
    pub id: AgentId,
    /// The name people see.
    pub display_name: String,
    /// Whether a ready, unlocked session of theirs lives.
    pub here: bool,
}

/// To whom a conversation goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferTo {
    /// The account that takes it.
    #[schema(value_type = Uuid)]
    pub agent: AgentId,
}
