//! What stands before the handlers of a host: commands come from the host's own pages only, and visitors' are limited.

use std::sync::Arc;

use aside_base::Origin;
use aside_desk_domain::RefusalKind;
use aside_web::{Problem, same_origin};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::Method;

use crate::caller::{Address, is_program};
use crate::desk::Desk;
use crate::refusal::Refusal;

/// A desk and the host that is guarded.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) desk: Arc<Desk>,
    pub(crate) origin: Origin,
}

/// Refuses commands that a page of another origin sent (CSRF). What a program sends by its key comes from no page.
pub(crate) async fn own_pages_only(State(host): State<Host>, request: Request, next: Next) -> Response {
    if changes_something(request.method())
        && !is_program(request.headers())
        && same_origin(request.headers(), &host.origin).is_err()
    {
        host.desk.count(RefusalKind::Origin, Address::of(request.extensions()).0);
        return Problem::foreign_origin().into_response();
    }
    next.run(request).await
}

/// Refuses commands of one network beyond the limit.
pub(crate) async fn limited(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    if changes_something(request.method()) {
        // What is free is kept for authenticated acts (A8): visitors come back when there is more.
        if desk.is_low_on_space() {
            return Refusal::LowSpace.into_response();
        }
        let from = Address::of(request.extensions());
        if let Err(limit) = desk.visitors.check(&from.prefix()) {
            desk.count(RefusalKind::Rate, from.0);
            return Refusal::TooMany(limit).into_response();
        }
    }
    next.run(request).await
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}
