//! Agents' sessions as the desk reports them: begun, alive, over; and conversations closed.

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

pub(super) async fn start(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Json(start): Json<StartSession>,
) -> Result<axum::Json<Enrolment>, Problem> {
    let (now, session) = (on.occasion.now, start.session);
    let key = OneTimeKey::generate(vault.rng.as_ref());
    let expires_at = now.plus_seconds(ENROL_SECONDS);
    let enrol = MintKey { hash: key.hash(), expires_at };
    let kept = vault.store.start_session(on.occasion, on.site.clone(), start, enrol).await;
    let kept = kept.map_err(|error| refusal::answer(&vault, error))?;
    vault.leases.renew(&on.site, session, now);
    Ok(axum::Json(Enrolment { key: kept.then_some(key), expires_at, factor: false }))
}

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

pub(super) async fn close_conversation(
    State(vault): State<Arc<Vault>>,
    on: OnSite,
    Named(conversation): Named<ConversationId>,
) -> Result<StatusCode, Problem> {
    let ended = vault.store.close_conversation(on.occasion, on.site, conversation).await;
    vault.forget(&ended.map_err(|error| refusal::answer(&vault, error))?);
    Ok(StatusCode::NO_CONTENT)
}
