//! What is stored of a conversation: taken along, and erased (V8).

use std::sync::Arc;

use aside_base::ConversationId;
use aside_form::Kind;
use aside_vault_domain::Refusal;
use aside_vault_store::Error;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use super::bearer::{Bearer, Refused, refused};
use super::stored::{StoredForms, last, stored_forms};
use crate::Vault;

/// `POST /api/v1/conversations/{conversation}/export`: what is stored of it. Card numbers in full for keys that may read them,
/// else masked. What was off the record is named and never there.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/export", tag = "api",
    params(("conversation" = String, Path, description = "The conversation.")),
    responses((status = 200, body = StoredForms),
        (status = 401, description = "`key`: no key, or none that works."),
        (status = 403, description = "`network` or `scope`; or `browser`."),
        (status = 404, description = "`not_valid`: not the name of a conversation.")))]
pub(super) async fn export(
    State(vault): State<Arc<Vault>>,
    bearer: Bearer,
    Path(conversation): Path<String>,
) -> Result<Response, Refused> {
    let exported = async {
        let conversation: ConversationId = conversation.parse().map_err(|_| Refusal::NotValid)?;
        let exported_at = bearer.occasion.now;
        let (key, forms) = vault.store.export_by_key(bearer.occasion, bearer.presented, conversation).await?;
        let card_numbers = key.kinds.contains(&Kind::CardNumber);
        let forms = stored_forms(&vault, forms, card_numbers).await?;
        let conversations = vec![conversation];
        Ok::<_, Error>(StoredForms { exported_at, site: key.site.to_string(), conversations, reference: None, forms })
    };
    let exported = exported.await.map_err(|error| refused(&vault, error))?;
    Ok(last(axum::Json(exported).into_response()))
}

/// `POST /api/v1/conversations/{conversation}/erase`: erases everything of it, for good. Idempotent, also before anything was
/// sent.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/erase", tag = "api",
    params(("conversation" = String, Path, description = "The conversation.")),
    responses((status = 204, description = "Erased."),
        (status = 401, description = "`key`: no key, or none that works."),
        (status = 403, description = "`network` or `scope`; or `browser`."),
        (status = 404, description = "`not_valid`: not the name of a conversation.")))]
pub(super) async fn erase(
    State(vault): State<Arc<Vault>>,
    bearer: Bearer,
    Path(conversation): Path<String>,
) -> Result<StatusCode, Refused> {
    let erased = async {
        let conversation: ConversationId = conversation.parse().map_err(|_| Refusal::NotValid)?;
        vault.store.erase_by_key(bearer.occasion, bearer.presented, conversation).await
    };
    vault.forget(&erased.await.map_err(|error| refused(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}
