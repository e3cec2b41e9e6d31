//! The zone link's listener: mutual TLS, and the name in the caller's certificate decides which desk it is.
//!
//! Its port is its own; the public listener has no route to what is served here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aside_web::{Connections, Problem, serve_stream};
use axum::{Extension, Router};
use http::StatusCode;
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::desk::{Desk, Desks};

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Serves `router` to registered desks until `shutdown` completes, then drains. Handlers find an `Arc<Desk>` in the
/// request's extensions.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    desks: Arc<Desks>,
    router: Router,
    shutdown: impl Future<Output = ()>,
) {
    let connections = Connections::default();
    let acceptor = TlsAcceptor::from(tls);
    tokio::pin!(shutdown);
    loop {
        let room = tokio::select! {
            () = &mut shutdown => break,
            room = connections.room() => room,
        };
        let Some(permit) = room else { break };
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "cannot accept a connection on the zone link");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (acceptor, desks, router, ending) =
            (acceptor.clone(), Arc::clone(&desks), router.clone(), connections.ending());
        tokio::spawn(async move {
            connection(stream, peer, &acceptor, &desks, router, ending).await;
            drop(permit);
        });
    }
    drop(listener);
    connections.drain().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: &TlsAcceptor,
    desks: &Desks,
    router: Router,
    ending: watch::Receiver<bool>,
) {
    // Only delays small replies; not worth refusing the desk for.
    let _ = stream.set_nodelay(true);
    let stream = match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a handshake on the zone link was refused");
            return;
        }
        Err(_) => {
            tracing::warn!("a handshake on the zone link took too long");
            return;
        }
    };
    let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let desk = certificate.and_then(single_name).and_then(|name| desks.by_name(&name));
    let router = match desk {
        Some(desk) => router.layer(Extension::<Arc<Desk>>(desk)),
        None => {
            tracing::warn!("a certificate of the house's CA names no registered desk");
            Router::new().fallback(|| async { unregistered() })
        }
    };
    serve_stream(stream, peer, router, ending).await;
}

fn unregistered() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_valid", "This certificate names no desk that is registered here.")
}

/// The one DNS name of a certificate. With none or several it is nobody's.
fn single_name(certificate: &CertificateDer<'_>) -> Option<String> {
    let certificate = webpki::EndEntityCert::try_from(certificate).ok()?;
    let mut names = certificate.valid_dns_names();
    match (names.next(), names.next()) {
        (Some(name), None) => Some(name.to_owned()),
        _ => None,
    }
}
