//! The wire between the zones: TLS from the desk's real link, at whose other end stands the vault's zone router, or nobody.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use aside_vault_http::Desk;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// What the wire does with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// It carries it there and the answer back.
    Whole,
    /// It breaks before the vault has heard of it.
    CutBefore,
    /// It breaks when the vault has done it, and the answer is lost.
    CutAfter,
}

struct Far {
    wire: Wire,
    vault: Option<Router>,
}

/// The wire, and who stands at its far end.
#[derive(Clone)]
pub(crate) struct Between(Arc<Mutex<Far>>);

/// The wire broke.
#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the wire is cut")
    }
}

impl std::error::Error for Broken {}

impl Between {
    /// Strings the wire; tells where the desk finds it, and what the desk trusts and shows.
    pub(crate) async fn string() -> Result<(Self, String, rustls::ClientConfig), Box<dyn std::error::Error>> {
        let own = rcgen::generate_simple_self_signed(vec!["vault".to_owned()])?;
        let certificate: CertificateDer<'static> = own.cert.der().clone();
        let key = || PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
        let provider = || Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key())?;
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate)?;
        let client = rustls::ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let between = Self(Arc::new(Mutex::new(Far { wire: Wire::Whole, vault: None })));
        tokio::spawn(between.clone().carry(listener, TlsAcceptor::from(Arc::new(server))));
        Ok((between, address, client))
    }

    /// Sets what the wire does from now on.
    pub(crate) fn set(&self, wire: Wire) {
        self.lock().wire = wire;
    }

    /// What it does now.
    pub(crate) fn wire(&self) -> Wire {
        self.lock().wire
    }

    /// Who stands at the far end from now on: the vault's zone router with the desk that the listener would have known, or
    /// nobody.
    pub(crate) fn connect(&self, vault: Option<(Router, Desk)>) {
        self.lock().vault = vault.map(|(router, desk)| router.layer(Extension(Arc::new(desk))));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Far> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn carry(self, listener: TcpListener, acceptor: TlsAcceptor) {
        while let Ok((stream, peer)) = listener.accept().await {
            let (between, acceptor) = (self.clone(), acceptor.clone());
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(move |request| between.clone().call(request, peer));
                // A broken connection is what the cut is for.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    }

    async fn call(self, request: Request<Incoming>, peer: SocketAddr) -> Result<Response<Body>, Broken> {
        let (wire, vault) = {
            let far = self.lock();
            (far.wire, far.vault.clone())
        };
        let vault = vault.filter(|_| wire != Wire::CutBefore).ok_or(Broken)?;
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = vault.oneshot(request).await.unwrap_or_else(|never| match never {});
        if wire == Wire::CutAfter { Err(Broken) } else { Ok(response) }
    }
}
