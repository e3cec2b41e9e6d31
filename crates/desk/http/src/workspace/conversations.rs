//! Conversations: the list, the transcript, writing, reading, closing.

use std::sync::Arc;
use std::time::Duration;

use aside_base::{ConversationId, Timestamp};
use aside_desk_domain::{ConversationStatus, Permission, Sequence};
use aside_desk_store::{AgentPost, Close};
use aside_web::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;

use crate::api::{ConversationPage, ConversationSummary, Entry, NewMessage, ReadUpTo, Side};
use crate::caller::{Address, Allowed, Watching};
use crate::desk::Desk;
use crate::extract::{Path, Query};
use crate::live::Notice;
use crate::may::{HandleConversations, ReadConversations};
use crate::refusal::Refusal;
use crate::shown::{self, Reader};
use crate::text;

/// How long a closed conversation stays in the list.
const CLOSED_STAYS: Duration = Duration::from_secs(24 * 60 * 60);
/// The most conversations in the list.
const LIST: u32 = 500;
/// Entries of one page of a transcript.
const PAGE: u32 = 100;

/// The conversations of the site: who waits longest first, then those closed today.
#[utoipa::path(get, path = "/api/conversations", operation_id = "list_conversations", tag = "workspace",
    responses((status = 200, body = Vec<ConversationSummary>), (status = 401, description = "signed_out")))]
pub(crate) async fn list(
    State(desk): State<Arc<Desk>>,
    agent: Allowed<HandleConversations>,
) -> Result<axum::Json<Vec<ConversationSummary>>, Refusal> {
    let closed_since =
        Timestamp(desk.now().0.saturating_sub(i64::try_from(CLOSED_STAYS.as_millis()).unwrap_or(i64::MAX)));
    let found = desk.store.conversations(agent.site(), agent.id(), closed_since, LIST).await?;
    Ok(axum::Json(found.into_iter().map(shown::summary).collect()))
}

/// Which page of a transcript.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Before {
    /// Only entries before this sequence; the newest without it.
    #[param(value_type = i64, required = false)]
    before: Option<i64>,
}

/// A conversation with a page of its entries, oldest first. Whoever may only look back reads what is over.
#[utoipa::path(get, path = "/api/conversations/{id}", tag = "workspace", params(("id" = uuid::Uuid, Path), Before),
    responses((status = 200, body = ConversationPage), (status = 404, description = "not_valid")))]
pub(crate) async fn read(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Allowed<ReadConversations>,
    Path(id): Path<ConversationId>,
    Query(page): Query<Before>,
) -> Result<axum::Json<ConversationPage>, Refusal> {
    let summary = desk.store.summary(agent.site(), agent.id(), id).await?.ok_or(Refusal::NotFound)?;
    let handles = agent.live.permissions.has(Permission::HandleConversations);
    if !handles && summary.conversation.status == ConversationStatus::Open {
        return Err(agent.lacks(&desk, Permission::HandleConversations, from));
    }
    let page = desk.store.entries_before(agent.site(), id, page.before.map(Sequence), PAGE).await?;
    let reader = Reader::Agent(agent.session());
    Ok(axum::Json(ConversationPage {
        conversation: shown::summary(summary),
        entries: shown::entries(page.entries, reader),
        more: page.more,
    }))
}

/// Writes a message. Repeating it with the same id answers the same entry.
#[utoipa::path(post, path = "/api/conversations/{id}/messages", operation_id = "write_as_agent", tag = "workspace",
    params(("id" = uuid::Uuid, Path)), request_body = NewMessage,
    responses((status = 200, body = Entry), (status = 404, description = "not_valid"), (status = 409, description = "wrong_state"),
        (status = 422, description = "invalid")))]
pub(crate) async fn write(
    State(desk): State<Arc<Desk>>,
    agent: Allowed<HandleConversations>,
    Path(conversation): Path<ConversationId>,
    Json(message): Json<NewMessage>,
) -> Result<axum::Json<Entry>, Refusal> {
    let post = AgentPost {
        site: agent.site().clone(),
        conversation,
        agent: agent.id(),
        message: message.id,
        text: text::admit(&message.text, desk.hides_card_numbers(agent.site()).await?)?,
        now: desk.now(),
    };
    let posted = desk.store.post_agent_message(post).await?;
    if !posted.repeat {
        desk.tell_entries(agent.site(), conversation);
    }
    Ok(axum::Json(shown::entry(posted.entry, Reader::Agent(agent.session()))))
}

/// Says that the agent is writing.
#[utoipa::path(post, path = "/api/conversations/{id}/typing", operation_id = "typing_as_agent", tag = "workspace",
    params(("id" = uuid::Uuid, Path)), responses((status = 204), (status = 404, description = "not_valid")))]
pub(crate) async fn typing(
    State(desk): State<Arc<Desk>>,
    agent: Allowed<HandleConversations>,
    Path(conversation): Path<ConversationId>,
) -> Result<StatusCode, Refusal> {
    desk.store.conversation(agent.site(), conversation).await?.ok_or(Refusal::NotFound)?;
    desk.live.tell(Notice::Typing {
        site: agent.site().clone(),
        conversation,
        from: Side::Agent,
        display_name: Some(agent.live.agent.display_name.as_str().to_owned()),
    });
    Ok(StatusCode::NO_CONTENT)
}

/// Notes up to where the agent has read. A page says so by itself: it is no input.
#[utoipa::path(post, path = "/api/conversations/{id}/read", tag = "workspace", params(("id" = uuid::Uuid, Path)),
    request_body = ReadUpTo, responses((status = 204), (status = 404, description = "not_valid")))]
pub(crate) async fn mark_read(
    State(desk): State<Arc<Desk>>,
    agent: Watching<HandleConversations>,
    Path(conversation): Path<ConversationId>,
    Json(read): Json<ReadUpTo>,
) -> Result<StatusCode, Refusal> {
    desk.store.mark_read(agent.site(), agent.id(), conversation, Sequence(read.sequence)).await?;
    desk.tell_changed(agent.site(), conversation);
    Ok(StatusCode::NO_CONTENT)
}

/// Closes the conversation for good: rights to view its answers end.
#[utoipa::path(post, path = "/api/conversations/{id}/close", tag = "workspace", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 404, description = "not_valid")))]
pub(crate) async fn close(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    agent: Allowed<HandleConversations>,
    Path(conversation): Path<ConversationId>,
) -> Result<StatusCode, Refusal> {
    let close = Close {
        site: agent.site().clone(),
        conversation,
        agent: agent.id(),
        session: agent.session(),
        from: Some(from),
        now: desk.now(),
    };
    if desk.store.close_conversation(close).await?.is_some() {
        desk.errands.notify_one();
        desk.tell_entries(agent.site(), conversation);
    }
    Ok(StatusCode::NO_CONTENT)
}
