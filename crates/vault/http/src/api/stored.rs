//! Stored forms as they are handed out: by the API, and in the file that an agent takes along.

use aside_base::{ConversationId, InvitationId, Secret, SubmissionId, Timestamp};
use aside_form::{Kind, Shown, shown};
use aside_vault_store::{Result, StoredForm};
use axum::response::Response;
use http::HeaderValue;
use http::header::CONNECTION;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::Vault;
use crate::public::unseal;

/// An answer on its way out. No `Debug`, no `Clone`: whoever sends it sends it once.
pub(crate) enum Clear {
    /// As it was submitted.
    Whole(Secret),
    /// A card number: its first six and last four digits at most (PCI 3.4.1).
    Masked(String),
}

impl Serialize for Clear {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "goes to whoever may have it, after it was audited")]
            Self::Whole(secret) => serializer.serialize_str(secret.expose()),
            Self::Masked(text) => serializer.serialize_str(text),
        }
    }
}

/// What is stored of some conversations.
#[derive(Serialize, ToSchema)]
pub(crate) struct StoredForms {
    /// Milliseconds since 1970 UTC.
    #[schema(value_type = i64)]
    pub(crate) exported_at: Timestamp,
    pub(crate) site: String,
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub(crate) conversations: Vec<ConversationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
    pub(crate) forms: Vec<OneForm>,
}

/// One form that was answered.
#[derive(Serialize, ToSchema)]
pub(crate) struct OneForm {
    #[schema(value_type = uuid::Uuid)]
    conversation: ConversationId,
    #[schema(value_type = uuid::Uuid)]
    invitation: InvitationId,
    #[schema(value_type = uuid::Uuid)]
    submission: SubmissionId,
    title: String,
    reference: String,
    #[schema(value_type = i64)]
    sent_at: Timestamp,
    #[schema(value_type = i64)]
    submitted_at: Timestamp,
    answers: Vec<OneAnswer>,
}

/// One answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct OneAnswer {
    /// The question's id.
    question: String,
    label: String,
    #[schema(value_type = String)]
    kind: Kind,
    token: String,
    /// `stored`, `masked` (a card number's first six and last four), `erased`, or `off_the_record`, which was never stored.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    value: Option<Clear>,
}

/// Opens what is stored. Card numbers only where they may be seen in full; else masked.
pub(crate) async fn stored_forms(vault: &Vault, forms: Vec<StoredForm>, card_numbers: bool) -> Result<Vec<OneForm>> {
    let mut opened = Vec::with_capacity(forms.len());
    for form in forms {
        opened.push(one_form(vault, form, card_numbers).await?);
    }
    Ok(opened)
}

async fn one_form(vault: &Vault, form: StoredForm, card_numbers: bool) -> Result<OneForm> {
    let StoredForm { invitation, submission, submitted_at, data_keys, answers } = form;
    let clear = unseal(vault, &invitation.site, submission, &data_keys, &answers, |_| true).await?;
    let setting = vault.setting(invitation).await?;
    let definition = setting.definition.definition();
    let mut clear: std::collections::HashMap<String, Secret> = clear.into_iter().collect();
    let mut given = Vec::with_capacity(answers.len());
    for answer in answers {
        let Some(question) = definition.question(&answer.question) else { continue };
        let (state, value) = match (clear.remove(&answer.question), answer.erased_at) {
            (Some(secret), _) if question.kind == Kind::CardNumber && !card_numbers => {
                ("masked", Some(Clear::Masked(masked(question, &secret))))
            }
            (Some(secret), _) => ("stored", Some(Clear::Whole(secret))),
            (None, Some(_)) => ("erased", None),
            (None, None) => ("off_the_record", None),
        };
        given.push(OneAnswer {
            question: answer.question,
            label: question.label.clone(),
            kind: question.kind,
            token: answer.token.as_str().to_owned(),
            state,
            value,
        });
    }
    let invitation = &setting.invitation;
    Ok(OneForm {
        conversation: invitation.conversation,
        invitation: invitation.id,
        submission,
        title: definition.title.clone(),
        reference: invitation.reference.as_str().to_owned(),
        sent_at: invitation.sent_at,
        submitted_at,
        answers: given,
    })
}

fn masked(question: &aside_form::Question, secret: &Secret) -> String {
    #[expect(clippy::disallowed_methods, reason = "shows what may be shown of a card number")]
    let text = secret.expose();
    match shown(question, text) {
        Shown::Card { bin, hidden, last_four } => format!("{bin}{}{last_four}", "\u{2022}".repeat(hidden)),
        _ => String::new(),
    }
}

/// The connection carried answers: it ends with this reply, and its buffers are wiped.
pub(super) fn last(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
