//! A widget begins: who this browser is, and what it was talking about.

use std::sync::Arc;

use aside_base::{OneTimeKey, VisitorId};
use aside_desk_domain::{ConversationStatus, Visitor};
use aside_web::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;
use zeroize::Zeroizing;

use crate::api::{Visit, VisitRequest, VisitorConversation};
use crate::caller::{KnownVisitor, VISITOR_COOKIE, key_of};
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::shown::{self, Reader};

/// The most entries of a conversation that a widget shows.
const SHOWN: u32 = 200;

/// Begins a visit: knows the browser by its cookie, or gives it one.
#[utoipa::path(post, path = "/api/visit", tag = "visitor", request_body = VisitRequest,
    responses((status = 200, body = Visit), (status = 404, description = "not_valid"), (status = 429, description = "busy")))]
pub(crate) async fn visit(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Json(request): Json<VisitRequest>,
) -> Result<Response, Refusal> {
    let site = desk.store.site(&request.site).await?.ok_or(Refusal::NotFound)?;
    let known = match key_of(&headers, &VISITOR_COOKIE) {
        Some(cookie) => desk.store.visitor_by_cookie(cookie).await?.filter(|visitor| visitor.site == site.id),
        None => None,
    };
    let (visitor, cookie) = match known {
        Some(visitor) => (visitor, None),
        None => {
            let now = desk.now();
            let key = OneTimeKey::generate(&*desk.rng);
            let visitor = Visitor {
                id: VisitorId::generate(now, &*desk.rng),
                site: site.id.clone(),
                name: None,
                created_at: now,
            };
            desk.store.create_visitor(visitor.clone(), key.hash()).await?;
            (visitor, VISITOR_COOKIE.set(&Zeroizing::new(key.to_text())))
        }
    };
    let newest = desk.store.visitor_conversation(&site.id, visitor.id).await?;
    let open = newest.filter(|newest| newest.status == ConversationStatus::Open);
    let reply = Visit {
        visitor: visitor.id,
        conversation: open.as_ref().map(|open| open.id),
        brand: site.brand,
        agent: open.and_then(|open| open.owner).map(shown::author_of),
        vault_origin: desk.settings.vault_origin.clone(),
        sequence: desk.store.head(&site.id).await?.0,
    };
    let mut response = axum::Json(reply).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The visitor's newest conversation with its entries in order.
#[utoipa::path(get, path = "/api/conversation", tag = "visitor",
    responses((status = 200, body = VisitorConversation), (status = 401, description = "signed_out")))]
pub(crate) async fn conversation(
    State(desk): State<Arc<Desk>>,
    KnownVisitor(visitor): KnownVisitor,
) -> Result<axum::Json<VisitorConversation>, Refusal> {
    let newest = desk.store.visitor_conversation(&visitor.site, visitor.id).await?;
    let Some(newest) = newest else {
        return Ok(axum::Json(VisitorConversation { conversation: None, status: None, entries: Vec::new() }));
    };
    let page = desk.store.entries_before(&visitor.site, newest.id, None, SHOWN).await?;
    Ok(axum::Json(VisitorConversation {
        conversation: Some(newest.id),
        status: Some(shown::conversation_status(newest.status)),
        entries: shown::entries(page.entries, Reader::Visitor),
    }))
}
