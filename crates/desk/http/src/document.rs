//! The OpenAPI document that stands beside the handlers and is committed as `docs/openapi/desk.json`.

use std::sync::Arc;

use utoipa::OpenApi;
use utoipa::openapi::content::Content;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr};
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
    components(schemas(api::ToClient, api::FromClient, api::Problem))
)]
struct Document;

/// `routes` under the document's head.
pub(crate) fn base(routes: OpenApiRouter<Arc<Desk>>) -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::with_openapi(Document::openapi()).merge(routes)
}

/// Says of every operation how it refuses: besides what stands beside a handler, whoever is not signed in, not ready, not
/// allowed, too fast, or sends what cannot be read, is told so by every one of them in the same way.
pub(crate) fn with_refusals(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        for (status, response) in &mut operation.responses.responses {
            let refuses = status.starts_with('4') || status.starts_with('5');
            if let (true, RefOr::T(response)) = (refuses, response) {
                response.content.insert(PROBLEM.to_owned(), RefOr::T(problem()));
            }
        }
        operation.responses.responses.entry("default".to_owned()).or_insert_with(|| refusal().into());
    }
    document
}

const PROBLEM: &str = "application/problem+json";

fn refusal() -> Response {
    ResponseBuilder::new().description("a refusal: `kind` says which").content(PROBLEM, problem()).build()
}

fn problem() -> Content {
    Content::new(Some(Ref::from_schema_name("Problem")))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}
