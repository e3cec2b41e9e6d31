//! Looking back: conversations that are over, and asking for answers that were kept of them (V6). No audit, no view: the row
//! with the reason stands before a key exists.

use std::sync::Arc;

use aside_base::{ConversationId, InvitationId, Timestamp};
use aside_desk_domain::{
    Action, AuditRow, HistoryCursor, HistoryFilter, Outcome, Permission, Target, may_list_history, may_view_history,
};
use aside_web::Json;
use aside_wire::{HistoryRequest, ProblemKind};
use axum::extract::State;

use crate::api::{HistoryPage, HistoryQuery, NewHistoryView, ViewGrant};
use crate::caller::{Address, Agent, Allowed};
use crate::desk::Desk;
use crate::extract::{Pair, Query};
use crate::link::LinkError;
use crate::may::ViewHistoryAnswers;
use crate::refusal::Refusal;
use crate::{shown, text};

/// Conversations of a page, where nobody says how many.
const PAGE: u32 = 50;
/// And at most.
const MOST: u32 = 100;

/// Conversations that are over: for those who may view their answers, and for those who lead agents, who see statuses only.
#[utoipa::path(get, path = "/api/history", operation_id = "list_history", tag = "workspace", params(HistoryQuery),
    responses((status = 200, body = HistoryPage), (status = 403, description = "not_allowed"),
        (status = 422, description = "invalid")))]
pub(crate) async fn list(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Agent,
    Query(query): Query<HistoryQuery>,
) -> Result<axum::Json<HistoryPage>, Refusal> {
    if !may_list_history(agent.live.role, agent.live.permissions) {
        return Err(agent.lacks(&desk, Permission::ViewHistoryAnswers, from));
    }
    let before = match &query.before {
        Some(text) => Some(HistoryCursor::parse(text).ok_or(Refusal::Invalid("before", "No such place."))?),
        None => None,
    };
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=MOST).contains(&limit) {
        return Err(Refusal::Invalid("limit", "From 1 to 100 conversations."));
    }
    let filter = HistoryFilter {
        text: query.text.map(|text| text::sought(&text)).transpose()?.filter(|text| !text.is_empty()),
        from: query.from.map(Timestamp),
        until: query.to.map(Timestamp),
        agent: query.agent,
    };
    let page = desk.store.past_conversations(agent.site(), filter, before, limit).await?;
    Ok(axum::Json(HistoryPage {
        conversations: page.conversations.into_iter().map(shown::past_conversation).collect(),
        next: page.next.map(|next| next.to_text()),
    }))
}

/// What a case's number may be, for whoever wrote something else there.
pub(crate) const UNFIT_REFERENCE: &str =
    "At most 40 letters, digits and hyphens, and no number as long as a card's or an identity number.";

/// Vouches to the vault that this session may read what was stored, for the stated reason, and hands on the key, which works in
/// this session's enrolled browser only.
#[utoipa::path(post, path = "/api/conversations/{conversation}/invitations/{id}/history", operation_id = "view_history",
    tag = "workspace", params(("conversation" = uuid::Uuid, Path), ("id" = uuid::Uuid, Path)), request_body = NewHistoryView,
    responses((status = 200, body = ViewGrant), (status = 403, description = "not_allowed, or no_right: lost or history_off"),
        (status = 404, description = "not_valid"), (status = 409, description = "wrong_state: open, not_submitted, erased or kept_nothing"),
        (status = 422, description = "invalid: reason or reference"), (status = 503, description = "vault_down or vault_sealed")))]
pub(crate) async fn view(
    State(desk): State<Arc<Desk>>,
    from: Address,
    agent: Allowed<ViewHistoryAnswers>,
    Pair(conversation, id): Pair<ConversationId, InvitationId>,
    Json(new): Json<NewHistoryView>,
) -> Result<axum::Json<ViewGrant>, Refusal> {
    let placed = desk.store.invitation(agent.site(), id).await?.ok_or(Refusal::NotFound)?;
    if placed.conversation.id != conversation {
        return Err(Refusal::NotFound);
    }
    let reason = shown::history_reason(new.reason);
    let request = HistoryRequest { session: agent.session(), reason, reference: new.reference };
    if !request.has_fit_reference() {
        return Err(Refusal::Invalid("reference", UNFIT_REFERENCE));
    }
    let by = agent.by(&desk, from);
    let row = |outcome| AuditRow {
        at: by.at,
        site: Some(agent.site().clone()),
        actor: by.who,
        from: by.from,
        action: Action::ViewHistory,
        target: Target::Invitation(id),
        outcome,
        detail: Some(detail(&request)),
    };
    if let Err(refusal) = may_view_history(&placed.invitation, &placed.conversation) {
        desk.store.record(row(Outcome::Refused(refusal.as_str()))).await?;
        return Err(refusal.into());
    }
    desk.store.record(row(Outcome::DoneBecause(reason.as_str()))).await?;
    match desk.link.history(agent.site(), id, &request).await {
        Ok(grant) => Ok(axum::Json(ViewGrant {
            submission: grant.submission,
            key: grant.key,
            expires_at: grant.expires_at,
            vault_origin: desk.settings.vault_origin.clone(),
        })),
        Err(error) => {
            let (because, refusal) = match error {
                LinkError::Refused(ProblemKind::NoRight) => ("lost", Refusal::NoRight("lost")),
                LinkError::Refused(ProblemKind::HistoryOff) => ("history_off", Refusal::NoRight("history_off")),
                // The vault keeps nothing of it, or never had anything.
                LinkError::Refused(ProblemKind::WrongState) => ("kept_nothing", Refusal::WrongState("kept_nothing")),
                LinkError::Down(_) => ("vault_down", error.into()),
                _ => ("vault", error.into()),
            };
            desk.store.record(row(Outcome::Refused(because))).await?;
            Err(refusal)
        }
    }
}

/// What the row says besides: the reason and the case, which holds letters, digits and hyphens only.
fn detail(request: &HistoryRequest) -> String {
    match &request.reference {
        Some(reference) => format!("reason={} reference={reference}", request.reason.as_str()),
        None => format!("reason={}", request.reason.as_str()),
    }
}
