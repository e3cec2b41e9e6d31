//! The visitor's feed: the entries of its newest conversation.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use http::HeaderMap;

use crate::caller::KnownVisitor;
use crate::desk::Desk;
use crate::extract::Query;
use crate::feed::{self, After, Listener};

/// The live feed; the document describes it once, with the workspace's.
pub(crate) async fn feed(
    State(desk): State<Arc<Desk>>,
    KnownVisitor(visitor): KnownVisitor,
    Query(after): Query<After>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let listener = Listener::Visitor { visitor, conversation: None };
    feed::open(upgrade, &headers, desk, listener, &after)
}
