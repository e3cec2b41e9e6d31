//! The session as its browser sees it, and the cookies that carry it.

use aside_base::{OneTimeKey, SessionId};
use aside_desk_domain::{LiveSession, Policy, SessionStage, vault_rights};
use aside_wire::StartSession;
use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::SET_COOKIE;
use zeroize::Zeroizing;

use crate::api::{FactorCounts, SessionRules, SessionView, SignedInAgent, SiteName};
use crate::caller::SESSION_COOKIE;
use crate::desk::Desk;
use crate::link::LinkError;
use crate::refusal::Refusal;
use crate::shown;

/// What the vault said when a session was started there.
struct AtVault {
    enrolment: Option<OneTimeKey>,
    up: bool,
    factor: Option<bool>,
}

impl Desk {
    /// The session, with a fresh enrolment key while it is ready and no viewer is enrolled.
    pub(crate) async fn view(&self, live: &LiveSession) -> Result<SessionView, Refusal> {
        let session = &live.session;
        let site = self.store.site(&session.site).await?.ok_or_else(|| gone("an agent's site is gone"))?;
        let policy = self.policy(&session.site).await?;
        let factors = self.store.factors(&session.site, live.agent.id).await?;
        let usable = live.is_usable(self.now());
        let waiting = if session.stage == SessionStage::Ready {
            self.store.counts(&session.site, live.agent.id).await?.waiting
        } else {
            0
        };
        let at_vault = if usable { self.ask_vault(live).await } else { self.assume_vault() };
        let locked = session.stage == SessionStage::Ready && live.is_locked(self.now());
        let leaves_at = session.locked_at.filter(|_| policy.idle.on);
        Ok(SessionView {
            agent: SignedInAgent {
                id: live.agent.id,
                name: live.agent.name.as_str().to_owned(),
                display_name: live.agent.display_name.as_str().to_owned(),
            },
            role: shown::role(live.role),
            permissions: if usable { shown::permissions(live.permissions) } else { Vec::new() },
            session: session.id,
            site: SiteName { id: site.id, brand: site.brand },
            stage: shown::stage(session.stage),
            locked,
            waiting,
            factors: FactorCounts {
                totp: factors.totp.is_some(),
                passkeys: u32::try_from(factors.passkeys.len()).unwrap_or(u32::MAX),
                recovery_codes_left: factors.recovery_codes_left,
            },
            rules: rules(&policy),
            last_input_at: session.last_input_at,
            ends_at: session.ends_at,
            locked_out_at: leaves_at.map(|at| at.plus_seconds(policy.idle.sign_out_after_minutes * 60)),
            vault_origin: self.settings.vault_origin.clone(),
            enrolment: at_vault.enrolment,
            vault_up: at_vault.up,
            vault_factor: at_vault.factor,
            forms_on: live.forms_on,
        })
    }

    /// The site's policy.
    pub(crate) async fn policy(&self, site: &aside_base::SiteId) -> Result<Policy, Refusal> {
        let security = self.store.security(site).await?;
        Ok(security.ok_or_else(|| gone("a site's policy is gone"))?.policy)
    }

    /// Whether card numbers in this site's chat are hidden (T1).
    pub(crate) async fn hides_card_numbers(&self, site: &aside_base::SiteId) -> Result<bool, Refusal> {
        Ok(self.policy(site).await?.hide_card_numbers)
    }

    /// Answers the session under its new token.
    pub(crate) async fn stepped(&self, live: &LiveSession, token: &OneTimeKey) -> Result<Response, Refusal> {
        let view = axum::Json(self.view(live).await?);
        Ok(([(SET_COOKIE, session_cookie(token)?)], view).into_response())
    }

    async fn ask_vault(&self, live: &LiveSession) -> AtVault {
        match self.start_at_vault(live).await {
            Ok(enrolment) => AtVault { enrolment: enrolment.key, up: true, factor: Some(enrolment.factor) },
            Err(LinkError::Down(_) | LinkError::Busy(_) | LinkError::Garbled(_)) => {
                AtVault { enrolment: None, up: false, factor: None }
            }
            // The vault has ended this session for good; the lease's next round says so to everybody.
            Err(LinkError::Refused(_)) => AtVault { enrolment: None, up: true, factor: None },
        }
    }

    fn assume_vault(&self) -> AtVault {
        AtVault { enrolment: None, up: *self.link.watch_up().borrow(), factor: None }
    }

    /// Makes the vault know the session; repeating it is harmless. The key enrols the session's viewer, once.
    pub(crate) async fn start_at_vault(&self, live: &LiveSession) -> Result<aside_wire::Enrolment, LinkError> {
        let start = StartSession {
            session: live.session.id,
            agent: live.agent.id,
            agent_name: live.agent.display_name.as_str().to_owned(),
            rights: vault_rights(live.permissions),
        };
        self.link.start_session(&live.session.site, &start).await
    }

    /// A fresh session id and the token that opens it.
    pub(crate) fn fresh_session(&self) -> (SessionId, OneTimeKey) {
        (SessionId::generate(self.now(), &*self.rng), OneTimeKey::generate(&*self.rng))
    }
}

/// What the faces say of the rules.
fn rules(policy: &Policy) -> SessionRules {
    SessionRules {
        password: shown::password_rules(&policy.password),
        lock_after_minutes: policy.idle.on.then_some(policy.idle.lock_after_minutes),
        sign_out_after_minutes: policy.idle.sign_out_after_minutes,
    }
}

pub(crate) fn session_cookie(token: &OneTimeKey) -> Result<HeaderValue, Refusal> {
    let cookie = SESSION_COOKIE.set(&Zeroizing::new(token.to_text()));
    cookie.ok_or_else(|| gone("the session's cookie could not be written"))
}

fn gone(private: &str) -> Refusal {
    Refusal::Failed(private.to_owned())
}
