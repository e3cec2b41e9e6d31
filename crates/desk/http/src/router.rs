//! Two hosts behind one listener: the workspace's and the chat's. Each has its own routes, its own cookie and its own
//! guard; a request for another host is answered 421.

use std::sync::Arc;

use aside_base::{Origin, SiteId};
use aside_web::{HostRouter, Plumbing, Problem, plumb};
use axum::extract::{DefaultBodyLimit, State};
use axum::handler::Handler as _;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::{self, HeaderValue};
use http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::desk::Desk;
use crate::extract::Query;
use crate::guard::{Host, limited, own_pages_only};
use crate::refusal::Refusal;
use crate::{chat, document, faces, workspace};

/// The largest body a command may have.
const BODY_LIMIT: usize = 64 * 1024;

/// Everything the desk serves, by host.
pub fn router(desk: &Arc<Desk>) -> Router {
    let hosts = host_routers(desk);
    hosts.into_iter().fold(HostRouter::new(), |all, (origin, router)| all.host(&origin, router)).into_router()
}

/// The workspace's host and the chat's, each with all of its routes: for whoever must look at every one of them.
pub fn host_routers(desk: &Arc<Desk>) -> [(Origin, Router); 2] {
    let settings = &desk.settings;
    [(settings.desk_origin.clone(), workspace_host(desk)), (settings.chat_origin.clone(), chat_host(desk))]
}

/// The document of both hosts' APIs.
#[must_use]
pub fn openapi() -> OpenApi {
    let (_, mut api) = document::base(workspace_routes()).split_for_parts();
    api.merge(chat_routes().into_openapi());
    document::with_refusals(api)
}

fn workspace_routes() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::new()
        .routes(routes!(workspace::login::sign_in))
        .routes(routes!(workspace::login::captcha))
        .routes(routes!(workspace::login::session))
        .routes(routes!(workspace::login::sign_out))
        .routes(routes!(workspace::second_step::code))
        .routes(routes!(workspace::second_step::recovery))
        .routes(routes!(workspace::second_step::passkey_options))
        .routes(routes!(workspace::second_step::passkey))
        .routes(routes!(workspace::locking::lock))
        .routes(routes!(workspace::locking::unlock))
        .routes(routes!(workspace::locking::input))
        .routes(routes!(workspace::own_password::change))
        .routes(routes!(workspace::welcome::look))
        .routes(routes!(workspace::welcome::set_password))
        .routes(routes!(workspace::sessions::list))
        .routes(routes!(workspace::sessions::end))
        .routes(routes!(workspace::factors::list))
        .routes(routes!(workspace::factors::begin_totp))
        .routes(routes!(workspace::factors::confirm_totp))
        .routes(routes!(workspace::factors::remove_totp))
        .routes(routes!(workspace::factors::begin_passkey))
        .routes(routes!(workspace::factors::add_passkey))
        .routes(routes!(workspace::factors::remove_passkey))
        .routes(routes!(workspace::factors::renew_recovery))
        .routes(routes!(workspace::people::list, workspace::people::invite))
        .routes(routes!(workspace::people::read))
        .routes(routes!(workspace::people::set_profile))
        .routes(routes!(workspace::people::rename))
        .routes(routes!(workspace::people::deactivate))
        .routes(routes!(workspace::people::activate))
        .routes(routes!(workspace::people::unlock))
        .routes(routes!(workspace::people::reset))
        .routes(routes!(workspace::people::reset_factors))
        .routes(routes!(workspace::people::end_sessions))
        .routes(routes!(workspace::people::end_session))
        .routes(routes!(workspace::profiles::list, workspace::profiles::create))
        .routes(routes!(workspace::profiles::change, workspace::profiles::delete))
        .routes(routes!(workspace::security::read, workspace::security::change))
        .routes(routes!(workspace::keys::list, workspace::keys::create))
        .routes(routes!(workspace::keys::revoke))
        .routes(routes!(workspace::audit::search))
        .routes(routes!(workspace::audit::check))
        .routes(routes!(workspace::audit::access))
        .routes(routes!(workspace::export::export))
        .routes(routes!(workspace::alerts::list))
        .routes(routes!(workspace::alerts::acknowledge))
        .routes(routes!(workspace::forms::list))
        .routes(routes!(workspace::conversations::list))
        .routes(routes!(workspace::conversations::read))
        .routes(routes!(workspace::conversations::write))
        .routes(routes!(workspace::conversations::typing))
        .routes(routes!(workspace::conversations::mark_read))
        .routes(routes!(workspace::conversations::close))
        .routes(routes!(workspace::transfer::colleagues))
        .routes(routes!(workspace::transfer::transfer))
        .routes(routes!(workspace::history::list))
        .routes(routes!(workspace::history::view))
        .routes(routes!(workspace::keeping::read, workspace::keeping::change))
        .routes(routes!(workspace::privacy::find))
        .routes(routes!(workspace::privacy::visitor))
        .routes(routes!(workspace::privacy::conversation))
        .routes(routes!(workspace::privacy::erase_visitor))
        .routes(routes!(workspace::privacy::erase_conversation))
        .routes(routes!(workspace::privacy::export_visitors_answers))
        .routes(routes!(workspace::privacy::export_conversations_answers))
        .routes(routes!(workspace::takeout::visitor))
        .routes(routes!(workspace::takeout::conversation))
        .routes(routes!(workspace::invitations::send))
        .routes(routes!(workspace::invitations::cancel))
        .routes(routes!(workspace::invitations::reissue))
        .routes(routes!(workspace::viewing::view))
        .routes(routes!(workspace::feed::feed))
}

fn chat_routes() -> OpenApiRouter<Arc<Desk>> {
    let limited_by_visitor = OpenApiRouter::new().routes(routes!(chat::messages::typing));
    OpenApiRouter::new()
        .routes(routes!(chat::visit::visit))
        .routes(routes!(chat::visit::conversation))
        .routes(routes!(chat::messages::write))
        .routes(routes!(chat::invitations::received))
        .routes(routes!(chat::invitations::open))
        .routes(routes!(chat::invitations::ask))
        .merge(limited_by_visitor)
}

fn workspace_host(desk: &Arc<Desk>) -> Router {
    let (routes, _) = workspace_routes().split_for_parts();
    let routes = routes
        .route("/", get(workspace_page))
        .route("/welcome", get(workspace_page))
        .route("/openapi.json", get(|| async { Json(openapi()) }))
        .fallback(workspace_file.layer(compressed()));
    guarded(routes, desk, &desk.settings.desk_origin)
}

fn chat_host(desk: &Arc<Desk>) -> Router {
    let (routes, _) = chat_routes().split_for_parts();
    let routes = routes
        .route_layer(from_fn_with_state(Arc::clone(desk), limited))
        .route("/api/feed", get(chat::feed::feed))
        .route("/loader.js", get(loader.layer(compressed())))
        .route("/widget", get(widget_page))
        .fallback(widget_file.layer(compressed()));
    guarded(routes, desk, &desk.settings.chat_origin)
}

fn guarded(routes: Router<Arc<Desk>>, desk: &Arc<Desk>, origin: &Origin) -> Router {
    let host = Host { desk: Arc::clone(desk), origin: origin.clone() };
    let routes = routes
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "not_valid", "This method is not served here.")
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(host, own_pages_only))
        .with_state(Arc::clone(desk));
    let https = origin.as_str().starts_with("https:");
    plumb(routes, Plumbing { https, ..Plumbing::default() })
}

/// Files of the faces go out compressed; nothing else does: a reply of the API mixes what a person wrote with what only its
/// reader may see, and the length of a compressed mix tells of both (BREACH).
fn compressed() -> CompressionLayer {
    CompressionLayer::new()
}

async fn loader(headers: HeaderMap) -> Response {
    faces::loader(&headers)
}

async fn workspace_page(State(desk): State<Arc<Desk>>) -> Response {
    faces::workspace_page(&desk.settings.desk_origin, &desk.settings.vault_origin)
}

async fn workspace_file(uri: Uri, headers: HeaderMap) -> Response {
    faces::workspace_file(uri.path().trim_start_matches('/'), &headers)
}

/// Whose widget.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WidgetQuery {
    site: SiteId,
}

async fn widget_page(State(desk): State<Arc<Desk>>, Query(query): Query<WidgetQuery>) -> Result<Response, Refusal> {
    let site = desk.store.site(&query.site).await?.ok_or(Refusal::NotFound)?;
    let settings = &desk.settings;
    let mut response = faces::widget_page(&settings.chat_origin, &settings.vault_origin, &site.origins);
    // The vault must see our origin on the form POST that opens a form; with less a browser would say `Origin: null`.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    Ok(response)
}

async fn widget_file(uri: Uri, headers: HeaderMap) -> Response {
    faces::widget_file(uri.path().trim_start_matches('/'), &headers).into_response()
}
