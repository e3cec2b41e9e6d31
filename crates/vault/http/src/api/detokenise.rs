//! Answers by their tokens.

use std::sync::Arc;

use aside_base::AnswerToken;
use aside_vault_domain::{KeyFault, Refusal};
use aside_vault_store::{Error, TokenFound};
use aside_web::{Json, Problem};
use aside_wire::ProblemKind;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bearer::{Bearer, Refused, refused};
use super::stored::{Clear, last};
use crate::Vault;
use crate::public::unseal;
use crate::zone::refusal::of_kind;

/// The most tokens in one call.
const TOKENS: usize = 100;
/// The longest text that could be a token.
const LONGEST: usize = 64;

/// The body of [`detokenise`].
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Tokens {
    /// 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    tokens: Vec<String>,
}

/// The answer to [`detokenise`]: one for each token, in the order of the tokens.
#[derive(Serialize, ToSchema)]
pub(super) struct Detokenised {
    answers: Vec<Token>,
}

/// What one token stands for: its answer, or why there is none.
#[derive(Serialize, ToSchema)]
struct Token {
    token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    submission: Option<aside_base::SubmissionId>,
    /// The question's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    value: Option<Clear>,
    /// `not_valid`: no such token on the key's site, or off the record; `erased`; `kind`: the key was not made for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'static str>,
}

/// `POST /api/v1/detokenise`: reads up to 100 answers.
#[utoipa::path(post, path = "/api/v1/detokenise", tag = "api", request_body = Tokens,
    responses((status = 200, body = Detokenised),
        (status = 401, description = "`key`: no key, or none that works."),
        (status = 403, description = "`network` or `scope`; or `browser`.")))]
pub(super) async fn detokenise(
    State(vault): State<Arc<Vault>>,
    bearer: Bearer,
    body: Result<Json<Tokens>, Problem>,
) -> Result<Response, Refused> {
    let Json(Tokens { tokens }) = body.map_err(Refused::Problem)?;
    if !(1..=TOKENS).contains(&tokens.len()) || tokens.iter().any(|token| token.len() > LONGEST) {
        return Err(Refused::Problem(of_kind(ProblemKind::Invalid).field("tokens")));
    }
    let asked = tokens.iter().cloned().map(AnswerToken::from_stored).collect();
    let found = vault.store.detokenise(bearer.occasion, bearer.presented, asked).await;
    let found = found.map_err(|error| refused(&vault, error))?;
    let mut answers = Vec::with_capacity(tokens.len());
    for (token, found) in tokens.into_iter().zip(found) {
        let (submission, question, value, refused) = match found {
            Ok(found) => {
                let value = opened(&vault, &found).await.map_err(|error| refused(&vault, error))?;
                (Some(found.submission), Some(found.answer.question), Some(value), None)
            }
            Err(refusal) => (None, None, None, Some(name(refusal))),
        };
        answers.push(Token { token, submission, question, value, refused });
    }
    Ok(last(axum::Json(Detokenised { answers }).into_response()))
}

const fn name(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Erased => "erased",
        Refusal::Key(KeyFault::Kind) => "kind",
        _ => "not_valid",
    }
}

async fn opened(vault: &Vault, found: &TokenFound) -> Result<Clear, Error> {
    let keys = std::slice::from_ref(&found.data_key);
    let answers = std::slice::from_ref(&found.answer);
    let site = &found.invitation.site;
    let mut clear = unseal(vault, site, found.submission, keys, answers, |_| true).await?;
    clear.pop().map(|(_, secret)| Clear::Whole(secret)).ok_or(Refusal::NotValid.into())
}
