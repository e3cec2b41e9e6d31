//! The pages: what visitors' and agents' browsers reach. No route of the zone link's is here.

mod browser;
mod cookie;
mod form;
mod guard;
mod health;
mod link;
mod live;
mod open;
mod refusal;
mod reply;
mod seal;
mod submit;
mod view;
mod viewer;

use std::sync::Arc;

use aside_web::{HostRouter, Plumbing, plumb};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

use crate::{Vault, body};

/// The public router, for the vault's own host alone.
pub fn public_router(vault: &Arc<Vault>) -> Router {
    let guarded = |router: Router<Arc<Vault>>| router.layer(from_fn_with_state(Arc::clone(vault), guard::own_page));
    let pages = Router::new()
        .route("/ask", post(link::ask))
        .route("/form/{invitation}/decline", post(form::decline))
        .route("/form/{invitation}/close", post(form::close))
        .route("/view", post(view::open));
    let submit = Router::new().route("/form/{invitation}", post(submit::submit).get(form::load));
    let open = Router::new().route("/open", post(open::open)).layer(from_fn_with_state(Arc::clone(vault), guard::chat));
    let calls = Router::new()
        .route("/viewer/enrol", post(viewer::enrol))
        .route("/view/reveal", post(view::reveal))
        .route("/view/done", post(view::done))
        .layer(from_fn_with_state(Arc::clone(vault), guard::own_call));
    let router = Router::new()
        .route("/begin", get(link::begin))
        .route("/o/{key}", get(link::landing))
        .route("/form/{invitation}/sent", get(form::sent))
        .route("/viewer", get(viewer::shell))
        .route("/view/live/{view}", get(live::stream))
        .route("/healthz", get(health::ready))
        .merge(guarded(pages))
        .merge(guarded(submit))
        .merge(open)
        .merge(calls)
        .fallback(refusal::no_route)
        .method_not_allowed_fallback(refusal::no_method)
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .layer(CompressionLayer::new().compress_when(reply::Compressible))
        .with_state(Arc::clone(vault));
    let https = vault.origin.as_str().starts_with("https://");
    HostRouter::new().host(&vault.origin, plumb(router, Plumbing { https, ..Plumbing::default() })).into_router()
}
