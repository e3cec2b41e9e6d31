//! What a visitor's widget asks and gets.

use aside_base::{ConversationId, OneTimeKey, Origin, SiteId, VisitorId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Author, ConversationStatus, Entry};

/// A widget begins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitRequest {
    /// Which brand's widget.
    #[schema(value_type = String)]
    pub site: SiteId,
}

/// What the widget needs to begin.
#[derive(Debug, Serialize, ToSchema)]
pub struct Visit {
    /// The visitor's name; the cookie is the credential.
    #[schema(value_type = Uuid)]
    pub visitor: VisitorId,
    /// The conversation that goes on, if one does.
    #[schema(required, value_type = Option<Uuid>)]
    pub conversation: Option<ConversationId>,
    /// The brand for people.
    pub brand: String,
    /// The agent who answers.
    #[schema(required)]
    pub agent: Option<Author>,
    /// Where forms live.
    #[schema(value_type = String)]
    pub vault_origin: Origin,
    /// Where the feed begins.
    pub sequence: i64,
}

/// The visitor's conversation, newest one, with its entries in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorConversation {
    /// Its id; none before the first message.
    #[schema(required, value_type = Option<Uuid>)]
    pub conversation: Option<ConversationId>,
    /// Whether it goes on.
    #[schema(required)]
    pub status: Option<ConversationStatus>,
    /// Its entries in order.
    pub entries: Vec<Entry>,
}

/// What the widget posts to the vault at the person's click (S3 step 2).
#[derive(Serialize, ToSchema)]
pub struct OpenKey {
    /// The `open` OTK; every former one is void.
    #[schema(value_type = String)]
    pub key: OneTimeKey,
    /// Where to post it, as form field `otk`.
    pub action: String,
    /// Where the form lives once this device has opened it.
    pub form: String,
}
