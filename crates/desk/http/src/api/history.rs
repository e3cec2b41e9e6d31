//! Conversations that are over, and the answers that were kept of them (V6).

use aside_base::{AgentId, ConversationId, InvitationId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{AgentName, ErasedBecause, InvitationState};

/// What is looked for; everything that is given must hold.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// A reference of a conversation, a visitor or a form, or a part of a visitor's name; at most 100 characters.
    pub text: Option<String>,
    /// Closed at or after this moment, in milliseconds since 1970.
    pub from: Option<i64>,
    /// Closed before this moment, in milliseconds since 1970.
    pub to: Option<i64>,
    /// This agent owned it or took part.
    #[param(value_type = Option<uuid::Uuid>)]
    pub agent: Option<AgentId>,
    /// Where to go on: the former page's `next`.
    pub before: Option<String>,
    /// How many conversations at most, 1 to 100; 50 without it.
    pub limit: Option<u32>,
}

/// Some conversations that are over, those closed last first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HistoryPage {
    /// The conversations.
    pub conversations: Vec<PastConversation>,
    /// Where to go on; nothing at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// A conversation that is over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PastConversation {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: ConversationId,
    /// Eight characters to find it by.
    pub reference: String,
    /// What the visitor is called; nothing where the brand gave no name, or it was erased.
    #[schema(required)]
    pub visitor_name: Option<String>,
    /// Eight characters to find the visitor by.
    pub visitor_reference: String,
    /// The agent whose it was last.
    #[schema(required)]
    pub owner: Option<AgentName>,
    /// When it began.
    #[schema(value_type = i64)]
    pub opened_at: Timestamp,
    /// When it was closed.
    #[schema(value_type = i64)]
    pub closed_at: Timestamp,
    /// The beginning of the last message.
    pub last_text: String,
    /// Its forms, oldest first.
    pub forms: Vec<PastForm>,
    /// Whether its texts were erased on request.
    pub erased: bool,
}

/// A form of a conversation that is over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PastForm {
    /// The invitation.
    #[schema(value_type = Uuid)]
    pub id: InvitationId,
    /// The form's title.
    pub title: String,
    /// The four characters on its card.
    pub reference: String,
    /// The state it ended in.
    pub status: InvitationState,
    /// Since when.
    #[schema(value_type = i64)]
    pub since: Timestamp,
    /// Why its answers are not kept any more, where they were and are not.
    #[schema(value_type = ErasedBecause, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased: Option<ErasedBecause>,
}

/// Why somebody wants to see answers of the past. Audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryReason {
    /// The visitor or their bank disputes something.
    Dispute,
    /// Fraud is suspected.
    FraudCheck,
    /// A court or an authority asks.
    LegalRequest,
    /// The person whose data it is asks.
    SubjectRequest,
    /// How agents work is looked at.
    QualityCheck,
}

/// What is said before answers of the past are seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHistoryView {
    /// Why.
    pub reason: HistoryReason,
    /// The case's number elsewhere: at most 40 letters, digits and hyphens, no card or identity number. Audited: it names nobody.
    #[serde(default)]
    #[schema(required = false, max_length = 40, pattern = "^[A-Za-z0-9-]{1,40}$")]
    pub reference: Option<String>,
}
