//! What a submission holds, without its answers.

use std::sync::Arc;

use aside_base::{ConversationId, InvitationId, SubmissionId, Timestamp};
use aside_form::Kind;
use aside_vault_domain::{Refusal, SealedAnswer};
use aside_vault_store::Error;
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

use super::bearer::{Bearer, Refused, refused};
use crate::Vault;

/// A submission.
#[derive(Serialize, ToSchema)]
pub(super) struct Described {
    #[schema(value_type = uuid::Uuid)]
    submission: SubmissionId,
    #[schema(value_type = uuid::Uuid)]
    invitation: InvitationId,
    #[schema(value_type = uuid::Uuid)]
    conversation: ConversationId,
    title: String,
    reference: String,
    #[schema(value_type = i64)]
    submitted_at: Timestamp,
    answers: Vec<DescribedAnswer>,
}

/// An answer's token, and how it stands.
#[derive(Serialize, ToSchema)]
struct DescribedAnswer {
    /// The question's id.
    question: String,
    label: String,
    #[schema(value_type = String)]
    kind: Kind,
    token: String,
    /// `stored`, `erased` or `off_the_record`.
    state: &'static str,
    /// When it is erased at the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    erase_at: Option<Timestamp>,
    /// Equal for equal card numbers of the site, and says nothing else; for keys that may read card numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
}

/// `GET /api/v1/submissions/{submission}`: the tokens of a submission.
#[utoipa::path(get, path = "/api/v1/submissions/{submission}", tag = "api",
    params(("submission" = String, Path, description = "The submission.")),
    responses((status = 200, body = Described),
        (status = 401, description = "`key`: no key, or none that works."),
        (status = 403, description = "`network` or `scope`; or `browser`."),
        (status = 404, description = "`not_valid`: not of the key's site, or nothing there.")))]
pub(super) async fn describe(
    State(vault): State<Arc<Vault>>,
    bearer: Bearer,
    Path(submission): Path<String>,
) -> Result<axum::Json<Described>, Refused> {
    let described = async {
        let submission: SubmissionId = submission.parse().map_err(|_| Refusal::NotValid)?;
        let (key, form) = vault.store.describe(bearer.occasion, bearer.presented, submission).await?;
        let setting = vault.setting(form.invitation).await?;
        let definition = setting.definition.definition();
        let erase_at = |answer: &SealedAnswer| {
            let key = form.data_keys.iter().find(|key| key.part == answer.part);
            key.filter(|_| answer.sealed.is_some()).map(|key| key.erase_at)
        };
        let cards = key.kinds.contains(&Kind::CardNumber);
        let mut answers = Vec::with_capacity(form.answers.len());
        for answer in &form.answers {
            let Some(question) = definition.question(&answer.question) else { continue };
            answers.push(DescribedAnswer {
                question: answer.question.clone(),
                label: question.label.clone(),
                kind: question.kind,
                token: answer.token.as_str().to_owned(),
                state: match (&answer.sealed, answer.erased_at) {
                    (Some(_), _) => "stored",
                    (None, Some(_)) => "erased",
                    (None, None) => "off_the_record",
                },
                erase_at: erase_at(answer),
                fingerprint: answer.fingerprint.filter(|_| cards).map(|print| URL_SAFE_NO_PAD.encode(print.0)),
            });
        }
        let invitation = &setting.invitation;
        Ok::<_, Error>(Described {
            submission,
            invitation: invitation.id,
            conversation: invitation.conversation,
            title: definition.title.clone(),
            reference: invitation.reference.as_str().to_owned(),
            submitted_at: form.submitted_at,
            answers,
        })
    };
    described.await.map(axum::Json).map_err(|error| refused(&vault, error))
}
