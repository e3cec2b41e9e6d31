//! Who is calling: an agent by the workspace's cookie, a visitor by the widget's. Neither cookie is looked at on the other
//! host, because neither host's handlers ask for it.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use aside_base::{AgentId, KeyHash, OneTimeKey, SessionId, SiteId};
use aside_desk_domain::{LiveSession, RefusalKind, Visitor};
use aside_web::{AddressPrefix, CookieSite, HostCookie};
use axum::extract::{ConnectInfo, FromRequestParts};
use http::HeaderMap;
use http::request::Parts;

use crate::desk::Desk;
use crate::refusal::Refusal;

/// The workspace's session.
pub(crate) const SESSION_COOKIE: HostCookie = HostCookie { name: "__Host-aside-desk", site: CookieSite::Strict };
/// The widget's visitor.
pub(crate) const VISITOR_COOKIE: HostCookie = HostCookie { name: "__Host-aside-visitor", site: CookieSite::Framed };

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

/// An agent in a live session.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) live: LiveSession,
    /// How to find the session again, for feeds that outlive the request.
    pub(crate) token: KeyHash,
}

impl Agent {
    pub(crate) fn site(&self) -> &SiteId {
        &self.live.session.site
    }

    pub(crate) fn id(&self) -> AgentId {
        self.live.agent.id
    }

    pub(crate) fn session(&self) -> SessionId {
        self.live.session.id
    }
}

impl FromRequestParts<Arc<Desk>> for Agent {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Refusal> {
        if let Some(token) = key_of(&parts.headers, &SESSION_COOKIE) {
            if let Some(live) = desk.store.session_by_token(token, desk.now()).await? {
                return Ok(Self { live, token });
            }
            desk.count(RefusalKind::Session, Address::of(&parts.extensions).0);
        }
        Err(Refusal::SignedOut)
    }
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
}
