//! The layers every public router wears, in the one right order.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{Problem, harden, panic, trace};

/// What [`plumb`] must know.
#[derive(Debug, Clone, Copy)]
pub struct Plumbing {
    /// Whether clients reach us by https (adds HSTS).
    pub https: bool,
    /// How long a handler may take, its body read included; 408 after. Streams and WebSockets are not cut by it.
    pub deadline: Duration,
}

impl Default for Plumbing {
    fn default() -> Self {
        Self { https: false, deadline: Duration::from_secs(30) }
    }
}

/// Wraps `router`, all its routes and its fallback: default headers outermost, then the trace, then panics, then the
/// deadline, then the promise that a change which has begun is finished. An unknown route answers a 404 problem document
/// unless the router has a fallback of its own.
pub fn plumb(router: Router, plumbing: Plumbing) -> Router {
    router
        .layer(from_fn_with_state(plumbing.deadline, see_through))
        .layer(from_fn_with_state(plumbing.deadline, in_time))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(from_fn(trace::log))
        .layer(from_fn_with_state(plumbing.https, with_headers))
}

async fn in_time(State(deadline): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(deadline, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(StatusCode::REQUEST_TIMEOUT, "busy", "The request took too long.").into_response(),
    }
}

/// Runs whatever may change something as a task of its own: a client that hangs up, or a deadline, must not leave a change
/// half done, recorded in one place and not in the other. Nothing has begun while the body still comes: that keeps the
/// deadline, or a client could hold task and connection for ever with a byte a minute.
async fn see_through(State(deadline): State<Duration>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let request = request.map(|body| lasting(body, deadline));
    match tokio::spawn(next.run(request)).await.map_err(JoinError::try_into_panic) {
        Ok(response) => response,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The program ends; nobody waits for the reply.
        Err(Err(_)) => Problem::failed().into_response(),
    }
}

/// The body, which fails when it has not come whole after `deadline`. It fails rather than ends: a part must not pass for
/// the whole.
fn lasting(body: Body, deadline: Duration) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let until = Instant::now() + deadline;
    Body::from_stream(stream::unfold(Some(body.into_data_stream()), move |rest| async move {
        let mut rest = rest?;
        match timeout_at(until, rest.next()).await {
            Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(rest))),
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Ok(None) => None,
            Err(late) => Some((Err(axum::Error::new(late)), None)),
        }
    }))
}

async fn with_headers(State(https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    harden(response.headers_mut(), https);
    response
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn get_path(path: &str) -> Response {
        call(Request::get(path)).await
    }

    async fn call(request: http::request::Builder) -> Response {
        let router = Router::new()
            .route(
                "/panic",
                get(|| async {
                    if true {
                        panic!("4111111111111111")
                    }
                }),
            )
            .route(
                "/change",
                axum::routing::post(|| async {
                    if true {
                        panic!("4111111111111111")
                    }
                }),
            )
            .route("/slow", get(std::future::pending::<()>))
            .fallback(|| async { Problem::no_route() });
        let router = plumb(router, Plumbing { https: false, deadline: Duration::from_millis(20) });
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_a_500_with_all_headers() {
        for request in [Request::get("/panic"), Request::post("/change")] {
            let response = call(request).await;
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(response.headers()["cache-control"], "no-store");
        }
    }

    #[tokio::test]
    async fn a_handler_that_never_ends_is_cut() {
        assert_eq!(get_path("/slow").await.status(), StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn a_change_is_finished_though_its_client_is_gone() {
        let (begun, beginning) = tokio::sync::oneshot::channel::<()>();
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        let (done, finished) = tokio::sync::oneshot::channel::<()>();
        let once = std::sync::Arc::new(tokio::sync::Mutex::new(Some((begun, released, done))));
        let change = move || async move {
            let (begun, released, done) = once.lock().await.take().unwrap();
            begun.send(()).unwrap();
            released.await.unwrap();
            done.send(()).unwrap();
        };
        let router = plumb(Router::new().route("/", axum::routing::post(change)), Plumbing::default());
        let client = tokio::spawn(router.oneshot(Request::post("/").body(Body::empty()).unwrap()));
        beginning.await.unwrap();
        client.abort();
        assert!(client.await.unwrap_err().is_cancelled());
        release.send(()).unwrap();
        finished.await.unwrap();
    }

    #[tokio::test]
    async fn a_body_that_drips_is_given_up_at_the_deadline() {
        let (told, read) = tokio::sync::oneshot::channel();
        let once = std::sync::Arc::new(tokio::sync::Mutex::new(Some(told)));
        let change = move |body: Body| async move {
            let whole = axum::body::to_bytes(body, 1_000).await.is_ok();
            once.lock().await.take().unwrap().send(whole).unwrap();
        };
        let drips = stream::once(async { Ok::<_, std::convert::Infallible>("q-note=") }).chain(stream::pending());
        let plumbing = Plumbing { https: false, deadline: Duration::from_millis(20) };
        let router = plumb(Router::new().route("/", axum::routing::post(change)), plumbing);
        // Answered one way or the other; what counts is that nobody goes on reading, and that the part is not taken.
        let _ = router.oneshot(Request::post("/").body(Body::from_stream(drips)).unwrap()).await.unwrap();
        let whole = tokio::time::timeout(Duration::from_secs(10), read).await.expect("it is still being read").unwrap();
        assert!(!whole);
    }

    #[tokio::test]
    async fn an_unknown_route_has_the_headers_too() {
        let response = get_path("/none").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
}
