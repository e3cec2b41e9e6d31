//! Handing a conversation on (S8).

use std::sync::Arc;

use aside_base::ConversationId;
use aside_desk_store::Transfer;
use aside_web::Json;
use axum::extract::State;
use http::StatusCode;

use crate::api::{Colleague, TransferTo};
use crate::caller::{Address, Allowed};
use crate::desk::Desk;
use crate::extract::Path;
use crate::may::{HandleConversations, ReadConversations};
use crate::refusal::Refusal;

/// Who can take a conversation, by name; oneself too.
#[utoipa::path(get, path = "/api/agents", operation_id = "list_agents", tag = "workspace",
    responses((status = 200, body = Vec<Colleague>), (status = 403, description = "not_allowed")))]
pub(crate) async fn colleagues(
    State(desk): State<Arc<Desk>>,
    agent: Allowed<ReadConversations>,
) -> Result<axum::Json<Vec<Colleague>>, Refusal> {
    let found = desk.store.colleagues(agent.site(), desk.now()).await?;
    let shown = found.into_iter().map(|found| Colleague {
        id: found.agent.id,
        display_name: found.agent.display_name,
        here: found.here,
    });
    Ok(axum::Json(shown.collect()))
}

/// Hands the conversation on. Whoever owned it loses the right to view answers to what they sent in it, for good.
#[utoipa::path(post, path = "/api/conversations/{id}/transfer", tag = "workspace", params(("id" = uuid::Uuid, Path)),
    request_body = TransferTo,
    responses((status = 204), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state: closed or same_owner"), (status = 422, description = "invalid: agent")))]
pub(crate) async fn transfer(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Allowed<HandleConversations>,
    Path(conversation): Path<ConversationId>,
    Json(to): Json<TransferTo>,
) -> Result<StatusCode, Refusal> {
    let (site, by) = (agent.site().clone(), agent.by(&desk, from));
    desk.store.transfer(Transfer { site, conversation, to: to.agent, by }).await?;
    desk.errands.notify_one();
    desk.tell_entries(agent.site(), conversation);
    Ok(StatusCode::NO_CONTENT)
}
