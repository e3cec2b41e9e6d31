//! Who calls over the zone link, and whether the site it names is its own.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use aside_base::SiteId;
use aside_vault_domain::{CallerKind, NoRight, Occasion, Refusal};
use aside_web::Problem;
use axum::extract::{ConnectInfo, FromRequestParts, Path};
use http::request::Parts;

use super::refusal;
use crate::Vault;
use crate::desk::Desk;
use crate::vault::occasion;

/// A desk that calls.
pub(super) struct Caller {
    pub(super) desk: Arc<Desk>,
    pub(super) occasion: Occasion,
}

impl FromRequestParts<Arc<Vault>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<Self, Problem> {
        let desk = parts.extensions.get::<Arc<Desk>>().cloned();
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        // Without both, the request did not come through the zone link's listener.
        let (Some(desk), Some(address)) = (desk, peer) else { return Err(refusal::problem(Refusal::NotValid)) };
        let occasion = occasion(CallerKind::Desk, &desk.name, address, vault.now());
        Ok(Self { desk, occasion })
    }
}

/// A desk that calls, with the site in the address: one of its own, or the request is *not valid*.
pub(super) struct OnSite {
    pub(super) site: SiteId,
    pub(super) occasion: Occasion,
    desk: Arc<Desk>,
    peer: IpAddr,
}

impl OnSite {
    /// Refuses a desk that the vault's operator did not allow to have the past read (V6, V8).
    pub(super) fn require_history(&self, vault: &Vault) -> Result<(), Refusal> {
        if self.desk.history {
            return Ok(());
        }
        let refusal = Refusal::NoRight(NoRight::HistoryOff);
        vault.tally.count("zone", refusal.as_str(), self.peer, self.occasion.now);
        Err(refusal)
    }
}

impl FromRequestParts<Arc<Vault>> for OnSite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<Self, Problem> {
        let Caller { desk, occasion } = Caller::from_request_parts(parts, vault).await?;
        let site = named::<SiteId>(parts, "site").await?;
        let peer = peer_of(parts);
        if !desk.sites.contains(&site) {
            vault.tally.count("zone", "foreign_site", peer, occasion.now);
            return Err(refusal::problem(Refusal::NotValid));
        }
        Ok(Self { site, occasion, desk, peer })
    }
}

fn peer_of(parts: &Parts) -> IpAddr {
    let unknown = IpAddr::from([0, 0, 0, 0]);
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(unknown, |ConnectInfo(peer)| peer.ip())
}

/// An id in the address, by the name of its place.
pub(super) struct Named<T>(pub(super) T);

macro_rules! named_ids {
    ($($id:ident $place:literal;)*) => {$(
        impl FromRequestParts<Arc<Vault>> for Named<aside_base::$id> {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, _: &Arc<Vault>) -> Result<Self, Problem> {
                named(parts, $place).await.map(Self)
            }
        }
    )*};
}

named_ids! {
    AgentId "agent";
    ConversationId "conversation";
    DefinitionHash "hash";
    InvitationId "invitation";
    SessionId "session";
}

/// A part of the address. What is not even an id is as *not valid* as an unknown one.
async fn named<T: std::str::FromStr>(parts: &mut Parts, place: &str) -> Result<T, Problem> {
    let not_valid = || refusal::problem(Refusal::NotValid);
    let Path(places) =
        Path::<HashMap<String, String>>::from_request_parts(parts, &()).await.map_err(|_| not_valid())?;
    places.get(place).and_then(|text| text.parse().ok()).ok_or_else(not_valid)
}
