//! The operator's face: what is done at the vault's own machine, over a socket in the data folder that only the vault's own user
//! may open. No browser, no desk and no network reaches it.

mod api_keys;
mod client;
mod keys;
mod listener;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use aside_vault_domain::{CallerKind, Occasion};
use aside_web::Problem;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::routing::{get, post};
use http::StatusCode;
use http::request::Parts;

use crate::Vault;
use crate::vault::occasion;

pub use client::{AskError, ask};
pub use listener::serve_operator;

/// The socket's name in the data folder.
pub const SOCKET: &str = "operator.sock";
/// The most bytes of a request.
const BODY: usize = 64 * 1024;

/// What an operator may ask. Every request must carry a [`User`] in its extensions: who calls, as the socket proved it. Without
/// one it is refused.
pub fn router(vault: Arc<Vault>) -> Router {
    Router::new()
        .route("/v1/keys", get(keys::inventory))
        .route("/v1/keys/rotate", post(keys::rotate))
        .route("/v1/keys/rewrap", post(keys::rewrap))
        .route("/v1/keys/retire", post(keys::retire))
        .route("/v1/keys/unseal", post(keys::unseal))
        .merge(api_keys::routes())
        .fallback(|| async { Problem::no_route() })
        .method_not_allowed_fallback(|| async { Problem::no_method() })
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(vault)
}

/// The system's user at the other end of the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User(pub u32);

/// Whoever runs the vault.
pub(crate) struct Operator {
    pub(crate) occasion: Occasion,
}

impl FromRequestParts<Arc<Vault>> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<Self, Problem> {
        let Some(User(user)) = parts.extensions.get::<User>() else {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "no_right",
                "This did not come through the operator's socket.",
            ));
        };
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Ok(Self { occasion: occasion(CallerKind::Operator, &format!("uid {user}"), here, vault.now()) })
    }
}
