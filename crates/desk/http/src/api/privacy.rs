//! What is kept of a visitor, as a file or not any more (V8).

use aside_base::{ConversationId, OneTimeKey, Origin, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ConversationStatus;

/// Whom to look for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PrivacyQuery {
    /// A reference or id of a visitor or a conversation, or a part of a visitor's name; 1 to 100 characters.
    pub text: String,
}

/// Whether data of somebody is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptState {
    /// It is.
    Kept,
    /// It is gone here; the vault has not said yet that it is gone there.
    Erasing,
    /// It is gone in both zones.
    Erased,
}

/// A visitor that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundVisitor {
    /// The visitor.
    #[schema(value_type = Uuid)]
    pub visitor: VisitorId,
    /// Eight characters, `XXXX-XXXX`: what is typed to erase.
    pub reference: String,
    /// What the visitor is called; nothing where the brand gave no name, or it was erased.
    #[schema(required)]
    pub name: Option<String>,
    /// How many conversations.
    pub conversations: u32,
    /// When something last happened.
    #[schema(value_type = i64)]
    pub last_at: Timestamp,
    /// Whether their data is still there.
    pub state: KeptState,
}

/// A visitor with their conversations.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitorData {
    /// The visitor.
    #[serde(flatten)]
    pub visitor: FoundVisitor,
    /// Their conversations, newest first.
    pub found: Vec<FoundConversation>,
}

/// A conversation that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundConversation {
    /// The conversation.
    #[schema(value_type = Uuid)]
    pub conversation: ConversationId,
    /// Eight characters, `XXXX-XXXX`: what is typed to erase it alone.
    pub reference: String,
    /// Whose.
    #[schema(value_type = Uuid)]
    pub visitor: VisitorId,
    /// Open or closed.
    pub status: ConversationStatus,
    /// When it began.
    #[schema(value_type = i64)]
    pub opened_at: Timestamp,
    /// When something last happened.
    #[schema(value_type = i64)]
    pub last_at: Timestamp,
    /// How many forms were sent.
    pub forms: u32,
    /// Whether its data is still there.
    pub state: KeptState,
}

/// The word that stands between a click and data that is gone for good.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseConfirmation {
    /// The reference of what shall be erased, as shown; case and hyphen do not matter.
    pub confirm: String,
}

/// For which case answers are exported.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVaultExport {
    /// The case's number elsewhere: at most 40 letters, digits and hyphens, no card or identity number. Audited: it names nobody.
    #[serde(default)]
    #[schema(required = false, max_length = 40, pattern = "^[A-Za-z0-9-]{1,40}$")]
    pub reference: Option<String>,
}

/// What the workspace posts into the vault's frame to get the vault's part of an export.
#[derive(Serialize, ToSchema)]
pub struct VaultExport {
    /// The `export` OTK, good for seconds, once, and only in the browser that the vault enrolled.
    #[schema(value_type = String)]
    pub key: OneTimeKey,
    /// When the key ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
    /// The only origin the key may be posted to.
    #[schema(value_type = String)]
    pub vault_origin: Origin,
}
