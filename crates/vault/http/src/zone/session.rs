//! Agents' sessions as the desk reports them: begun, alive, locked, over; and conversations closed.

use std::sync::Arc;

use aside_base::{ConversationId, OneTimeKey, SessionId};
use aside_vault_store::MintKey;
use aside_web::{Json, Problem};
use aside_wire::{Enrolment, RenewSessions, RenewedSessions, StartSession};
use axum::extract::State;
use http::StatusCode;

use super::caller::{Named, OnSite};
use super::refusal;
use crate::Vault;

/// How long an `enrol` key lives, in seconds: the workspace uses it at once.
const ENROL_SECONDS: u32 = 120;
/// The most sessions in one renewal.
const SESSIONS: usize = 10_000;

/// An agent has signed in.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/sessions", tag = "zone", request_body = StartSession,
    params(("site" = String, Path, description = "The site.")),
    responses((status = 200, body = Enrolment), (status = 403, description = "`no_right`: the session has ended.")))]
pub(super) async fn start(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Json(start): Json<StartSession>,
) -> Result<axum::Json<Enrolment>, Problem> {
    let (now, session) = (on.occasion.now, start.session);
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let expires_at = now.plus_seconds(ENROL_SECONDS);
    let enrol = MintKey { hash: key.hash(), expires_at };
    let started = vault.store.start_session(on.occasion, on.site.clone(), start, enrol).await;
    let started = started.map_err(|error| refusal::answer(&vault, error))?;
    vault.leases.renew(&on.site, session, now);
    Ok(axum::Json(Enrolment { key: started.enrol_kept.then_some(key), expires_at, factor: started.factor }))
}

/// These sessions live on.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/sessions/renew", tag = "zone", request_body = RenewSessions,
    params(("site" = String, Path, description = "The site.")),
    responses((status = 200, body = RenewedSessions)))]
pub(super) async fn renew(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Json(renewal): Json<RenewSessions>,
) -> Result<axum::Json<RenewedSessions>, Problem> {
    if renewal.sessions.len() > SESSIONS {
        return Err(refusal::of_kind(aside_wire::ProblemKind::Invalid).field("sessions"));
    }
    let ended = vault.store.ended_sessions(on.site.clone(), renewal.sessions.clone()).await;
    let ended = ended.map_err(|error| refusal::answer(&vault, error))?;
    for session in renewal.sessions.iter().filter(|session| !ended.contains(session)) {
        vault.leases.renew(&on.site, *session, on.occasion.now);
    }
    Ok(axum::Json(RenewedSessions { ended }))
}

/// The session is over, for good.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/sessions/{session}/end", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("session" = String, Path, description = "The session.")),
    responses((status = 204)))]
pub(super) async fn end(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(session): Named<SessionId>,
) -> Result<StatusCode, Problem> {
    // The screens first: should the record fail, the answers are off them all the same, and the desk asks again.
    vault.leases.end(&on.site, session);
    vault.screens.close_where(|screen| screen.site == on.site && screen.session == session);
    let ended = vault.store.end_session(on.occasion, on.site, session).await;
    vault.forget(&ended.map_err(|error| refusal::answer(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}

/// The page is locked (A4): the session's views close, and until it is unlocked nothing is granted, viewed or revealed.
/// Idempotent.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/sessions/{session}/lock", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("session" = String, Path, description = "The session.")),
    responses((status = 204)))]
pub(super) async fn lock(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(session): Named<SessionId>,
) -> Result<StatusCode, Problem> {
    vault.screens.close_where(|screen| screen.site == on.site && screen.session == session);
    let ended = vault.store.lock_session(on.occasion, on.site, session).await;
    vault.forget(&ended.map_err(|error| refusal::answer(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody is there again, as the desk has checked. A reveal must be confirmed anew. Idempotent.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/sessions/{session}/unlock", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("session" = String, Path, description = "The session.")),
    responses((status = 204)))]
pub(super) async fn unlock(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(session): Named<SessionId>,
) -> Result<StatusCode, Problem> {
    let unlocked = vault.store.unlock_session(on.occasion, on.site, session).await;
    unlocked.map_err(|error| refusal::answer(&vault, error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The conversation is closed, for good.
#[utoipa::path(post, path = "/zone/v1/sites/{site}/conversations/{conversation}/close", tag = "zone",
    params(("site" = String, Path, description = "The site."),
        ("conversation" = String, Path, description = "The conversation.")),
    responses((status = 204)))]
pub(super) async fn close_conversation(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(conversation): Named<ConversationId>,
) -> Result<StatusCode, Problem> {
    // The screens first, as at the end of a session.
    vault.screens.close_senders(&on.site, |shown| shown.conversation == conversation);
    let ended = vault.store.close_conversation(on.occasion, on.site, conversation).await;
    vault.forget(&ended.map_err(|error| refusal::answer(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}
