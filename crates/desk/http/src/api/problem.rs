//! Refusals as every route writes them (RFC 9457).

use utoipa::ToSchema;

/// A refusal. Some kinds have members of their own beside these: `captcha`, `left`, `reasons`, `parts`, `open_invitations`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its schema only: aside-web writes it")]
pub struct Problem {
    /// A stable name: `tag:aside,2026:<kind>`.
    #[schema(rename = "type")]
    name: String,
    /// One short sentence.
    title: String,
    /// The HTTP status, repeated.
    status: u16,
    /// For programs to switch on.
    kind: String,
    /// The field at fault, where there is one.
    #[schema(required = false)]
    field: Option<String>,
    /// A finer reason within the kind, where there is one.
    #[schema(required = false)]
    code: Option<String>,
}
