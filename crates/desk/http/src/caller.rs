//! Who is calling: an agent by the workspace's cookie, another program by its key, a visitor by the widget's cookie. Neither
//! cookie is looked at on the other host, because neither host's handlers ask for it.
//!
//! What a handler takes says who may call it. [`Allowed`] names a permission as a type, so that a handler without a check
//! does not exist by accident; the test over all routes holds each to its case.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use aside_base::{AgentId, ApiKeyId, KeyHash, OneTimeKey, SessionId, SiteId};
use aside_desk_domain::{Actor, By, LiveSession, Permission, RefusalKind, RefusalMinute, SessionStage, Visitor};
use aside_web::{AddressPrefix, CookieSite, HostCookie};
use axum::extract::{ConnectInfo, FromRequestParts};
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, ORIGIN};
use http::request::Parts;

use crate::desk::Desk;
use crate::may::{Keyed, Right};
use crate::refusal::{NotReady, Refusal};

/// The workspace's session.
pub(crate) const SESSION_COOKIE: HostCookie = HostCookie { name: "__Host-aside-desk", site: CookieSite::Strict };
/// A browser that signed in before: strangers' failures do not lock its person out (A3).
pub(crate) const DEVICE_COOKIE: HostCookie = HostCookie { name: "__Host-aside-known", site: CookieSite::Strict };
/// The widget's visitor.
pub(crate) const VISITOR_COOKIE: HostCookie = HostCookie { name: "__Host-aside-visitor", site: CookieSite::Framed };

/// Input is noted at most so often: a write to the disk each.
const INPUT_EVERY: Duration = Duration::from_secs(5);

/// The address a request came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address(pub(crate) IpAddr);

impl Address {
    /// The peer of the connection; unspecified where there is none, as in a test without a socket.
    pub(crate) fn of(extensions: &http::Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        Self(peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip()))
    }

    pub(crate) fn prefix(self) -> AddressPrefix {
        AddressPrefix::of(self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Whoever holds a live session, at whatever stage, locked or not: for the steps of signing in and for leaving.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) live: LiveSession,
    /// How to find the session again, for feeds that outlive the request.
    pub(crate) token: KeyHash,
}

impl Caller {
    pub(crate) fn site(&self) -> &SiteId {
        &self.live.session.site
    }

    pub(crate) fn id(&self) -> AgentId {
        self.live.agent.id
    }

    pub(crate) fn session(&self) -> SessionId {
        self.live.session.id
    }

    pub(crate) fn stage(&self) -> SessionStage {
        self.live.session.stage
    }

    /// Who does something now, from there.
    pub(crate) fn by(&self, desk: &Desk, Address(from): Address) -> By {
        By { who: Actor::Agent(self.id(), self.session()), from: Some(from), at: desk.now() }
    }

    /// Nothing but this stage will do.
    pub(crate) fn at(self, stage: SessionStage) -> Result<Self, Refusal> {
        if self.stage() == stage { Ok(self) } else { Err(Refusal::WrongState("stage")) }
    }

    /// A session that is ready and not locked.
    fn present(&self, desk: &Desk) -> Result<(), Refusal> {
        if self.stage() != SessionStage::Ready {
            return Err(Refusal::NotReady(NotReady::Unfinished(self.stage())));
        }
        if self.live.is_locked(desk.now()) {
            return Err(Refusal::NotReady(NotReady::Locked));
        }
        Ok(())
    }

    /// A ready session that is not locked, or a step of signing in that is not locked.
    pub(crate) fn unlocked(self, desk: &Desk) -> Result<Self, Refusal> {
        if self.live.is_locked(desk.now()) { Err(Refusal::NotReady(NotReady::Locked)) } else { Ok(self) }
    }

    async fn find(parts: &Parts, desk: &Desk) -> Result<Self, Refusal> {
        if let Some(token) = key_of(&parts.headers, &SESSION_COOKIE) {
            if let Some(live) = desk.store.session_by_token(token, desk.now()).await? {
                return Ok(Self { live, token });
            }
            desk.count(RefusalKind::Session, Address::of(&parts.extensions).0);
        }
        Err(Refusal::SignedOut)
    }
}

impl FromRequestParts<Arc<Desk>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        Self::find(parts, desk).await
    }
}

/// An agent in a live session that is ready and unlocked. A command is input (A4): it keeps the session from locking.
#[derive(Debug, Clone)]
pub(crate) struct Agent(Caller);

impl Agent {
    /// The same agent as the store knows it by now, for feeds that outlive the request.
    pub(crate) fn now(&self, live: LiveSession) -> Self {
        Self(Caller { live, token: self.0.token })
    }

    /// What a feed or a page does by itself is no input.
    async fn watching(parts: &Parts, desk: &Desk) -> Result<Self, Refusal> {
        let caller = Caller::find(parts, desk).await?;
        caller.present(desk)?;
        Ok(Self(caller))
    }

    async fn acting(parts: &Parts, desk: &Desk) -> Result<Self, Refusal> {
        let agent = Self::watching(parts, desk).await?;
        if !parts.method.is_safe() {
            desk.note_input(&agent).await?;
        }
        Ok(agent)
    }

    fn allowed<P: Right>(self, parts: &Parts, desk: &Desk) -> Result<Allowed<P>, Refusal> {
        if self.live.is_usable(desk.now()) && self.live.permissions.has_any(P::ANY) {
            return Ok(Allowed { agent: self, right: PhantomData });
        }
        Err(self.lacks(desk, P::NAMED, Address::of(&parts.extensions)))
    }

    /// Counts that a permission was missing, and says which.
    pub(crate) fn lacks(&self, desk: &Desk, permission: Permission, Address(from): Address) -> Refusal {
        desk.refusals.count_row(RefusalMinute::of(RefusalKind::Permission, from, desk.now()).aimed_at(self.id()));
        Refusal::NotAllowed(permission.as_str())
    }
}

impl Deref for Agent {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl FromRequestParts<Arc<Desk>> for Agent {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        Self::acting(parts, desk).await
    }
}

/// An agent whose profile gives a permission.
pub(crate) struct Allowed<P> {
    agent: Agent,
    right: PhantomData<P>,
}

impl<P> Deref for Allowed<P> {
    type Target = Agent;

    fn deref(&self) -> &Agent {
        &self.agent
    }
}

impl<P: Right> FromRequestParts<Arc<Desk>> for Allowed<P> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        Agent::acting(parts, desk).await?.allowed(parts, desk)
    }
}

/// As [`Allowed`], for a command that a page sends by itself: it is no input.
pub(crate) struct Watching<P>(Allowed<P>);

impl<P> Deref for Watching<P> {
    type Target = Agent;

    fn deref(&self) -> &Agent {
        &self.0
    }
}

impl<P: Right> FromRequestParts<Arc<Desk>> for Watching<P> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        Agent::watching(parts, desk).await?.allowed(parts, desk).map(Self)
    }
}

/// An agent whose profile gives the permission, or a key with the scope (A9).
pub(crate) struct PersonOrKey<P> {
    pub(crate) site: SiteId,
    pub(crate) who: Actor,
    right: PhantomData<P>,
}

impl<P> PersonOrKey<P> {
    /// Who does something now, from there.
    pub(crate) fn by(&self, desk: &Desk, Address(from): Address) -> By {
        By { who: self.who, from: Some(from), at: desk.now() }
    }
}

impl<P: Keyed> FromRequestParts<Arc<Desk>> for PersonOrKey<P> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        let right = PhantomData;
        if !parts.headers.contains_key(AUTHORIZATION) {
            let agent = Agent::acting(parts, desk).await?.allowed::<P>(parts, desk)?;
            let who = Actor::Agent(agent.id(), agent.session());
            return Ok(Self { site: agent.site().clone(), who, right });
        }
        let from = Address::of(&parts.extensions).0;
        let now = desk.now();
        let found = match bearer(&parts.headers) {
            Some((id, secret)) => desk.store.use_api_key(id, secret.hash(), now).await?,
            None => None,
        };
        let Some(key) = found else {
            desk.count(RefusalKind::Session, from);
            return Err(Refusal::SignedOut);
        };
        if !P::SCOPES.iter().any(|scope| key.may(*scope, now)) {
            desk.count(RefusalKind::Permission, from);
            return Err(Refusal::NotAllowed(P::SCOPES.first().map_or("scope", |scope| scope.as_str())));
        }
        Ok(Self { who: Actor::ApiKey(key.id), site: key.site, right })
    }
}

/// Whether a program calls by its key, and no browser: neither a cookie nor a page's origin comes with it. No page can make
/// another's browser send such a request.
pub(crate) fn is_program(headers: &HeaderMap) -> bool {
    headers.contains_key(AUTHORIZATION) && !headers.contains_key(COOKIE) && !headers.contains_key(ORIGIN)
}

/// The key of the one `Authorization: Bearer …`, as its id and its secret.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<(ApiKeyId, OneTimeKey)> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (all.next(), all.next()) else { return None };
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    let (id, secret) = key.strip_prefix(API_KEY_PREFIX)?.split_once('_')?;
    let (id, secret) = (id.parse().ok()?, secret.parse().ok()?);
    (scheme.eq_ignore_ascii_case("bearer") && api_key_text(id, &secret) == key).then_some((id, secret))
}

/// How every API key begins: a scanner of leaked secrets knows ours by it.
const API_KEY_PREFIX: &str = "aside_";

/// The one way in which an API key is written.
pub(crate) fn api_key_text(id: ApiKeyId, secret: &OneTimeKey) -> String {
    format!("{API_KEY_PREFIX}{id}_{}", secret.to_text())
}

/// A visitor's browser that the desk knows.
#[derive(Debug, Clone)]
pub(crate) struct KnownVisitor(pub(crate) Visitor);

impl FromRequestParts<Arc<Desk>> for KnownVisitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        if let Some(cookie) = key_of(&parts.headers, &VISITOR_COOKIE) {
            if let Some(visitor) = desk.store.visitor_by_cookie(cookie).await? {
                return Ok(Self(visitor));
            }
            desk.count(RefusalKind::Visitor, Address::of(&parts.extensions).0);
        }
        Err(Refusal::SignedOut)
    }
}

/// The hash of the key that a cookie carries, if it carries one.
pub(crate) fn key_of(headers: &HeaderMap, cookie: &HostCookie) -> Option<KeyHash> {
    cookie.read(headers)?.parse::<OneTimeKey>().ok().map(|key| key.hash())
}

impl Desk {
    /// Counts a refusal of somebody unknown.
    pub(crate) fn count(&self, kind: RefusalKind, from: IpAddr) {
        self.refusals.count(kind, from, self.now());
    }

    /// The person did something just now.
    pub(crate) async fn note_input(&self, caller: &Caller) -> Result<(), Refusal> {
        let now = self.now();
        if caller.live.session.last_input_at.plus(INPUT_EVERY) <= now {
            self.store.note_input(caller.site(), caller.session(), now).await?;
        }
        Ok(())
    }
}
