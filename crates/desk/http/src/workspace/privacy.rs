//! What is kept of a visitor: finding and erasing it, and asking for the vault's part of an export (V8). A person needs the
//! permission, another program a key with the scope; the vault's part is for an enrolled browser alone.

use std::sync::Arc;

use aside_base::{ConversationId, SiteId, VisitorId};
use aside_desk_domain::{Action, AuditRow, By, Outcome, Permission, Subject, Target};
use aside_web::Json;
use aside_wire::{ExportRequest, ProblemKind};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use crate::api::{
    EraseConfirmation, FoundConversation, FoundVisitor, NewVaultExport, PrivacyQuery, VaultExport, VisitorData,
};
use crate::caller::{Address, Allowed, PersonOrKey};
use crate::desk::Desk;
use crate::extract::{Path, Query};
use crate::link::LinkError;
use crate::live::Notice;
use crate::may::{EraseData, FindVisitors, ViewHistoryAnswers};
use crate::refusal::Refusal;
use crate::workspace::history::UNFIT_REFERENCE;
use crate::{shown, text};

/// The most visitors that are found at once.
const MOST: u32 = 50;

/// Visitors by their reference or id, a conversation's, or a part of their name.
#[utoipa::path(get, path = "/api/privacy/visitors", operation_id = "find_visitors", tag = "admin", params(PrivacyQuery),
    responses((status = 200, body = Vec<FoundVisitor>), (status = 403, description = "not_allowed"),
        (status = 422, description = "invalid: text")))]
pub(crate) async fn find(
    State(desk): State<Arc<Desk>>,
    finds: PersonOrKey<FindVisitors>,
    Query(query): Query<PrivacyQuery>,
) -> Result<axum::Json<Vec<FoundVisitor>>, Refusal> {
    let text = text::sought(&query.text)?;
    if text.is_empty() {
        return Err(Refusal::Invalid("text", "At least one character."));
    }
    let found = desk.store.find_visitors(&finds.site, &text, MOST).await?;
    Ok(axum::Json(found.into_iter().map(shown::found_visitor).collect()))
}

/// A visitor with the conversations that are known of them.
#[utoipa::path(get, path = "/api/privacy/visitors/{id}", operation_id = "read_visitor", tag = "admin",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = VisitorData), (status = 403, description = "not_allowed"), (status = 404, description = "not_valid")))]
pub(crate) async fn visitor(
    State(desk): State<Arc<Desk>>,
    finds: PersonOrKey<FindVisitors>,
    Path(id): Path<VisitorId>,
) -> Result<axum::Json<VisitorData>, Refusal> {
    let (visitor, found) = desk.store.found_visitor(&finds.site, id).await?.ok_or(Refusal::NotFound)?;
    Ok(axum::Json(VisitorData {
        visitor: shown::found_visitor(visitor),
        found: found.into_iter().map(shown::found_conversation).collect(),
    }))
}

/// A conversation, whether its data is still there.
#[utoipa::path(get, path = "/api/privacy/conversations/{id}", operation_id = "find_conversation", tag = "admin",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = FoundConversation), (status = 403, description = "not_allowed"),
        (status = 404, description = "not_valid")))]
pub(crate) async fn conversation(
    State(desk): State<Arc<Desk>>,
    finds: PersonOrKey<FindVisitors>,
    Path(id): Path<ConversationId>,
) -> Result<axum::Json<FoundConversation>, Refusal> {
    let found = desk.store.found_conversation(&finds.site, id).await?.ok_or(Refusal::NotFound)?;
    Ok(axum::Json(shown::found_conversation(found)))
}

/// Erases what is kept of a visitor in both zones, for good. What is said here is gone when this is answered; the vault's part
/// is gone when the state is `erased`. A repeat changes nothing.
#[utoipa::path(post, path = "/api/privacy/visitors/{id}/erase", operation_id = "erase_visitor", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = EraseConfirmation,
    responses((status = 202, body = FoundVisitor), (status = 403, description = "not_allowed"),
        (status = 404, description = "not_valid"), (status = 422, description = "invalid: confirm")))]
pub(crate) async fn erase_visitor(
    State(desk): State<Arc<Desk>>,
    from: Address,
    eraser: PersonOrKey<EraseData>,
    Path(id): Path<VisitorId>,
    Json(typed): Json<EraseConfirmation>,
) -> Result<Response, Refusal> {
    desk.erase(&eraser.site, Subject::Visitor(id), &typed.confirm, eraser.by(&desk, from)).await?;
    let (found, _) = desk.store.found_visitor(&eraser.site, id).await?.ok_or(Refusal::NotFound)?;
    Ok((StatusCode::ACCEPTED, axum::Json(shown::found_visitor(found))).into_response())
}

/// The same of one conversation. It is closed, if it goes on.
#[utoipa::path(post, path = "/api/privacy/conversations/{id}/erase", operation_id = "erase_conversation", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = EraseConfirmation,
    responses((status = 202, body = FoundConversation), (status = 403, description = "not_allowed"),
        (status = 404, description = "not_valid"), (status = 422, description = "invalid: confirm")))]
pub(crate) async fn erase_conversation(
    State(desk): State<Arc<Desk>>,
    from: Address,
    eraser: PersonOrKey<EraseData>,
    Path(id): Path<ConversationId>,
    Json(typed): Json<EraseConfirmation>,
) -> Result<Response, Refusal> {
    desk.erase(&eraser.site, Subject::Conversation(id), &typed.confirm, eraser.by(&desk, from)).await?;
    let found = desk.store.found_conversation(&eraser.site, id).await?.ok_or(Refusal::NotFound)?;
    Ok((StatusCode::ACCEPTED, axum::Json(shown::found_conversation(found))).into_response())
}

/// A key by which the vault's frame hands out what the vault keeps of a visitor. Who gets it must be able to read stored answers.
#[utoipa::path(post, path = "/api/privacy/visitors/{id}/vault-export", operation_id = "export_visitors_answers", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = NewVaultExport,
    responses((status = 200, body = VaultExport), (status = 403, description = "not_allowed, or no_right"),
        (status = 404, description = "not_valid"), (status = 409, description = "wrong_state: nothing, or no_factor"),
        (status = 503, description = "vault_down or vault_sealed")))]
pub(crate) async fn export_visitors_answers(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Allowed<ViewHistoryAnswers>,
    Path(id): Path<VisitorId>,
    Json(new): Json<NewVaultExport>,
) -> Result<axum::Json<VaultExport>, Refusal> {
    let (_, found) = desk.store.found_visitor(agent.site(), id).await?.ok_or(Refusal::NotFound)?;
    let conversations = found.into_iter().map(|found| found.conversation).collect();
    desk.vault_export(&agent, Target::Visitor(id), conversations, new, from).await
}

/// The same of one conversation.
#[utoipa::path(post, path = "/api/privacy/conversations/{id}/vault-export", operation_id = "export_conversations_answers",
    tag = "admin", params(("id" = uuid::Uuid, Path)), request_body = NewVaultExport,
    responses((status = 200, body = VaultExport), (status = 403, description = "not_allowed, or no_right"),
        (status = 404, description = "not_valid"), (status = 409, description = "no_factor"),
        (status = 503, description = "vault_down or vault_sealed")))]
pub(crate) async fn export_conversations_answers(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Allowed<ViewHistoryAnswers>,
    Path(id): Path<ConversationId>,
    Json(new): Json<NewVaultExport>,
) -> Result<axum::Json<VaultExport>, Refusal> {
    desk.store.found_conversation(agent.site(), id).await?.ok_or(Refusal::NotFound)?;
    desk.vault_export(&agent, Target::Conversation(id), vec![id], new, from).await
}

impl Desk {
    async fn erase(&self, site: &SiteId, subject: Subject, typed: &str, by: By) -> Result<(), Refusal> {
        let erasure = self.store.erase(site, subject, typed, by).await?;
        self.errands.notify_one();
        if let Some(visitor) = erasure.visitor {
            self.live.tell(Notice::Erased { visitor });
        }
        for conversation in erasure.conversations {
            self.tell_entries(site, conversation);
            self.tell_changed(site, conversation);
        }
        // It is gone from the tables; where the log cannot be cut just now, the repair does it.
        if let Err(error) = self.store.finish_erasing().await {
            tracing::warn!(%error, "what was erased could not be taken out of the log yet");
        }
        Ok(())
    }

    async fn vault_export(
        &self,
        agent: &Allowed<ViewHistoryAnswers>,
        target: Target,
        conversations: Vec<ConversationId>,
        new: NewVaultExport,
        from: Address,
    ) -> Result<axum::Json<VaultExport>, Refusal> {
        if !agent.live.permissions.has(Permission::Export) {
            return Err(agent.lacks(self, Permission::Export, from));
        }
        let request = ExportRequest { session: agent.session(), conversations, reference: new.reference };
        match request.fault() {
            Some("reference") => return Err(Refusal::Invalid("reference", UNFIT_REFERENCE)),
            Some(_) if request.conversations.is_empty() => return Err(Refusal::WrongState("nothing")),
            Some(_) => return Err(Refusal::WrongState("too_many")),
            None => {}
        }
        let by = agent.by(self, from);
        let row = |outcome| AuditRow {
            at: by.at,
            site: Some(agent.site().clone()),
            actor: by.who,
            from: by.from,
            action: Action::ExportAnswers,
            target,
            outcome,
            detail: request.reference.as_ref().map(|reference| format!("reference={reference}")),
        };
        self.store.record(row(Outcome::Done)).await?;
        match self.link.export(agent.site(), &request).await {
            Ok(grant) => Ok(axum::Json(VaultExport {
                key: grant.key,
                expires_at: grant.expires_at,
                vault_origin: self.settings.vault_origin.clone(),
            })),
            Err(error) => {
                let (because, refusal) = match error {
                    LinkError::Refused(ProblemKind::NoRight) => ("lost", Refusal::NoRight("lost")),
                    LinkError::Refused(ProblemKind::HistoryOff) => ("history_off", Refusal::NoRight("history_off")),
                    LinkError::Down(_) => ("vault_down", error.into()),
                    _ => ("vault", error.into()),
                };
                self.store.record(row(Outcome::Refused(because))).await?;
                Err(refusal)
            }
        }
    }
}
