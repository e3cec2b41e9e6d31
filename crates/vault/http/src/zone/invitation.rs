//! Invitations as the desk handles them: send, mint a key for a click, issue anew, grant a view, take back, ask.

use std::sync::Arc;

use aside_base::{DefinitionHash, InvitationId, OneTimeKey, SessionId};
use aside_vault_domain::{Lease, Reference, Refusal};
use aside_vault_store::MintKey;
use aside_web::{Json, Problem};
use aside_wire::{CancelReason, Grant, GrantRequest, HistoryRequest, InvitationStatus, Invite, Invited, MintedKey};
use axum::extract::State;
use http::StatusCode;

use super::caller::{Named, OnSite};
use super::refusal;
use crate::{Vault, room};

/// Refuses a form for whose off-the-record answers there is no room, before anybody is asked to type (V3). One that was sent
/// already was refused or not by then.
async fn room_for(vault: &Vault, on: &OnSite, id: InvitationId, definition: &DefinitionHash) -> Result<(), Problem> {
    let failed = |error| refusal::answer(vault, error);
    let definition = vault.definition(&on.site, definition).await.map_err(failed)?;
    let places = definition.map_or(0, |definition| room::places(definition.definition()));
    let now = on.occasion.now;
    if places == 0 || vault.memory.fits(id, places, now) || vault.store.status(on.site.clone(), id, now).await.is_ok() {
        return Ok(());
    }
    tracing::warn!(site = %on.site, "no room for off-the-record answers: a form was not sent");
    Err(refusal::answer(vault, Refusal::Full.into()))
}

/// Refuses a form whose answers could not be sealed now, before anybody is asked to type (V2). One that was sent already was
/// refused or not by then.
async fn key_for(vault: &Vault, on: &OnSite, id: InvitationId) -> Result<(), Problem> {
    match vault.require_key(&on.site).await {
        Err(error) if vault.store.status(on.site.clone(), id, on.occasion.now).await.is_err() => {
            Err(refusal::answer(vault, error))
        }
        _ => Ok(()),
    }
}

/// Step 1: sends a form. Idempotent by the invitation's id.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/invitations", tag = "zone", request_body = Invite,
    params(("site" = String, Path, description = "The site.")),
    responses((status = 200, body = Invited), (status = 403, description = "`no_right` or `no_factor`."), (status = 409, description = "`wrong_state` or `stopped`.")))]
pub(super) async fn invite(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Json(invite): Json<Invite>,
) -> Result<axum::Json<Invited>, Problem> {
    key_for(&vault, &on, invite.invitation).await?;
    room_for(&vault, &on, invite.invitation, &invite.definition).await?;
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let reference = Reference::generate(vault.rng.as_ref());
    let outcome = vault.store.invite(on.occasion, on.site, invite, reference, Some(key.hash())).await;
    let outcome = outcome.map_err(|error| refusal::answer(&vault, error))?;
    Ok(axum::Json(Invited {
        invitation: outcome.invitation.id,
        reference: outcome.invitation.reference.as_str().to_owned(),
        expires_at: outcome.invitation.life_ends_at,
        link_key: outcome.link_key_kept.then_some(key),
    }))
}

/// Step 2: an `open` key for a click.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/invitations/{invitation}/open", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("invitation" = String, Path, description = "The invitation.")),
    responses((status = 200, body = MintedKey), (status = 403, description = "`no_right` or `no_factor`."), (status = 409, description = "`wrong_state` or `stopped`."), (status = 410, description = "`used` or `expired`.")))]
pub(super) async fn open(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
) -> Result<axum::Json<MintedKey>, Problem> {
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let expires_at = vault.store.mint_open(on.occasion, on.site, invitation, key.hash()).await;
    let expires_at = expires_at.map_err(|error| refusal::answer(&vault, error))?;
    Ok(axum::Json(MintedKey { key, expires_at }))
}

/// A fresh link; whatever was bound to the old one is void (S14).
#[utoipa::path(post, path = "/zone/v1/sites/{site}/invitations/{invitation}/reissue", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("invitation" = String, Path, description = "The invitation.")),
    responses((status = 200, body = MintedKey), (status = 403, description = "`no_right` or `no_factor`."), (status = 409, description = "`wrong_state` or `stopped`."), (status = 410, description = "`used` or `expired`.")))]
pub(super) async fn reissue(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
) -> Result<axum::Json<MintedKey>, Problem> {
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let expires_at = vault.store.reissue(on.occasion, on.site, invitation, key.hash()).await;
    let expires_at = expires_at.map_err(|error| refusal::answer(&vault, error))?;
    // Whoever opens it next reserves anew.
    vault.memory.release(invitation);
    Ok(axum::Json(MintedKey { key, expires_at }))
}

/// Step 6: the desk vouches that this session may view.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/invitations/{invitation}/grant", tag = "zone", request_body = GrantRequest,
    params(("site" = String, Path, description = "The site."),
        ("invitation" = String, Path, description = "The invitation.")),
    responses((status = 200, body = Grant), (status = 403, description = "`no_right`; `code` says which part of it."), (status = 409, description = "`wrong_state`."), (status = 410, description = "`used` or `expired`."), (status = 423, description = "`locked`: the session is.")))]
pub(super) async fn grant(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
    Json(request): Json<GrantRequest>,
) -> Result<axum::Json<Grant>, Problem> {
    let (now, session) = (on.occasion.now, request.session);
    let lease = vouched(&vault, &on, session).await?;
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let mint = MintKey { hash: key.hash(), expires_at: now.plus_seconds(vault.view_key_seconds) };
    let granted = vault.store.grant(on.occasion, on.site, invitation, session, lease, mint).await;
    let granted = granted.map_err(|error| refusal::answer(&vault, error))?;
    Ok(axum::Json(Grant { submission: granted.submission, key, expires_at: granted.expires_at }))
}

/// Takes the invitation back.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/invitations/{invitation}/cancel", tag = "zone", request_body = CancelReason,
    params(("site" = String, Path, description = "The site."),
        ("invitation" = String, Path, description = "The invitation.")),
    responses((status = 204), (status = 409, description = "`wrong_state`: there are answers."), (status = 410, description = "`used` or `expired`.")))]
pub(super) async fn cancel(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
    Json(reason): Json<CancelReason>,
) -> Result<StatusCode, Problem> {
    let cancelled = vault.store.cancel(on.occasion, on.site, invitation, reason).await;
    cancelled.map_err(|error| refusal::answer(&vault, error))?;
    vault.memory.release(invitation);
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the right to view from the session that sent the form, for good: the conversation went to another agent (S8).
/// Idempotent.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/invitations/{invitation}/revoke", tag = "zone", request_body = CancelReason,
    params(("site" = String, Path, description = "The site."),
        ("invitation" = String, Path, description = "The invitation.")),
    responses((status = 204, description = "Open views close, what is off the record is wiped, what awaited answers is cancelled.")))]
pub(super) async fn revoke(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
    Json(reason): Json<CancelReason>,
) -> Result<StatusCode, Problem> {
    // The screens first, as at the end of a session.
    vault.screens.close_senders(&on.site, |shown| shown.invitation == invitation);
    let ended = vault.store.revoke(on.occasion, on.site, invitation, reason).await;
    vault.forget(&ended.map_err(|error| refusal::answer(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}

/// The desk vouches that this session may read what was stored in a closed conversation, and says why (V6).
#[utoipa::path(post, path = "/zone/v1/sites/{site}/invitations/{invitation}/history", tag = "zone", request_body = HistoryRequest,
    params(("site" = String, Path, description = "The site."),
        ("invitation" = String, Path, description = "The invitation.")),
    responses((status = 200, body = Grant), (status = 403, description = "`no_right`; `code` says which part of it."), (status = 409, description = "`wrong_state`."), (status = 422, description = "`invalid`: the reference."), (status = 423, description = "`locked`: the session is.")))]
pub(super) async fn history(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
    Json(request): Json<HistoryRequest>,
) -> Result<axum::Json<Grant>, Problem> {
    on.require_history(&vault).map_err(refusal::problem)?;
    let (now, session) = (on.occasion.now, request.session);
    let lease = vouched(&vault, &on, session).await?;
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let mint = MintKey { hash: key.hash(), expires_at: now.plus_seconds(vault.view_key_seconds) };
    let granted = vault.store.grant_history(on.occasion, on.site, invitation, request, lease, mint).await;
    let granted = granted.map_err(|error| refusal::answer(&vault, error))?;
    Ok(axum::Json(Grant { submission: granted.submission, key, expires_at: granted.expires_at }))
}

/// The session's lease, which the desk renews by asking for it: so it vouches that the session lives.
async fn vouched(vault: &Vault, on: &OnSite, session: SessionId) -> Result<Lease, Problem> {
    let ended = vault.store.ended_sessions(on.site.clone(), vec![session]).await;
    if ended.map_err(|error| refusal::answer(vault, error))?.is_empty() {
        vault.leases.renew(&on.site, session, on.occasion.now);
    }
    Ok(vault.leases.of(&on.site, session, on.occasion.now))
}

/// The invitation's status.
#[utoipa::path(get, path = "/zone/v1/sites/{site}/invitations/{invitation}", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("invitation" = String, Path, description = "The invitation.")),
    responses((status = 200, body = InvitationStatus)))]
pub(super) async fn status(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
) -> Result<axum::Json<InvitationStatus>, Problem> {
    let status = vault.store.status(on.site, invitation, on.occasion.now).await;
    status.map(axum::Json).map_err(|error| refusal::answer(&vault, error))
}
