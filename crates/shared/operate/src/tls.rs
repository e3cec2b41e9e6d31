//! Mutual TLS 1.3 between the zones: both sides show a certificate of the house's own CA. There is no other mode.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use serde::Deserialize;

use crate::{Loaded, StartError};

/// Where one side's certificates lie (PEM): the section `[tls]` of both programs' configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The CA that signed the other side.
    pub ca: PathBuf,
    /// This side's certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl TlsFiles {
    /// The same files, relative paths counted from the configuration file's folder.
    #[must_use]
    pub fn beside<T>(&self, loaded: &Loaded<T>) -> Self {
        Self { ca: loaded.path(&self.ca), certificate: loaded.path(&self.certificate), key: loaded.path(&self.key) }
    }
}

/// Makes aws-lc-rs the process's one TLS provider. Call it first thing in `main`; a second call changes nothing.
pub fn install_provider() {
    // Refused only when one is installed already: this one, since no other is linked.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// The zone link's server side: TLS 1.3 only, a client certificate of the CA required.
///
/// # Errors
/// A line that names the file at fault.
pub fn tls_server(files: &TlsFiles) -> Result<Arc<ServerConfig>, StartError> {
    install_provider();
    let roots = Arc::new(roots(&files.ca)?);
    let verifier = WebPkiClientVerifier::builder(roots)
        .build()
        .map_err(|error| StartError(format!("tls.ca {}: {error}", files.ca.display())))?;
    let mut config = ServerConfig::builder_with_protocol_versions(&[&TLS13])
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain(files)?, key(files)?)
        .map_err(|error| pair_error(files, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Each connection proves its certificate anew: a resumed one could outlive the CA's change.
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

/// The zone link's client side: TLS 1.3 only, the server's certificate checked against the CA, ours shown.
///
/// # Errors
/// A line that names the file at fault.
pub fn tls_client(files: &TlsFiles) -> Result<ClientConfig, StartError> {
    install_provider();
    let mut config = ClientConfig::builder_with_protocol_versions(&[&TLS13])
        .with_root_certificates(roots(&files.ca)?)
        .with_client_auth_cert(chain(files)?, key(files)?)
        .map_err(|error| pair_error(files, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn pair_error(files: &TlsFiles, error: &rustls::Error) -> StartError {
    StartError(format!("tls.certificate {} and tls.key {}: {error}", files.certificate.display(), files.key.display()))
}

fn roots(ca: &Path) -> Result<RootCertStore, StartError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("tls.ca", ca)? {
        roots.add(certificate).map_err(|error| StartError(format!("tls.ca {}: {error}", ca.display())))?;
    }
    Ok(roots)
}

fn chain(files: &TlsFiles) -> Result<Vec<CertificateDer<'static>>, StartError> {
    certificates("tls.certificate", &files.certificate)
}

fn certificates(name: &str, file: &Path) -> Result<Vec<CertificateDer<'static>>, StartError> {
    let wrong =
        |error: &dyn std::fmt::Display| StartError(format!("{name} {} cannot be read: {error}", file.display()));
    let certificates: Vec<_> =
        CertificateDer::pem_file_iter(file).and_then(Iterator::collect).map_err(|error| wrong(&pem_reason(&error)))?;
    if certificates.is_empty() {
        return Err(wrong(&"it has no certificate in it"));
    }
    Ok(certificates)
}

fn key(files: &TlsFiles) -> Result<PrivateKeyDer<'static>, StartError> {
    PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| StartError(format!("tls.key {} cannot be read: {}", files.key.display(), pem_reason(&error))))
}

/// A reason without the file's content.
fn pem_reason(error: &rustls::pki_types::pem::Error) -> String {
    match error {
        rustls::pki_types::pem::Error::Io(error) => error.to_string(),
        _ => "it is not PEM of the right kind".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_foreign_file_is_named_and_never_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let files = TlsFiles { ca: path("ca.pem"), certificate: path("vault.pem"), key: path("vault-key.pem") };
        let error = tls_server(&files).unwrap_err().to_string();
        assert!(error.contains("tls.ca") && error.contains("ca.pem"), "{error}");
        std::fs::write(&files.ca, "private words").unwrap();
        let error = tls_server(&files).unwrap_err().to_string();
        assert!(error.contains("no certificate in it") && !error.contains("private"), "{error}");
    }

    #[test]
    fn a_certificate_and_the_key_of_another_do_not_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let files = TlsFiles { ca: path("ca.pem"), certificate: path("ca.pem"), key: path("key.pem") };
        let own = rcgen::generate_simple_self_signed(vec!["vault".to_owned()]).unwrap();
        let other = rcgen::generate_simple_self_signed(vec!["vault".to_owned()]).unwrap();
        std::fs::write(&files.ca, own.cert.pem()).unwrap();
        std::fs::write(&files.key, other.signing_key.serialize_pem()).unwrap();
        assert!(tls_server(&files).unwrap_err().to_string().contains("tls.key"));
        std::fs::write(&files.key, own.signing_key.serialize_pem()).unwrap();
        assert!(tls_server(&files).is_ok());
    }
}
