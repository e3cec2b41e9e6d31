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
        (name = "sign-in", description = "Signing in by steps, locking and unlocking, at the desk host."),
        (name = "account", description = "One's own sessions and second factors, at the desk host."),
        (name = "admin", description = "People, profiles, security and keys, each for whoever has the permission. What reads takes \
            an API key with the scope too: `Authorization: Bearer aside_…`."),
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
