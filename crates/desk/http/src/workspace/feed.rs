//! The workspace's feed: all entries of the agent's site.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use http::HeaderMap;

use crate::caller::Agent;
use crate::desk::Desk;
use crate::extract::Query;
use crate::feed::{self, After, Listener};

/// The live feed, a WebSocket at either host. Frames from the server: `ToClient`; from the client: `FromClient`.
#[utoipa::path(get, path = "/api/feed", tag = "both", params(After),
    responses((status = 101, description = "WebSocket", body = crate::api::ToClient), (status = 401, description = "signed_out"),
        (status = 403, description = "no_right: another origin; unfinished"), (status = 423, description = "locked"), (status = 426, description = "invalid")))]
pub(crate) async fn feed(
    State(desk): State<Arc<Desk>>,
    agent: Agent,
    Query(after): Query<After>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    feed::open(upgrade, &headers, desk, Listener::Agent(agent), &after)
}
