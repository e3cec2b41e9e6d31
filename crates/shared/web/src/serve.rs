//! Serving a router on a listener: bounded headers, bounded waits, bounded connections, and a drain at the end.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinError;
use tower::ServiceExt as _;

/// How long a client may take to send its request's head, a new request on a kept connection included.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The most bytes of a request's head.
const HEAD_LIMIT: usize = 16 * 1024;
/// How long open requests may go on after the shutdown was asked for.
const DRAIN: Duration = Duration::from_secs(5);
/// The most connections at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 8192;

/// The open connections of one listener: takes new ones, ends them all in the end.
pub struct Connections {
    permits: Arc<Semaphore>,
    ending: watch::Sender<bool>,
}

impl Default for Connections {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(CONNECTIONS)), ending: watch::Sender::new(false) }
    }
}

impl Connections {
    /// Waits for room for one more.
    pub async fn room(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }

    /// Turns true when connections should finish what they do.
    #[must_use]
    pub fn ending(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
    }

    /// Asks every connection to end and waits until they have, 5 s at most.
    pub async fn drain(self) {
        self.ending.send_replace(true);
        let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        if tokio::time::timeout(DRAIN, self.permits.acquire_many(all)).await.is_err() {
            tracing::warn!("some connections were still open at the end of the drain");
        }
    }
}

/// Serves `router` over plain HTTP/1.1 until `shutdown` completes, then drains. Handlers may extract
/// `ConnectInfo<SocketAddr>`.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let connections = Connections::default();
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        let Some((stream, peer, permit)) = accepted else { continue };
        let (router, ending) = (router.clone(), connections.ending());
        tokio::spawn(async move {
            serve_stream(stream, peer, router, ending).await;
            drop(permit);
        });
    }
    drop(listener);
    connections.drain().await;
}

async fn accept(
    listener: &TcpListener,
    connections: &Connections,
) -> Option<(tokio::net::TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = connections.room().await?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Only slows small replies down; not worth refusing the client for.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, permit))
        }
        Err(error) => {
            // Out of file descriptors, mostly: let some close before the next try.
            tracing::warn!(kind = %error.kind(), "cannot accept a connection");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

/// Serves one connection that may be anything: a socket, or TLS over one. Ends when the client does, or gracefully once
/// `ending` turns true.
///
/// A request that was read is handled to its end, also when its connection breaks meanwhile: a handler that is dropped after
/// it has recorded something would leave undone what follows from it, such as wiping answers.
pub async fn serve_stream<S>(stream: S, peer: SocketAddr, router: Router, mut ending: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            // An error means that the handler panicked: the connection breaks, as it would have by itself.
            let handled = tokio::spawn(router.oneshot(request)).await?;
            Ok::<Response, JoinError>(handled.unwrap_or_else(|never| match never {}))
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_LIMIT);
    let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::pin!(connection);
    let ended = async move {
        // An error means the sender is gone, and so is the listener.
        let _ = ending.wait_for(|ending| *ending).await;
    };
    tokio::pin!(ended);
    let mut told = false;
    loop {
        tokio::select! {
            // Broken connections are the client's affair; the error could quote what it sent.
            _ = &mut connection => return,
            () = &mut ended, if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_request_in_flight_is_answered_after_the_shutdown_was_asked_for() {
        let (arrived, arrival) = oneshot::channel::<()>();
        let (release, released) = oneshot::channel::<()>();
        let once = Arc::new(tokio::sync::Mutex::new(Some((arrived, released))));
        let router = Router::new().route(
            "/",
            get(move || async move {
                let (arrived, released) = once.lock().await.take().unwrap();
                arrived.send(()).unwrap();
                released.await.unwrap();
                "done"
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, router, async move {
            let _ = stopped.await;
        }));
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        arrival.await.unwrap();
        stop.send(()).unwrap();
        release.send(()).unwrap();
        let mut reply = String::new();
        client.read_to_string(&mut reply).await.unwrap();
        assert!(reply.ends_with("done"), "{reply}");
        server.await.unwrap();
    }

    #[tokio::test]
    async fn a_request_whose_connection_breaks_is_handled_to_its_end() {
        let (arrived, arrival) = oneshot::channel::<()>();
        let (release, released) = oneshot::channel::<()>();
        let (finish, finished) = oneshot::channel::<()>();
        let once = Arc::new(tokio::sync::Mutex::new(Some((arrived, released, finish))));
        let router = Router::new().route(
            "/",
            get(move || async move {
                let (arrived, released, finish) = once.lock().await.take().unwrap();
                arrived.send(()).unwrap();
                released.await.unwrap();
                finish.send(()).unwrap();
            }),
        );
        let (mut client, served) = tokio::io::duplex(1024);
        let (_ending, ending) = watch::channel(false);
        let connection = tokio::spawn(serve_stream(served, SocketAddr::from(([127, 0, 0, 1], 1)), router, ending));
        client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        arrival.await.unwrap();
        drop(client);
        connection.await.unwrap();
        release.send(()).unwrap();
        finished.await.unwrap();
    }

    #[tokio::test]
    async fn a_head_over_the_limit_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(serve(listener, Router::new(), std::future::pending()));
        let mut client = TcpStream::connect(address).await.unwrap();
        let head = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(HEAD_LIMIT * 2));
        // The server may close before all is written.
        let _ = client.write_all(head.as_bytes()).await;
        let mut reply = Vec::new();
        let _ = client.read_to_end(&mut reply).await;
        assert!(!reply.starts_with(b"HTTP/1.1 2"));
        server.abort();
    }
}
