//! The zone link: what a desk may ask of the vault, over mutual TLS.

mod caller;
mod event;
mod invitation;
mod listener;
mod refusal;
mod session;
mod site;

use std::sync::Arc;

use aside_web::{Plumbing, Problem, plumb};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};
use rustls::ServerConfig;
use tokio::net::TcpListener;

use crate::Vault;

pub(crate) use event::Acknowledged;

/// The most bytes of a request: a definition of 20 questions in full length fits.
const BODY: usize = 256 * 1024;

/// The zone link's routes. Every request must carry an `Arc<Desk>` in its extensions: who calls, as the TLS layer proved
/// it. Without one it is refused.
pub fn zone_router(vault: Arc<Vault>) -> Router {
    let site = Router::new()
        .route("/", put(site::put_profile))
        .route("/definitions/{hash}", put(site::put_definition))
        .route("/sessions", post(session::start))
        .route("/sessions/renew", post(session::renew))
        .route("/sessions/{session}/end", post(session::end))
        .route("/conversations/{conversation}/close", post(session::close_conversation))
        .route("/invitations", post(invitation::invite))
        .route("/invitations/{invitation}", get(invitation::status))
        .route("/invitations/{invitation}/open", post(invitation::open))
        .route("/invitations/{invitation}/reissue", post(invitation::reissue))
        .route("/invitations/{invitation}/grant", post(invitation::grant))
        .route("/invitations/{invitation}/cancel", post(invitation::cancel));
    let router = Router::new()
        .route("/zone/v1/events", get(event::page))
        .nest("/zone/v1/sites/{site}", site)
        .fallback(|| async { Problem::no_route() })
        .method_not_allowed_fallback(|| async { Problem::no_method() })
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(vault);
    plumb(router, Plumbing { https: true, ..Plumbing::default() })
}

/// Serves the zone link to registered desks until `shutdown` completes, then drains.
pub async fn serve_zone(
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    vault: Arc<Vault>,
    shutdown: impl Future<Output = ()>,
) {
    let desks = Arc::clone(&vault.desks);
    listener::serve(listener, tls, desks, zone_router(vault), shutdown).await;
}
