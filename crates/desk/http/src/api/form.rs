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
    /// The type of answer, such as `card_number`.
    pub kind: String,
}
