//! The vault's API for other programs (V7): a bearer key made on the vault's own machine, and nothing a browser could send.
//!
//! Each call is written to the audit log in the transaction that reads: no audit row, no answer. There is no CORS and no cookie;
//! whatever a browser adds to a request is a reason to refuse it.

mod bearer;
mod conversation;
mod detokenise;
mod stored;
mod submission;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Vault;

pub(crate) use bearer::ApiLimits;
pub(crate) use stored::{StoredForms, stored_forms};

/// All routes, as they are documented.
pub(crate) fn documented() -> OpenApiRouter<Arc<Vault>> {
    OpenApiRouter::new()
        .routes(routes!(detokenise::detokenise))
        .routes(routes!(submission::describe))
        .routes(routes!(conversation::export))
        .routes(routes!(conversation::erase))
}
