//! Conversations as the workspace lists and commands them.

use aside_base::{
    ConversationId, DefinitionHash, InvitationId, MessageId, OneTimeKey, Origin, SubmissionId, Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Channel, Entry, InvitationState};

/// A conversation in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationSummary {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: ConversationId,
    /// What the visitor is called; nothing where the brand gave no name.
    #[schema(required)]
    pub visitor_name: Option<String>,
    /// Open or closed.
    pub status: ConversationStatus,
    /// The agent who answers it.
    #[schema(required)]
    pub owner: Option<super::AgentName>,
    /// The beginning of the newest message.
    pub last_text: String,
    /// When something last happened.
    #[schema(value_type = i64)]
    pub last_at: Timestamp,
    /// Since when the visitor waits for an answer.
    #[schema(required, value_type = Option<i64>)]
    pub waiting_since: Option<Timestamp>,
    /// Messages of the visitor that this agent has not read; counts to 100.
    pub unread: u32,
    /// The newest invitation's state.
    #[schema(required)]
    pub invitation_status: Option<InvitationState>,
    /// Whether what was written in it was erased (V8).
    pub erased: bool,
}

/// Whether a conversation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStatus {
    /// It goes on.
    Open,
    /// It was closed.
    Closed,
}

/// A conversation with a page of its entries, oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationPage {
    /// The conversation.
    pub conversation: ConversationSummary,
    /// Entries before the asked place, in order.
    pub entries: Vec<Entry>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A message to send. The id is the client's, so that a repeat writes nothing twice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// A UUID made by the client.
    #[schema(value_type = Uuid)]
    pub id: MessageId,
    /// 1 to 4000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// A form to send. The id is the client's, so that a repeat sends nothing twice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// A UUID made by the client.
    #[schema(value_type = Uuid)]
    pub id: InvitationId,
    /// Which form: the hash of its definition.
    #[schema(value_type = String)]
    pub form: DefinitionHash,
    /// How it shall reach the visitor.
    pub channel: Channel,
}

/// What sending a form brought.
#[derive(Serialize, ToSchema)]
pub struct InvitationSent {
    /// The invitation's entry.
    pub entry: Entry,
    /// On the link channel, once: the link to pass on.
    #[schema(required)]
    pub link: Option<String>,
}

/// What re-issuing brought.
#[derive(Serialize, ToSchema)]
pub struct ReissuedLink {
    /// On the link channel: the new link; the old one is void.
    #[schema(required)]
    pub link: Option<String>,
}

/// Up to where an agent has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadUpTo {
    /// The newest entry seen.
    pub sequence: i64,
}

/// What the workspace posts into the vault's frame (S3 step 6).
#[derive(Serialize, ToSchema)]
pub struct ViewGrant {
    /// The answers' name.
    #[schema(value_type = Uuid)]
    pub submission: SubmissionId,
    /// The `view` OTK, good for seconds, once, and only in the browser that the vault enrolled.
    #[schema(value_type = String)]
    pub key: OneTimeKey,
    /// When the key ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
    /// The only origin the key may be posted to.
    #[schema(value_type = String)]
    pub vault_origin: Origin,
}
