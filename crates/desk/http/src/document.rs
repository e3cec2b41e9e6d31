//! The OpenAPI document that stands beside the handlers and is committed as `docs/openapi/desk.json`.

use std::sync::Arc;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::api;
use crate::desk::Desk;

/// What the routes' own annotations do not say.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Aside desk",
        description = "The conversation zone's API: the workspace's at the desk host, the visitor's at the chat host. No answer \
            to a secure form ever passes through it. Refusals are problem documents (RFC 9457) with a `kind`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "workspace", description = "Agents, at the desk host, with the cookie `__Host-aside-desk`."),
        (name = "visitor", description = "The widget, at the chat host, with the cookie `__Host-aside-visitor`."),
        (name = "both", description = "At either host, with its cookie.")
    ),
    components(schemas(api::ToClient, api::FromClient))
)]
struct Document;

/// `routes` under the document's head.
pub(crate) fn base(routes: OpenApiRouter<Arc<Desk>>) -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::with_openapi(Document::openapi()).merge(routes)
}
