//! The one script that the pages do not carry inside: what seals a form, under an address that changes with its text.

use aside_vault_pages::seal_script;
use axum::extract::RawQuery;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use super::reply;

/// `GET /script/seal.js?v=…`: what seals a form. The page that loads it names its hash.
#[utoipa::path(get, path = "/script/seal.js", tag = "pages",
    params(("v" = String, Query, description = "Which text of it: the page says so.")),
    responses((status = 200, description = "The script, to be kept for good.", content_type = "text/javascript"),
        (status = 404, description = "This vault has no such text of it.")))]
pub(super) async fn seal(RawQuery(query): RawQuery) -> Response {
    let wanted = query.as_deref().and_then(|query| query.strip_prefix("v="));
    match seal_script().filter(|script| wanted == Some(script.version().as_str())) {
        Some(script) => reply::script(&script.text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
