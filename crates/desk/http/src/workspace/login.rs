//! Signing in by password, the session a browser is in, and signing out (A3, A4).
//!
//! A name that exists and one that does not take the same way: the same questions to the store, the same work at the
//! hasher, the same answer.

use std::sync::Arc;

use aside_base::{OneTimeKey, SiteId};
use aside_desk_domain::{AgentName, AttemptRefusal, Credentials, EndReason, PasswordHash, RefusalKind};
use aside_desk_store::{Attempt, AttemptKey, Charge, SignIn, VerbError};
use aside_web::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use zeroize::Zeroizing;

use super::view::session_cookie;
use crate::api::{Login, SessionView};
use crate::caller::{Address, Caller, DEVICE_COOKIE, SESSION_COOKIE, key_of};
use crate::desk::Desk;
use crate::password::Checked;
use crate::refusal::Refusal;

/// How long a browser is known by its device cookie, in seconds: 90 days.
const DEVICE_LIFE: u32 = 90 * 24 * 60 * 60;

/// Begins a session: the first step of signing in. What comes next stands in `stage`.
#[utoipa::path(post, path = "/api/login", tag = "sign-in", request_body = Login,
    responses((status = 200, body = SessionView), (status = 401, description = "login_failed or captcha"),
        (status = 422, description = "invalid"), (status = 429, description = "locked or busy")))]
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
    let name = login.name.parse::<AgentName>();
    let found = match &name {
        Ok(name) => desk.store.credentials(login.site.as_ref(), name).await?,
        Err(_) => None,
    };
    let counted = name.as_ref().map_or(login.name.as_str(), AgentName::as_str);
    let site = desk.counted_site(login.site.clone(), found.as_ref(), counted).await?;
    let device = key_of(&headers, &DEVICE_COOKIE);
    let attempt = Attempt {
        key: desk.attempt_key(site.as_ref(), counted),
        site,
        agent: found.as_ref().map(|found| found.agent.id),
        device,
        captcha: match &login.captcha {
            Some(answer) => Some(desk.captcha.solved(answer, desk.now()).map_err(|_| Refusal::Captcha)?),
            None => None,
        },
        from: Some(from),
        now: desk.now(),
    };
    let (charge, checked) = desk.try_password(attempt, &login.password, found.as_ref()).await?;
    let (Some(found), true) = (found, checked.is_right()) else { return Err(desk.wrong(charge).await?) };
    let Some(password) = found.usable().cloned() else { return Err(desk.wrong(charge).await?) };
    begin(&desk, &headers, found, password, checked, charge).await
}

/// The password was right.
async fn begin(
    desk: &Desk,
    headers: &HeaderMap,
    found: Credentials,
    password: PasswordHash,
    checked: Checked,
    charge: Charge,
) -> Result<Response, Refusal> {
    let from = charge.attempt.from;
    // One browser, one session: the one it had before would live on without anybody in it.
    if let Some(token) = key_of(headers, &SESSION_COOKIE)
        && let Some(former) = desk.store.session_by_token(token, desk.now()).await?
    {
        let former = Caller { live: former, token };
        desk.end(&former, former.session(), EndReason::Logout, from).await?;
    }
    let (session, token) = desk.fresh_session();
    let known = charge.on_device;
    let fresh = OneTimeKey::generate(&*desk.rng);
    let sign_in = SignIn {
        session,
        agent: found.agent.id,
        site: found.agent.site,
        password,
        rehashed: match checked {
            Checked::RightAnew(hash) => Some(PasswordHash::from_phc(hash)),
            Checked::Right | Checked::Wrong => None,
        },
        token: token.hash(),
        // A browser keeps the cookie it has: it may be known for another account of the same person.
        device: (!known).then(|| charge.attempt.device.unwrap_or(fresh.hash())),
        from,
        now: desk.now(),
        charge,
    };
    let keeps = known || sign_in.charge.attempt.device.is_some();
    // Turned off or changed in this moment: it looks as if it had been so before.
    let live = match desk.store.sign_in(sign_in).await {
        Ok(live) => live,
        Err(VerbError::Refused(_)) => return Err(Refusal::LoginFailed(false)),
        Err(VerbError::Store(error)) => return Err(error.into()),
    };
    let mut response = axum::Json(desk.view(&live).await?).into_response();
    let cookies = response.headers_mut();
    cookies.append(SET_COOKIE, session_cookie(&token)?);
    if !keeps && let Some(cookie) = DEVICE_COOKIE.set_for(&Zeroizing::new(fresh.to_text()), DEVICE_LIFE) {
        cookies.append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A challenge that a browser solves by itself, for a sign-in after some failures. ALTCHA, version 2.
#[utoipa::path(get, path = "/api/captcha", tag = "sign-in",
    responses((status = 200, body = Object, description = "an ALTCHA challenge"), (status = 429, description = "busy")))]
pub(crate) async fn captcha(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
) -> Result<axum::Json<altcha::Challenge>, Refusal> {
    if let Err(limit) = desk.captchas.check(&Address(from).prefix()) {
        desk.count(RefusalKind::Rate, from);
        return Err(limit.into());
    }
    // Nobody's: what is left is what the network must pay.
    let anybody = Attempt {
        site: None,
        key: desk.attempt_key(None, ""),
        agent: None,
        device: None,
        captcha: None,
        from: Some(from),
        now: desk.now(),
    };
    let cost = match desk.store.attempt_gate(anybody).await? {
        Some(AttemptRefusal::Captcha(cost)) => cost,
        Some(AttemptRefusal::Locked(_)) | None => 1,
    };
    let challenge = desk.captcha.challenge(cost, desk.now(), &*desk.rng);
    Ok(axum::Json(challenge.map_err(|error| Refusal::Failed(error.to_string()))?))
}

/// The session this browser is in, at whatever step, locked or not.
#[utoipa::path(get, path = "/api/session", tag = "sign-in",
    responses((status = 200, body = SessionView), (status = 401, description = "signed_out")))]
pub(crate) async fn session(State(desk): State<Arc<Desk>>, caller: Caller) -> Result<axum::Json<SessionView>, Refusal> {
    Ok(axum::Json(desk.view(&caller.live).await?))
}

/// Signs out, everywhere at once: rights, views and feeds of the session end.
#[utoipa::path(post, path = "/api/logout", tag = "sign-in",
    responses((status = 204), (status = 401, description = "signed_out")))]
pub(crate) async fn sign_out(
    State(desk): State<Arc<Desk>>,
    Address(from): Address,
    caller: Caller,
) -> Result<Response, Refusal> {
    desk.end(&caller, caller.session(), EndReason::Logout, Some(from)).await?;
    Ok(cleared(StatusCode::NO_CONTENT))
}

/// A reply that takes the session's cookie away.
pub(super) fn cleared(status: StatusCode) -> Response {
    let mut response = status.into_response();
    if let Some(cleared) = SESSION_COOKIE.clear() {
        response.headers_mut().insert(SET_COOKIE, cleared);
    }
    response
}

impl Desk {
    /// Which site's rules a try is counted under. Where no site was named and the name is nobody's, one is picked by the
    /// name: always the same one, so that strangers cannot tell the names that exist by the rules they meet.
    async fn counted_site(
        &self,
        named: Option<SiteId>,
        found: Option<&Credentials>,
        name: &str,
    ) -> Result<Option<SiteId>, Refusal> {
        let sites = self.store.sites().await?;
        if named.is_some() || found.is_some() {
            return Ok(found.map(|found| found.agent.site.clone()).or(named));
        }
        let [byte, ..] = self.attempt_key.mac(&[b"which site", name.as_bytes()]);
        let picked = usize::from(byte).checked_rem(sites.len());
        Ok(picked.and_then(|place| sites.into_iter().nth(place)).map(|site| site.id))
    }

    pub(super) fn attempt_key(&self, site: Option<&SiteId>, name: &str) -> AttemptKey {
        let site = site.map_or("", SiteId::as_str);
        AttemptKey(self.attempt_key.mac(&[site.as_bytes(), name.as_bytes()]))
    }

    /// Charges a try, then looks at the password, in this order: many at once are no more than one after the other.
    pub(super) async fn try_password(
        &self,
        attempt: Attempt,
        password: &str,
        found: Option<&Credentials>,
    ) -> Result<(Charge, Checked), Refusal> {
        let turn = self.passwords.turn().await?;
        let now = attempt.now;
        let charge = match self.store.take_attempt(attempt).await {
            Ok(charge) => charge,
            Err(VerbError::Refused(refusal)) => return Err(Refusal::of_attempt(refusal, now)),
            Err(VerbError::Store(error)) => return Err(error.into()),
        };
        let stored = found.and_then(Credentials::usable).map(|hash| hash.as_phc().to_owned());
        let checked = self.passwords.check(turn, Zeroizing::new(password.to_owned()), stored).await?;
        Ok((charge, checked))
    }

    /// What a wrong password is answered with.
    pub(super) async fn wrong(&self, charge: Charge) -> Result<Refusal, Refusal> {
        let now = charge.attempt.now;
        // What aims at an account stands in the log; the others are counted.
        if let (None, Some(from)) = (charge.attempt.agent, charge.attempt.from) {
            self.count(RefusalKind::Login, from);
        }
        let failed = self.store.fail_attempt(charge).await?;
        Ok(match failed.locked_until {
            Some(until) => Refusal::LockedOut(now.seconds_until(until)),
            None => Refusal::LoginFailed(failed.captcha),
        })
    }
}
