//! One's own sessions: which there are, and ending one.

use std::net::IpAddr;
use std::sync::Arc;

use aside_base::SessionId;
use aside_desk_domain::{Actor, By, EndReason, Session};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use super::login::cleared;
use crate::api::OwnSession;
use crate::caller::{Address, Agent, Caller};
use crate::desk::Desk;
use crate::extract::Path;
use crate::live::Notice;
use crate::refusal::Refusal;

/// One's own sessions, newest first.
#[utoipa::path(get, path = "/api/sessions", operation_id = "list_own_sessions", tag = "account",
    responses((status = 200, body = Vec<OwnSession>), (status = 401, description = "signed_out")))]
pub(crate) async fn list(State(desk): State<Arc<Desk>>, agent: Agent) -> Result<axum::Json<Vec<OwnSession>>, Refusal> {
    let found = desk.store.sessions_of(agent.site(), agent.id(), desk.now()).await?;
    let shown = |session: Session| OwnSession {
        id: session.id,
        started_at: session.started_at,
        last_input_at: session.last_input_at,
        from: session.from.map(|from| from.to_string()),
        current: session.id == agent.session(),
        locked: session.locked_at.is_some(),
    };
    Ok(axum::Json(found.into_iter().map(shown).collect()))
}

/// Ends one of one's own sessions, with every right it had.
#[utoipa::path(post, path = "/api/sessions/{id}/end", operation_id = "end_own_session", tag = "account",
    params(("id" = uuid::Uuid, Path)), responses((status = 204), (status = 404, description = "not_valid")))]
pub(crate) async fn end(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    agent: Agent,
    Path(id): Path<SessionId>,
) -> Result<Response, Refusal> {
    if id == agent.session() {
        desk.end(&agent, id, EndReason::Logout, Some(from)).await?;
        return Ok(cleared(StatusCode::NO_CONTENT));
    }
    let own = desk.store.sessions_of(agent.site(), agent.id(), desk.now()).await?;
    if !own.iter().any(|session| session.id == id) {
        return Err(Refusal::NotFound);
    }
    desk.end(&agent, id, EndReason::EndedElsewhere, Some(from)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

impl Desk {
    /// Ends a session everywhere: in the store with its errand to the vault, and in every feed of this process.
    pub(crate) async fn end(
        &self,
        by: &Caller,
        session: SessionId,
        reason: EndReason,
        from: Option<IpAddr>,
    ) -> Result<(), Refusal> {
        let who = By { who: Actor::Agent(by.id(), by.session()), from, at: self.now() };
        self.store.end_session(by.site(), session, reason, who).await?;
        self.tell_ended(session, reason);
        Ok(())
    }

    /// Says in every feed of the session that it is over, and wakes the outbox.
    pub(crate) fn tell_ended(&self, session: SessionId, reason: EndReason) {
        self.live.tell(Notice::Ended { session, reason: reason.as_str() });
        self.errands.notify_one();
    }
}
