//! Forms as the palette previews them.

use aside_base::DefinitionHash;
use serde::Serialize;
use utoipa::ToSchema;

/// A form an agent may send.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormSummary {
    /// The definition's hash, which names it when sending.
    #[schema(value_type = String)]
    pub hash: DefinitionHash,
    /// Its short name, for `/form`.
    pub id: String,
    /// The title the visitor sees.
    pub title: String,
    /// One line more.
    #[schema(required)]
    pub description: Option<String>,
    /// How many questions it asks.
    pub questions: usize,
    /// Whether it can be sent into the chat itself.
    pub channel_web: bool,
    /// What the visitor will be asked.
    pub fields: Vec<FieldSummary>,
}

/// One question of a form.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldSummary {
    /// The label the visitor sees.
    pub label: String,
    /// The type of answer.
    pub kind: FieldKind,
    /// Whether the answer is kept in the vault's memory only, for minutes (V3).
    pub off_the_record: bool,
}

/// The type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// A card number.
    CardNumber,
    /// A card's expiry date.
    Expiry,
    /// A card's security code.
    Cvv,
    /// A longer text.
    Note,
}
