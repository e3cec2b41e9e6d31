use std::sync::Arc;

use aside_base::{SeededRng, Timestamp};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Certificate and key of `name`, as PEM.
    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    /// A desk that trusts this authority only.
    fn desk(&self) -> rustls::ClientConfig {
        let (certificate, key) = self.issue("desk");
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap()).unwrap();
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(
                vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
                PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
            )
            .unwrap()
    }
}

fn site() -> SiteId {
    "northwind".parse().unwrap()
}

/// A TLS listener with a certificate of `authority` for `name`; hangs up after the handshake.
async fn listener(authority: &Authority, name: &str) -> String {
    let (certificate, key) = authority.issue(name);
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A refused handshake is what these tests are about.
            let _ = acceptor.accept(stream).await;
        }
    });
    address
}

async fn refused_by_trust(address: &str, desk: rustls::ClientConfig) -> String {
    let link = Link::new(address, desk).unwrap();
    match link.end_session(&site(), SessionId::generate(Timestamp(0), &SeededRng::new(1))).await {
        Err(LinkError::Down(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_vault_that_nobody_started_is_down_and_everybody_hears_it() {
    let vacant = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = vacant.local_addr().unwrap().to_string();
    drop(vacant);
    let link = Link::new(&address, Authority::new().desk()).unwrap();
    let mut up = link.watch_up();
    assert!(*up.borrow_and_update());
    let answer = link.open(&site(), InvitationId::generate(Timestamp(0), &SeededRng::new(1))).await;
    assert!(matches!(answer, Err(LinkError::Down(_))), "{answer:?}");
    assert!(!*up.borrow_and_update());
}

#[tokio::test]
async fn a_vault_with_a_certificate_of_another_authority_is_not_trusted() {
    let ours = Authority::new();
    let reason = refused_by_trust(&listener(&Authority::new(), "vault").await, ours.desk()).await;
    assert!(reason.contains("UnknownIssuer") || reason.contains("BadSignature"), "{reason}");
}

#[tokio::test]
async fn a_vault_that_bears_another_name_is_not_trusted() {
    let ours = Authority::new();
    let reason = refused_by_trust(&listener(&ours, "desk").await, ours.desk()).await;
    assert!(reason.contains("not valid for name") || reason.contains("NotValidForName"), "{reason}");
}

#[test]
fn an_address_without_a_port_is_refused() {
    assert!(matches!(Link::new("127.0.0.1", Authority::new().desk()), Err(LinkSetupError::Address)));
}
