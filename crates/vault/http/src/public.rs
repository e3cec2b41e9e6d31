//! The pages: what visitors' and agents' browsers reach. No route of the zone link's is here.

mod browser;
mod confirm;
mod cookie;
mod export;
mod factor;
mod form;
mod guard;
mod health;
mod link;
mod live;
mod open;
mod proof;
mod refusal;
mod reply;
mod script;
mod seal;
mod segment;
mod submit;
mod typed;
mod view;
mod viewer;

use std::sync::Arc;

use aside_web::{HostRouter, Plumbing, plumb};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Vault, api, body};

pub(crate) use seal::unseal;

/// The public router, for the vault's own host alone.
pub fn public_router(vault: &Arc<Vault>) -> Router {
    let guarded =
        |routes: OpenApiRouter<Arc<Vault>>| routes.layer(from_fn_with_state(Arc::clone(vault), guard::own_page));
    let calls = calls().layer(from_fn_with_state(Arc::clone(vault), guard::own_call));
    let open = open().layer(from_fn_with_state(Arc::clone(vault), guard::chat));
    let (router, _) =
        looks().merge(guarded(pages())).merge(open).merge(calls).merge(api::documented()).split_for_parts();
    let router = router
        .fallback(refusal::no_route)
        .method_not_allowed_fallback(refusal::no_method)
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .layer(CompressionLayer::new().compress_when(reply::Compressible))
        .with_state(Arc::clone(vault));
    let https = vault.origin.as_str().starts_with("https://");
    HostRouter::new().host(&vault.origin, plumb(router, Plumbing { https, ..Plumbing::default() })).into_router()
}

/// All routes of the public router, as they are documented.
pub(crate) fn documented() -> OpenApiRouter<Arc<Vault>> {
    looks().merge(pages()).merge(open()).merge(calls()).merge(api::documented())
}

/// What only looks.
fn looks() -> OpenApiRouter<Arc<Vault>> {
    OpenApiRouter::new()
        .routes(routes!(link::begin))
        .routes(routes!(link::landing))
        .routes(routes!(form::sent))
        .routes(routes!(typed::form_key))
        .routes(routes!(script::seal))
        .routes(routes!(viewer::shell))
        .routes(routes!(factor::page))
        .routes(routes!(live::stream))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
}

/// What our own pages post as forms.
fn pages() -> OpenApiRouter<Arc<Vault>> {
    OpenApiRouter::new()
        .routes(routes!(link::ask))
        .routes(routes!(submit::submit, form::load))
        .routes(routes!(form::decline))
        .routes(routes!(form::close))
        .routes(routes!(view::open))
        .routes(routes!(export::open, export::page))
        .routes(routes!(export::confirm))
        .routes(routes!(export::file))
        .routes(routes!(factor::start_code_app))
        .routes(routes!(factor::finish_code_app))
        .routes(routes!(factor::confirm_page, factor::confirm_code))
}

/// What a chat's page may post too.
fn open() -> OpenApiRouter<Arc<Vault>> {
    OpenApiRouter::new().routes(routes!(open::open))
}

/// What the viewer's script calls.
fn calls() -> OpenApiRouter<Arc<Vault>> {
    OpenApiRouter::new()
        .routes(routes!(viewer::enrol))
        .routes(routes!(view::reveal))
        .routes(routes!(view::copied))
        .routes(routes!(view::done))
        .routes(routes!(confirm::options))
        .routes(routes!(confirm::confirm))
        .routes(routes!(factor::passkey_options))
        .routes(routes!(factor::add_passkey))
        .routes(routes!(factor::confirm_options))
        .routes(routes!(factor::confirm_passkey))
}
