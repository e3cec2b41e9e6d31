//! Invitations as the desk handles them: send, mint a key for a click, issue anew, grant a view, take back, ask.

use std::sync::Arc;

use aside_base::{InvitationId, OneTimeKey};
use aside_vault_domain::Reference;
use aside_vault_store::MintKey;
use aside_web::{Json, Problem};
use aside_wire::{CancelReason, Grant, GrantRequest, InvitationStatus, Invite, Invited, MintedKey};
use axum::extract::State;
use http::StatusCode;

use super::caller::{Named, OnSite};
use super::refusal;
use crate::Vault;

pub(super) async fn invite(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Json(invite): Json<Invite>,
) -> Result<axum::Json<Invited>, Problem> {
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

pub(super) async fn grant(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
    Json(request): Json<GrantRequest>,
) -> Result<axum::Json<Grant>, Problem> {
    let (now, session) = (on.occasion.now, request.session);
    let ended = vault.store.ended_sessions(on.site.clone(), vec![session]).await;
    if ended.map_err(|error| refusal::answer(&vault, error))?.is_empty() {
        // The desk vouches for the session by asking.
        vault.leases.renew(&on.site, session, now);
    }
    let lease = vault.leases.of(&on.site, session, now);
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let mint = MintKey { hash: key.hash(), expires_at: now.plus_seconds(vault.view_key_seconds) };
    let granted = vault.store.grant(on.occasion, on.site, invitation, session, lease, mint).await;
    let granted = granted.map_err(|error| refusal::answer(&vault, error))?;
    Ok(axum::Json(Grant { submission: granted.submission, key, expires_at: granted.expires_at }))
}

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

pub(super) async fn status(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(invitation): Named<InvitationId>,
) -> Result<axum::Json<InvitationStatus>, Problem> {
    let status = vault.store.status(on.site, invitation, on.occasion.now).await;
    status.map(axum::Json).map_err(|error| refusal::answer(&vault, error))
}
