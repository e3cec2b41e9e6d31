//! The browser that asks, visitor's or agent's: its address, its cookies, its language, its frame.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use aside_base::{KeyHash, OneTimeKey, Timestamp};
use aside_vault_domain::{CallerKind, Occasion};
use axum::extract::{ConnectInfo, FromRequestParts};
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::{Extensions, HeaderMap};

use super::cookie;
use crate::Vault;
use crate::vault::occasion;

/// What is known of the browser.
pub(super) struct Browser {
    pub(super) now: Timestamp,
    pub(super) address: IpAddr,
    /// The key in the device cookie.
    pub(super) device_key: Option<OneTimeKey>,
    /// Its hash.
    pub(super) device: Option<KeyHash>,
    /// The hash of the viewer cookie.
    pub(super) viewer: Option<KeyHash>,
    /// Whether cookies stick here.
    pub(super) keeps_cookies: bool,
    /// Whether the page will stand in a frame.
    pub(super) framed: bool,
    /// What the browser speaks.
    pub(super) language: String,
}

impl Browser {
    pub(super) fn of(headers: &HeaderMap, extensions: &Extensions, now: Timestamp) -> Self {
        let device_key = cookie::key(cookie::DEVICE, headers);
        let language = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("en");
        Self {
            now,
            address: address(extensions),
            device: device_key.as_ref().map(OneTimeKey::hash),
            keeps_cookies: device_key.is_some() || cookie::PROBE.read(headers) == Some("1"),
            device_key,
            viewer: cookie::hash(cookie::VIEWER, headers),
            framed: headers.get("sec-fetch-dest").is_some_and(|dest| dest == "iframe" || dest == "frame"),
            // Longer than any honest list of languages: whoever sends more gets English.
            language: if language.len() <= 200 { language.to_owned() } else { "en".to_owned() },
        }
    }

    /// Acting as the visitor.
    pub(super) fn visits(&self) -> Occasion {
        occasion(CallerKind::Visitor, "", self.address, self.now)
    }

    /// Acting as the agent's browser.
    pub(super) fn views(&self) -> Occasion {
        occasion(CallerKind::Viewer, "", self.address, self.now)
    }
}

impl FromRequestParts<Arc<Vault>> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.extensions, vault.now()))
    }
}

/// Where the connection comes from. Without one the request did not come over a socket; it counts as one nowhere network.
pub(super) fn address(extensions: &Extensions) -> IpAddr {
    let nowhere = IpAddr::from([0, 0, 0, 0]);
    extensions.get::<ConnectInfo<SocketAddr>>().map_or(nowhere, |ConnectInfo(peer)| peer.ip())
}
