//! Sending a form, taking it back, issuing its link anew (S1, S3 step 1, S14, S15).

use std::net::IpAddr;
use std::sync::Arc;

use aside_base::{ConversationId, InvitationId};
use aside_desk_domain::{Action, Actor, AuditRow, Draft, Lost, Outcome, Target};
use aside_desk_store::{Begun, Placed, StoreError};
use aside_form::Published;
use aside_web::Json;
use aside_wire::{CancelReason, Channel, Invited, ProblemKind};
use axum::extract::State;
use http::StatusCode;

use crate::api::{self, InvitationSent, NewInvitation, ReissuedLink};
use crate::caller::{Address, Agent, Allowed};
use crate::desk::Desk;
use crate::extract::Path;
use crate::link::LinkError;
use crate::may::UseSecureForms;
use crate::refusal::Refusal;
use crate::shown::{self, Reader};

/// The form page's language, until a language can be chosen per entry point.
const LOCALE: &str = "en";

/// Sends a form. Repeating it with the same id sends nothing twice.
#[utoipa::path(post, path = "/api/conversations/{id}/invitations", tag = "workspace", params(("id" = uuid::Uuid, Path)),
    request_body = NewInvitation,
    responses((status = 200, body = InvitationSent), (status = 404, description = "not_valid"),
        (status = 403, description = "not_allowed"),
        (status = 409, description = "wrong_state, forms_stopped or no_factor"), (status = 422, description = "invalid"),
        (status = 503, description = "vault_down: nothing was sent; repeat with the same id")))]
pub(crate) async fn send(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    agent: Allowed<UseSecureForms>,
    Path(conversation): Path<ConversationId>,
    Json(new): Json<NewInvitation>,
) -> Result<axum::Json<InvitationSent>, Refusal> {
    let form = desk.form(&new.form).ok_or(Refusal::Invalid("form", "There is no such form."))?;
    let draft = draft(&desk, &agent, conversation, &new, form).await?;
    let reader = Reader::Agent(agent.session());
    let draft = match desk.store.begin_invitation(draft).await? {
        Begun::Prepared(draft) => draft,
        Begun::Shown(entry) => {
            return Ok(axum::Json(InvitationSent { entry: shown::entry(entry, reader), link: None }));
        }
    };
    let invited = invite(&desk, &agent, &draft).await?;
    let confirmed = desk
        .store
        .confirm_invitation(&draft.site, draft.id, invited.reference, invited.expires_at, Some(from), desk.now())
        .await;
    let entry = confirmed.inspect_err(|_| desk.errands.notify_one())?;
    desk.tell_entries(agent.site(), conversation);
    let link = invited.link_key.map(|key| desk.link_for(&key));
    Ok(axum::Json(InvitationSent { entry: shown::entry(entry, reader), link }))
}

async fn draft(
    desk: &Desk,
    agent: &Agent,
    conversation: ConversationId,
    new: &NewInvitation,
    form: &Published,
) -> Result<Draft, Refusal> {
    let site = desk.store.site(agent.site()).await?;
    let site = site.ok_or_else(|| Refusal::Failed("an agent's site is gone".to_owned()))?;
    let definition = form.definition();
    Ok(Draft {
        id: new.id,
        site: site.id,
        conversation,
        agent: agent.live.agent.to_ref(),
        session: agent.session(),
        definition: form.hash().clone(),
        title: definition.title.clone(),
        description: definition.description.clone(),
        channel: match new.channel {
            api::Channel::Web => Channel::Web,
            api::Channel::Link => Channel::Link,
        },
        clocks: site.clocks,
        locale: LOCALE.to_owned(),
        reopen: site.reopen,
        begun_at: desk.now(),
    })
}

/// Tells the vault. Where it does not know the site, the form or the session yet (it was down when they came to be), it is
/// told those first, once.
async fn invite(desk: &Desk, agent: &Agent, draft: &Draft) -> Result<Invited, Refusal> {
    let invite = draft.to_invite();
    let mut answer = desk.link.invite(&draft.site, &invite).await;
    if let Err(LinkError::Refused(ProblemKind::NotValid | ProblemKind::NoRight)) = answer {
        desk.publish_site(&draft.site).await?;
        desk.start_at_vault(&agent.live).await?;
        answer = desk.link.invite(&draft.site, &invite).await;
    }
    match answer {
        Ok(invited) => Ok(invited),
        Err(error) => {
            if let LinkError::Refused(kind) = error {
                tracing::warn!(?kind, "the vault refused an invitation");
                desk.store.give_up_invitation(&draft.site, draft.id, "vault_refused", desk.now()).await?;
                desk.errands.notify_one();
            }
            Err(error.into())
        }
    }
}

/// Takes a form back that was not answered yet. The status comes back through the feed.
#[utoipa::path(post, path = "/api/invitations/{id}/cancel", tag = "workspace", params(("id" = uuid::Uuid, Path)),
    responses((status = 204), (status = 403, description = "no_right"), (status = 404, description = "not_valid"),
        (status = 409, description = "wrong_state"), (status = 503, description = "vault_down")))]
pub(crate) async fn cancel(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    agent: Allowed<UseSecureForms>,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode, Refusal> {
    own(&desk, &agent, id).await?;
    let told = desk.link.cancel(agent.site(), id, CancelReason::Agent).await;
    record(&desk, &agent, from, Action::CancelInvitation, id, told.is_ok()).await?;
    told?;
    Ok(StatusCode::NO_CONTENT)
}

/// Voids the link and the device that opened it, and offers the form anew. On the link channel it answers the new link.
#[utoipa::path(post, path = "/api/invitations/{id}/reissue", tag = "workspace", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ReissuedLink), (status = 403, description = "no_right"),
        (status = 404, description = "not_valid"), (status = 409, description = "wrong_state"),
        (status = 410, description = "expired"), (status = 503, description = "vault_down")))]
pub(crate) async fn reissue(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    agent: Allowed<UseSecureForms>,
    Path(id): Path<InvitationId>,
) -> Result<axum::Json<ReissuedLink>, Refusal> {
    let placed = own(&desk, &agent, id).await?;
    let minted = desk.link.reissue(agent.site(), id).await;
    record(&desk, &agent, from, Action::ReissueInvitation, id, minted.is_ok()).await?;
    let minted = minted?;
    let link = match placed.invitation.draft.channel {
        Channel::Link => Some(desk.link_for(&minted.key)),
        Channel::Web => None,
    };
    Ok(axum::Json(ReissuedLink { link }))
}

/// Writes down what an agent commanded, and whether the vault has done it.
async fn record(
    desk: &Desk,
    agent: &Agent,
    from: IpAddr,
    action: Action,
    id: InvitationId,
    done: bool,
) -> Result<(), StoreError> {
    let row = AuditRow {
        at: desk.now(),
        site: Some(agent.site().clone()),
        actor: Actor::Agent(agent.id(), agent.session()),
        from: Some(from),
        action,
        target: Target::Invitation(id),
        outcome: if done { Outcome::Done } else { Outcome::Refused("vault") },
        detail: None,
    };
    desk.store.record(row).await
}

/// The invitation, if this agent sent it.
async fn own(desk: &Desk, agent: &Agent, id: InvitationId) -> Result<Placed, Refusal> {
    let placed = desk.store.invitation(agent.site(), id).await?.ok_or(Refusal::NotFound)?;
    if placed.invitation.draft.agent.id != agent.id() {
        return Err(Refusal::NoRight("other_agent"));
    }
    // Whoever lost the right by a transfer commands nothing of it either; another session of the same agent may.
    if placed.invitation.lost == Some(Lost::Transferred) { Err(Refusal::NoRight("lost")) } else { Ok(placed) }
}

impl Desk {
    /// The link that carries an `open` OTK: shown once to the agent, kept nowhere.
    fn link_for(&self, key: &aside_base::OneTimeKey) -> String {
        format!("{}/o/{}", self.settings.vault_origin, key.to_text())
    }
}
