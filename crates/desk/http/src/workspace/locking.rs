//! Locking a console, unlocking it, and the input that keeps it from locking (A4).

use std::sync::Arc;

use aside_base::OneTimeKey;
use aside_desk_domain::SessionStage;
use aside_desk_store::{Attempt, Unlock, VerbError};
use aside_web::Json;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use crate::api::{self, SessionView};
use crate::caller::{Address, Agent, Caller, DEVICE_COOKIE, key_of};
use crate::desk::Desk;
use crate::live::Notice;
use crate::refusal::Refusal;

/// Locks the session now: views close, nothing is granted, feeds end.
#[utoipa::path(post, path = "/api/session/lock", tag = "sign-in",
    responses((status = 204), (status = 401, description = "signed_out"), (status = 423, description = "locked")))]
pub(crate) async fn lock(State(desk): State<Arc<Desk>>, from: Address, agent: Agent) -> Result<StatusCode, Refusal> {
    desk.lock(&agent, from).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the lock away with the password. A passkey does it too.
#[utoipa::path(post, path = "/api/session/unlock", tag = "sign-in", request_body = api::Unlock,
    responses((status = 200, body = SessionView), (status = 401, description = "login_failed, captcha or signed_out"),
        (status = 409, description = "wrong_state"), (status = 429, description = "locked")))]
pub(crate) async fn unlock(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    headers: HeaderMap,
    caller: Caller,
    Json(given): Json<api::Unlock>,
) -> Result<Response, Refusal> {
    let caller = caller.at(SessionStage::Ready)?;
    if !caller.live.is_locked(desk.now()) {
        return Err(Refusal::WrongState("not_locked"));
    }
    let found = desk.store.credentials_of(caller.site(), caller.id()).await?;
    let attempt = Attempt {
        site: Some(caller.site().clone()),
        key: desk.attempt_key(Some(caller.site()), caller.live.agent.name.as_str()),
        agent: Some(caller.id()),
        device: key_of(&headers, &DEVICE_COOKIE),
        captcha: match &given.captcha {
            Some(answer) => Some(desk.captcha.solved(answer, desk.now()).map_err(|_| Refusal::Captcha)?),
            None => None,
        },
        from: Some(from),
        now: desk.now(),
    };
    let (charge, checked) = desk.try_password(attempt, &given.password, found.as_ref()).await?;
    if !checked.is_right() {
        return Err(desk.wrong(charge).await?);
    }
    let token = OneTimeKey::generate(&*desk.rng);
    let unlock = Unlock {
        site: caller.site().clone(),
        session: caller.session(),
        charge: Some(charge),
        proof: None,
        token: token.hash(),
        from: Some(from),
        now: desk.now(),
    };
    let live = match desk.store.unlock_session(unlock).await {
        Ok(live) => live,
        Err(VerbError::Refused(_)) => return Err(Refusal::SignedOut),
        Err(VerbError::Store(error)) => return Err(error.into()),
    };
    desk.errands.notify_one();
    desk.stepped(&live, &token).await
}

/// Says that the person is at work: typed, pointed, pressed a key. Sent now and then; feeds and polling are no input.
#[utoipa::path(post, path = "/api/session/input", tag = "sign-in",
    responses((status = 204), (status = 401, description = "signed_out"), (status = 423, description = "locked")))]
pub(crate) async fn input(_agent: Agent) -> StatusCode {
    // Every command of an agent is input; this one is nothing else.
    StatusCode::NO_CONTENT
}

impl Desk {
    /// Locks a ready session.
    pub(super) async fn lock(&self, caller: &Caller, from: Address) -> Result<(), Refusal> {
        if self.store.lock_session(caller.site(), caller.session(), caller.by(self, from)).await? {
            self.live.tell(Notice::Locked { session: caller.session() });
            self.errands.notify_one();
        }
        Ok(())
    }
}
