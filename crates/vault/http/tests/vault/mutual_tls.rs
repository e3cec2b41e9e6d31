//! The zone link on a real socket: who gets in, and as whom.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use aside_operate::{Shutdown, TlsFiles, install_provider, tls_client, tls_server};
use aside_vault_http::serve_zone;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

use crate::house::House;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate of `issuer` for these names, shown by somebody who trusts `trusted`.
fn identity(folder: &Path, file: &str, names: &[&str], issuer: &Authority, trusted: &Authority) -> TlsFiles {
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, issuer).unwrap();
    let path = |suffix: &str| folder.join(format!("{file}{suffix}"));
    let files = TlsFiles { ca: path("-ca.pem"), certificate: path(".pem"), key: path("-key.pem") };
    std::fs::write(&files.ca, trusted.pem()).unwrap();
    std::fs::write(&files.certificate, certificate.pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    files
}

/// The status line of one request, or nothing where the connection was refused.
async fn asked(address: SocketAddr, client: ClientConfig, method: &str, path: &str) -> Option<String> {
    let stream = TcpStream::connect(address).await.unwrap();
    let connector = TlsConnector::from(Arc::new(client));
    let mut stream = connector.connect(ServerName::try_from("vault").unwrap(), stream).await.ok()?;
    let request = format!("{method} {path} HTTP/1.1\r\nHost: vault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.ok()?;
    let reply = String::from_utf8(reply).unwrap();
    reply.lines().next().map(str::to_owned)
}

/// The zone link of a house, on a real socket.
pub(crate) struct Door {
    address: SocketAddr,
    folder: tempfile::TempDir,
    ours: Authority,
    stop: tokio::sync::watch::Sender<bool>,
    serving: tokio::task::JoinHandle<()>,
}

impl Door {
    pub(crate) async fn open(house: &House) -> Self {
        install_provider();
        let (folder, ours) = (tempfile::tempdir().unwrap(), authority());
        let server = tls_server(&identity(folder.path(), "vault", &["vault"], &ours, &ours)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, shutdown) = Shutdown::by_hand();
        let serving = tokio::spawn(serve_zone(listener, server, Arc::clone(&house.vault), shutdown.asked()));
        Self { address, folder, ours, stop, serving }
    }

    /// A client with a certificate of `issuer` for these names.
    fn client(&self, file: &str, names: &[&str], issuer: &Authority) -> ClientConfig {
        tls_client(&identity(self.folder.path(), file, names, issuer, &self.ours)).unwrap()
    }

    /// Somebody of the house whose certificate names no registered desk.
    pub(crate) async fn asked_by_unregistered(&self, method: &str, path: &str) -> Option<String> {
        asked(self.address, self.client("stranger", &["stranger"], &self.ours), method, path).await
    }

    /// Somebody without a certificate.
    pub(crate) async fn asked_by_nobody(&self, method: &str, path: &str) -> Option<String> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.ours.der().clone()).unwrap();
        let nameless = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        asked(self.address, nameless, method, path).await
    }

    pub(crate) async fn close(self) {
        self.stop.send_replace(true);
        self.serving.await.unwrap();
    }
}

#[tokio::test]
async fn only_a_registered_desk_with_a_certificate_of_the_house_gets_in() {
    let house = House::new().await;
    let door = Door::open(&house).await;
    let foreign = authority();
    let events = "/zone/v1/events?after=0";
    let unknown = "/zone/v1/sites/northwind/invitations/018f0000-0000-7000-8000-000000000000";
    let get = async |client: ClientConfig, path: &str| asked(door.address, client, "GET", path).await;

    let desk = door.client("desk", &["desk"], &door.ours);
    assert_eq!(get(desk.clone(), events).await.as_deref(), Some("HTTP/1.1 200 OK"));
    assert_eq!(get(desk, "/begin").await.as_deref(), Some("HTTP/1.1 404 Not Found"));
    let other = door.client("other", &["other"], &door.ours);
    assert_eq!(get(other, unknown).await.as_deref(), Some("HTTP/1.1 404 Not Found"));
    assert_eq!(door.asked_by_unregistered("GET", events).await.as_deref(), Some("HTTP/1.1 404 Not Found"));
    let both = door.client("both", &["desk", "stranger"], &door.ours);
    assert_eq!(get(both, events).await.as_deref(), Some("HTTP/1.1 404 Not Found"));
    assert_eq!(get(door.client("forged", &["desk"], &foreign), events).await, None);
    assert_eq!(door.asked_by_nobody("GET", events).await, None);
    // The other way round: a vault that the desk's CA did not sign is not spoken to.
    let mistrusting = tls_client(&identity(door.folder.path(), "desk2", &["desk"], &door.ours, &foreign)).unwrap();
    assert_eq!(get(mistrusting, events).await, None);
    door.close().await;
}
