//! What a visitor writes.

use std::sync::Arc;

use aside_base::ConversationId;
use aside_desk_domain::ConversationStatus;
use aside_desk_store::VisitorPost;
use aside_web::Json;
use axum::extract::State;
use http::StatusCode;

use crate::api::{Entry, NewMessage, Side};
use crate::caller::KnownVisitor;
use crate::desk::Desk;
use crate::live::Notice;
use crate::refusal::Refusal;
use crate::shown::{self, Reader};
use crate::text;

/// Writes a message; the first one, and the first after a close, starts a conversation. Repeating it with the same id
/// answers the same entry.
#[utoipa::path(post, path = "/api/messages", operation_id = "write_as_visitor", tag = "visitor",
    request_body = NewMessage, responses((status = 200, body = Entry), (status = 401, description = "signed_out"), (status = 422, description = "invalid"),
        (status = 429, description = "busy")))]
pub(crate) async fn write(
    State(desk): State<Arc<Desk>>,
    KnownVisitor(visitor): KnownVisitor,
    Json(message): Json<NewMessage>,
) -> Result<axum::Json<Entry>, Refusal> {
    let now = desk.now();
    let post = VisitorPost {
        site: visitor.site.clone(),
        visitor: visitor.id,
        message: message.id,
        text: text::admit(&message.text, desk.hides_card_numbers(&visitor.site).await?)?,
        fresh: ConversationId::generate(now, &*desk.rng),
        now,
    };
    let posted = desk.store.post_visitor_message(post).await?;
    let conversation = posted.entry.conversation;
    if posted.started {
        desk.live.tell(Notice::Started { site: visitor.site, conversation, visitor: visitor.id });
    } else if !posted.repeat {
        desk.tell_entries(&visitor.site, conversation);
    }
    Ok(axum::Json(shown::entry(posted.entry, Reader::Visitor)))
}

/// Says that the visitor is writing.
#[utoipa::path(post, path = "/api/typing", operation_id = "typing_as_visitor", tag = "visitor",
    responses((status = 204), (status = 401, description = "signed_out"), (status = 429, description = "busy")))]
pub(crate) async fn typing(
    State(desk): State<Arc<Desk>>,
    KnownVisitor(visitor): KnownVisitor,
) -> Result<StatusCode, Refusal> {
    desk.typing.check(&visitor.id)?;
    let newest = desk.store.visitor_conversation(&visitor.site, visitor.id).await?;
    if let Some(open) = newest.filter(|newest| newest.status == ConversationStatus::Open) {
        desk.live.tell(Notice::Typing {
            site: visitor.site,
            conversation: open.id,
            from: Side::Visitor,
            display_name: None,
        });
    }
    Ok(StatusCode::NO_CONTENT)
}
