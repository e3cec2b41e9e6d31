//! The forms an agent may send.

use std::sync::Arc;

use aside_form::{Kind, Published};
use axum::Json;
use axum::extract::State;

use crate::api::{FieldSummary, FormSummary};
use crate::caller::Agent;
use crate::desk::Desk;

/// The forms an agent may send, as the palette previews them.
#[utoipa::path(get, path = "/api/forms", tag = "workspace",
    responses((status = 200, body = Vec<FormSummary>), (status = 401, description = "signed_out")))]
pub(crate) async fn list(State(desk): State<Arc<Desk>>, _agent: Agent) -> Json<Vec<FormSummary>> {
    Json(desk.forms.iter().map(summary).collect())
}

fn summary(form: &Published) -> FormSummary {
    let definition = form.definition();
    FormSummary {
        hash: form.hash().clone(),
        id: definition.id.clone(),
        title: definition.title.clone(),
        description: definition.description.clone(),
        questions: definition.questions.len(),
        channel_web: true,
        fields: definition
            .questions
            .iter()
            .map(|question| FieldSummary { label: question.label.clone(), kind: kind(question.kind).to_owned() })
            .collect(),
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::CardNumber => "card_number",
        Kind::Expiry => "expiry",
        Kind::Cvv => "cvv",
        Kind::Note => "note",
    }
}
