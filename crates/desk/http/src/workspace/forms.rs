//! The forms an agent may send.

use std::sync::Arc;

use aside_form::{Kind, Published};
use axum::Json;
use axum::extract::State;

use crate::api::{FieldKind, FieldSummary, FormSummary};
use crate::caller::Allowed;
use crate::desk::Desk;
use crate::may::UseSecureForms;

/// The forms an agent may send, as the palette previews them.
#[utoipa::path(get, path = "/api/forms", operation_id = "list_forms", tag = "workspace",
    responses((status = 200, body = Vec<FormSummary>), (status = 401, description = "signed_out")))]
pub(crate) async fn list(State(desk): State<Arc<Desk>>, _agent: Allowed<UseSecureForms>) -> Json<Vec<FormSummary>> {
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
            .map(|question| FieldSummary {
                label: question.label.clone(),
                kind: kind(question.kind),
                off_the_record: question.off_the_record,
            })
            .collect(),
    }
}

const fn kind(kind: Kind) -> FieldKind {
    match kind {
        Kind::Text => FieldKind::Text,
        Kind::CardNumber => FieldKind::CardNumber,
        Kind::Expiry => FieldKind::Expiry,
        Kind::Cvv => FieldKind::Cvv,
        Kind::Note => FieldKind::Note,
    }
}
