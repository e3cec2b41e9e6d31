//! The zone link: what a desk may ask of the vault, over mutual TLS.

mod agent;
mod audit;
mod caller;
mod erasure;
mod event;
mod export;
mod invitation;
mod listener;
pub(crate) mod refusal;
mod session;
mod site;

use std::sync::Arc;

use aside_web::{Plumbing, Problem, plumb};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Vault;

pub(crate) use event::Acknowledged;

/// The most bytes of a request: a definition of 20 questions in full length fits.
const BODY: usize = 256 * 1024;

/// The zone link's routes. Every request must carry an `Arc<Desk>` in its extensions: who calls, as the TLS layer proved
/// it. Without one it is refused.
pub fn zone_router(vault: Arc<Vault>) -> Router {
    let (router, _) = documented().split_for_parts();
    let router = router
        .fallback(|| async { Problem::no_route() })
        .method_not_allowed_fallback(|| async { Problem::no_method() })
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(vault);
    plumb(router, Plumbing { https: true, ..Plumbing::default() })
}

/// All routes, as they are documented.
pub(crate) fn documented() -> OpenApiRouter<Arc<Vault>> {
    OpenApiRouter::new()
        .routes(routes!(event::page))
        .routes(routes!(audit::page))
        .routes(routes!(audit::state))
        .routes(routes!(site::put_profile))
        .routes(routes!(site::put_definition))
        .routes(routes!(site::switch_forms))
        .routes(routes!(session::start))
        .routes(routes!(session::renew))
        .routes(routes!(session::end))
        .routes(routes!(session::lock))
        .routes(routes!(session::unlock))
        .routes(routes!(session::close_conversation))
        .routes(routes!(agent::set_rights))
        .routes(routes!(agent::reset_factors))
        .routes(routes!(invitation::invite))
        .routes(routes!(invitation::status))
        .routes(routes!(invitation::open))
        .routes(routes!(invitation::reissue))
        .routes(routes!(invitation::grant))
        .routes(routes!(invitation::cancel))
        .routes(routes!(invitation::revoke))
        .routes(routes!(invitation::history))
        .routes(routes!(erasure::erase))
        .routes(routes!(erasure::report))
        .routes(routes!(export::grant))
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
