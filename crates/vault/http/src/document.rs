//! The OpenAPI document that stands beside the handlers and is committed as `docs/openapi/vault.json`. Each handler says what
//! is its own; what the layers around all handlers of a kind answer is added here, once.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{OpenApi, ToSchema};

/// What the routes' own annotations do not say.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Aside vault",
        description = "The PCI zone's two faces, which have no route in common. The pages and calls are public, at the vault's \
            host: a browser is known by its cookies, which the vault alone sets. The zone link is on a port of its own over \
            mutual TLS: a desk is known by its certificate, and every site that is not registered to it is `not_valid`. \
            Refusals of calls and of the zone link are problem documents (RFC 9457) with a `kind`; refusals of pages are pages. \
            Another method is answered 405, another host 421.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "pages", description = "Pages and their forms, for visitors and for the agent's frame."),
        (name = "calls", description = "Calls of the vault's own scripts, `/healthz` and `/health/ready`."),
        (name = "api", description = "For other programs, by a bearer key that is made on the vault's own machine (V7)."),
        (name = "zone", description = "The zone link, for desks alone: no browser can reach it.")
    ),
    components(schemas(Problem))
)]
struct Document;

/// A refusal (RFC 9457, `application/problem+json`).
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents what aside-web writes")]
struct Problem {
    /// `tag:aside,2026:<kind>`
    #[schema(rename = "type")]
    name: String,
    /// One sentence.
    title: String,
    /// The HTTP status, repeated.
    status: u16,
    /// For programs to switch on.
    kind: String,
    /// The field at fault.
    #[schema(required = false, nullable = false)]
    field: Option<String>,
    /// A finer reason within the kind.
    #[schema(required = false, nullable = false)]
    code: Option<String>,
}

/// The document of both faces.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut api = Document::openapi();
    for routes in [crate::public::documented(), crate::zone::documented()] {
        api.merge(routes.into_openapi());
    }
    for (path, item) in &mut api.paths.paths {
        complete(path, item);
    }
    api
}

/// Pages that ask again, or show nothing, whatever body they are sent: no status of their own for a wrong one.
const ANY_BODY: [&str; 5] = ["/view", "/factor/totp/confirm", "/factor/confirm", "/export", "/export/confirm"];

fn complete(path: &str, item: &mut PathItem) {
    let PathItem { get, put, post, .. } = item;
    for (operation, method) in [(get, "get"), (put, "put"), (post, "post")] {
        if let Some(operation) = operation {
            let name: String = path.chars().filter(|c| !"{}".contains(*c)).collect();
            operation.operation_id = Some(format!("{method}{}", name.replace(['/', '.'], "_")));
            let strict = operation.request_body.is_some() && !ANY_BODY.contains(&path);
            complete_operation(operation, method != "get", strict);
        }
    }
}

/// Adds what the layers answer, then says of every answer without a content of its own what kind of content it has.
fn complete_operation(operation: &mut Operation, changes: bool, body: bool) {
    let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
    let (zone, api) = (tag == "zone", tag == "api");
    let mut layers = vec![
        (400, "The body cannot be read.", body),
        (403, "Not our own page.", changes && !zone),
        (404, "Not of a site of this desk, or nothing there: never said which.", zone),
        (408, "The request took too long.", true),
        (413, "The body is too large.", body),
        (415, "The body is of another type.", body),
        (422, "A field is missing or wrong; `field` names it.", body && tag != "pages"),
        (429, "Too many requests from one network, or with one key; see `Retry-After`.", (changes && !zone) || api),
        (500, "Our fault; nothing was changed.", true),
        (503, "Too much at once; see `Retry-After`.", true),
    ];
    layers.retain(|(.., applies)| *applies);
    for (status, description, _) in layers {
        let responses = &mut operation.responses.responses;
        responses
            .entry(status.to_string())
            .or_insert_with(|| RefOr::T(ResponseBuilder::new().description(description).build()));
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            // A stream has no one value to describe.
            if let Some(RefOr::T(stream)) = response.content.get_mut("text/event-stream") {
                stream.schema = None;
            }
            if response.description.is_empty() {
                "Done.".clone_into(&mut response.description);
            }
            content(response, status, tag == "pages");
        }
    }
}

fn content(response: &mut Response, status: &str, page: bool) {
    let refusal = status.starts_with(['4', '5']);
    if !response.content.is_empty() || status.starts_with('3') || status == "204" {
        return;
    }
    // A deadline is kept outside all faces: even a page's is a problem document.
    let (kind, schema) = if page && status != "408" {
        ("text/html", RefOr::T(utoipa::schema!(String).build().into()))
    } else if refusal {
        ("application/problem+json", Ref::from_schema_name("Problem").into())
    } else {
        return;
    };
    response.content.insert(kind.to_owned(), ContentBuilder::new().schema(Some(schema)).build().into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_what_kind_of_content_it_has() {
        for (path, item) in openapi().paths.paths {
            for operation in [item.get, item.put, item.post].into_iter().flatten() {
                assert_eq!(operation.tags.as_ref().map(Vec::len), Some(1), "{path}");
                for (status, response) in operation.responses.responses {
                    let RefOr::T(response) = response else { panic!("{path} {status}") };
                    assert!(!response.description.is_empty(), "{path} {status}");
                    assert!(status.as_str() < "400" || !response.content.is_empty(), "{path} {status}");
                }
            }
        }
    }
}
