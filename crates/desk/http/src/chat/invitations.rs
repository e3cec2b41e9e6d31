//! What a visitor does with an invitation before the vault takes over: sees it, opens it, asks for a new one.

use std::sync::Arc;

use aside_base::InvitationId;
use aside_desk_domain::{Action, Actor, AuditRow, ConversationStatus, Lost, Outcome, Target};
use aside_wire::Channel;
use axum::extract::State;
use http::StatusCode;

use crate::api::OpenKey;
use crate::caller::{Address, KnownVisitor};
use crate::desk::Desk;
use crate::extract::Path;
use crate::refusal::Refusal;

/// Says that the visitor's client shows the invitation (*received*).
#[utoipa::path(post, path = "/api/invitations/{id}/received", tag = "visitor", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 401, description = "signed_out")))]
pub(crate) async fn received(
    State(desk): State<Arc<Desk>>,
    KnownVisitor(visitor): KnownVisitor,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode, Refusal> {
    if let Some(entry) = desk.store.mark_received(&visitor.site, visitor.id, id, desk.now()).await? {
        desk.tell_entries(&visitor.site, entry.conversation);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Mints the `open` OTK at the person's click (S3 step 2) and passes it on unstored.
#[utoipa::path(post, path = "/api/invitations/{id}/open", tag = "visitor", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = OpenKey), (status = 404, description = "not_valid"), (status = 409, description = "wrong_state"),
        (status = 410, description = "expired"), (status = 429, description = "busy"), (status = 503, description = "vault_down")))]
pub(crate) async fn open(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    KnownVisitor(visitor): KnownVisitor,
    Path(id): Path<InvitationId>,
) -> Result<axum::Json<OpenKey>, Refusal> {
    let placed = desk.store.visitor_invitation(&visitor.site, visitor.id, id).await?.ok_or(Refusal::NotFound)?;
    if placed.conversation.status == ConversationStatus::Closed {
        return Err(Refusal::WrongState("closed"));
    }
    if placed.invitation.lost == Some(Lost::Transferred) {
        return Err(Refusal::WrongState("transferred"));
    }
    if placed.invitation.draft.channel == Channel::Link {
        return Err(Refusal::WrongState("link"));
    }
    let minted = desk.link.open(&visitor.site, id).await;
    let outcome = if minted.is_ok() { Outcome::Done } else { Outcome::Refused("vault") };
    let row = AuditRow {
        at: desk.now(),
        site: Some(visitor.site.clone()),
        actor: Actor::Visitor(visitor.id),
        from: Some(from),
        action: Action::OpenInvitation,
        target: Target::Invitation(id),
        outcome,
        detail: None,
    };
    desk.store.record(row).await?;
    let vault = &desk.settings.vault_origin;
    Ok(axum::Json(OpenKey { key: minted?.key, action: format!("{vault}/open"), form: format!("{vault}/form/{id}") }))
}

/// Asks the agent for a new form or link (S14).
#[utoipa::path(post, path = "/api/invitations/{id}/ask", tag = "visitor", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 404, description = "not_valid"), (status = 409, description = "wrong_state")))]
pub(crate) async fn ask(
    State(desk): State<Arc<Desk>>,
    KnownVisitor(visitor): KnownVisitor,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode, Refusal> {
    if let Some(entry) = desk.store.ask(&visitor.site, visitor.id, id, desk.now()).await? {
        desk.tell_entries(&visitor.site, entry.conversation);
    }
    Ok(StatusCode::NO_CONTENT)
}
