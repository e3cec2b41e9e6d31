//! Login, the session a browser is in, and logout (A4, A8).

use std::net::IpAddr;
use std::sync::Arc;

use aside_base::{OneTimeKey, SessionId};
use aside_desk_domain::{
    Agent, AgentName, Credentials, EndReason, RefusalCount, RefusalKind, RefusalMinute, SESSION_LIFE, Session,
};
use aside_web::Json;
use aside_wire::{AgentRights, StartSession};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use zeroize::Zeroizing;

use crate::api::{Login, SessionView, SignedInAgent, SiteName};
use crate::caller::{self, Address, SESSION_COOKIE, key_of};
use crate::desk::Desk;
use crate::link::LinkError;
use crate::live::Notice;
use crate::password::Crowded;
use crate::refusal::Refusal;

/// Signs an agent in.
#[utoipa::path(post, path = "/api/login", tag = "workspace", request_body = Login,
    responses((status = 200, body = SessionView), (status = 401, description = "login_failed"), (status = 429, description = "busy")))]
pub(crate) async fn sign_in(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    headers: HeaderMap,
    Json(login): Json<Login>,
) -> Result<Response, Refusal> {
    if let Err(limit) = desk.logins.check(&Address(from).prefix()) {
        desk.count(RefusalKind::Rate, from);
        return Err(limit.into());
    }
    let agent = authenticate(&desk, &login, from).await?;
    // One browser, one session: the one it had before would live on without anybody in it.
    if let Some(token) = key_of(&headers, &SESSION_COOKIE)
        && let Some(former) = desk.store.session_by_token(token, desk.now()).await?
    {
        desk.end_session(&former.session, EndReason::Logout, Some(from)).await?;
    }
    let now = desk.now();
    let token = OneTimeKey::generate(&*desk.rng);
    let session = Session {
        id: SessionId::generate(now, &*desk.rng),
        agent: agent.id,
        site: agent.site.clone(),
        started_at: now,
        ends_at: now.plus(SESSION_LIFE),
        ended_at: None,
    };
    desk.store.start_session(session.clone(), token.hash(), Some(from)).await?;
    let cookie = SESSION_COOKIE.set(&Zeroizing::new(token.to_text()));
    let cookie = cookie.ok_or_else(|| Refusal::Failed("the session's cookie could not be written".to_owned()))?;
    let view = view(&desk, session.id, &agent).await?;
    Ok(([(SET_COOKIE, cookie)], axum::Json(view)).into_response())
}

/// The session this browser is in, with a fresh enrolment key while no viewer is enrolled.
#[utoipa::path(get, path = "/api/session", tag = "workspace",
    responses((status = 200, body = SessionView), (status = 401, description = "signed_out")))]
pub(crate) async fn session(
    State(desk): State<Arc<Desk>>,
    agent: caller::Agent,
) -> Result<axum::Json<SessionView>, Refusal> {
    Ok(axum::Json(view(&desk, agent.session(), &agent.live.agent).await?))
}

/// Signs out, everywhere at once: rights, views and feeds of the session end.
#[utoipa::path(post, path = "/api/logout", tag = "workspace",
    responses((status = 204), (status = 401, description = "signed_out")))]
pub(crate) async fn sign_out(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    agent: caller::Agent,
) -> Result<Response, Refusal> {
    desk.end_session(&agent.live.session, EndReason::Logout, Some(from)).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cleared) = SESSION_COOKIE.clear() {
        response.headers_mut().insert(SET_COOKIE, cleared);
    }
    Ok(response)
}

async fn authenticate(desk: &Desk, login: &Login, from: IpAddr) -> Result<Agent, Refusal> {
    let found = match login.name.parse::<AgentName>() {
        Ok(name) => desk.store.credentials(login.site.as_ref(), &name).await?,
        Err(_) => None,
    };
    let stored = found.as_ref().map(|found| found.password.as_phc().to_owned());
    let fits = desk.passwords.check(Zeroizing::new(login.password.clone()), stored).await;
    match (fits, found) {
        (Ok(true), Some(Credentials { agent, .. })) => Ok(agent),
        (Ok(_), found) => {
            // Written at once and in the same way, whether or not there is such an account: the time taken tells nothing.
            // However often it is tried, it stays one row a minute, network and account.
            let account = found.map(|found| found.agent.id);
            let row = RefusalMinute { account, ..RefusalMinute::of(RefusalKind::Login, from, desk.now()) };
            desk.store.count_refusals(vec![RefusalCount { row, count: 1 }]).await?;
            Err(Refusal::LoginFailed)
        }
        (Err(Crowded), _) => Err(Refusal::Busy(5)),
    }
}

async fn view(desk: &Desk, session: SessionId, agent: &Agent) -> Result<SessionView, Refusal> {
    let site = desk.store.site(&agent.site).await?;
    let site = site.ok_or_else(|| Refusal::Failed("an agent's site is gone".to_owned()))?;
    let (enrolment, vault_up) = match desk.start_at_vault(session, agent).await {
        Ok(key) => (key, true),
        Err(LinkError::Down(_) | LinkError::Busy(_) | LinkError::Garbled(_)) => (None, false),
        // The vault has ended this session for good; the lease's next round says so to everybody.
        Err(LinkError::Refused(_)) => (None, true),
    };
    Ok(SessionView {
        agent: SignedInAgent {
            id: agent.id,
            name: agent.name.as_str().to_owned(),
            display_name: agent.display_name.as_str().to_owned(),
        },
        session,
        site: SiteName { id: site.id, brand: site.brand },
        vault_origin: desk.settings.vault_origin.clone(),
        enrolment,
        vault_up,
    })
}

impl Desk {
    /// Makes the vault know the session; repeating it is harmless. The key enrols the session's viewer, once.
    pub(crate) async fn start_at_vault(
        &self,
        session: SessionId,
        agent: &Agent,
    ) -> Result<Option<OneTimeKey>, LinkError> {
        let rights = AgentRights { secure_forms: true, card_numbers: true };
        let start =
            StartSession { session, agent: agent.id, agent_name: agent.display_name.as_str().to_owned(), rights };
        self.link.start_session(&agent.site, &start).await.map(|enrolment| enrolment.key)
    }

    /// Ends a session everywhere: in the store with its errand to the vault, and in every feed of this process.
    pub(crate) async fn end_session(
        &self,
        session: &Session,
        reason: EndReason,
        from: Option<IpAddr>,
    ) -> Result<(), Refusal> {
        self.store.end_session(&session.site, session.id, reason, from, self.now()).await?;
        self.tell_ended(session.id, reason);
        Ok(())
    }

    /// Says in every feed of the session that it is over, and wakes the outbox.
    pub(crate) fn tell_ended(&self, session: SessionId, reason: EndReason) {
        self.live.tell(Notice::Ended { session, reason: reason.as_str() });
        self.errands.notify_one();
    }
}
