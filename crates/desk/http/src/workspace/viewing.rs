//! Asking for the right to view answers (S3 step 6, S8). No audit, no view: the row stands before a key exists.

use std::sync::Arc;

use aside_base::InvitationId;
use aside_desk_domain::{Action, Actor, AuditRow, Outcome, Target, may_view};
use aside_wire::ProblemKind;
use axum::extract::State;

use crate::api::ViewGrant;
use crate::caller::{Address, Allowed};
use crate::desk::Desk;
use crate::extract::Path;
use crate::link::LinkError;
use crate::may::UseSecureForms;
use crate::refusal::Refusal;

/// Vouches for this session to the vault and hands on the `view` OTK, which works in this session's enrolled browser only.
#[utoipa::path(post, path = "/api/invitations/{id}/view", tag = "workspace", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ViewGrant), (status = 403, description = "no_right: other_agent, other_session, closed or lost"),
        (status = 404, description = "not_valid"), (status = 409, description = "wrong_state"),
        (status = 503, description = "vault_down")))]
pub(crate) async fn view(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    agent: Allowed<UseSecureForms>,
    Path(id): Path<InvitationId>,
) -> Result<axum::Json<ViewGrant>, Refusal> {
    let placed = desk.store.invitation(agent.site(), id).await?.ok_or(Refusal::NotFound)?;
    let row = |outcome| AuditRow {
        at: desk.now(),
        site: Some(agent.site().clone()),
        actor: Actor::Agent(agent.id(), agent.session()),
        from: Some(from),
        action: Action::ViewAnswers,
        target: Target::Invitation(id),
        outcome,
        detail: None,
    };
    if let Err(refusal) = may_view(&placed.invitation, placed.conversation.status, agent.id(), agent.session()) {
        desk.store.record(row(Outcome::Refused(refusal.as_str()))).await?;
        return Err(refusal.into());
    }
    desk.store.record(row(Outcome::Done)).await?;
    match desk.link.grant(agent.site(), id, agent.session()).await {
        Ok(grant) => Ok(axum::Json(ViewGrant {
            submission: grant.submission,
            key: grant.key,
            expires_at: grant.expires_at,
            vault_origin: desk.settings.vault_origin.clone(),
        })),
        Err(error) => {
            let (because, refusal) = match error {
                // The vault's own record of the session or the conversation says no.
                LinkError::Refused(ProblemKind::NoRight) => ("lost", Refusal::NoRight("lost")),
                LinkError::Down(_) => ("vault_down", error.into()),
                _ => ("vault", error.into()),
            };
            desk.store.record(row(Outcome::Refused(because))).await?;
            Err(refusal)
        }
    }
}
