//! One signed request over one TLS connection. Requests are few: a site key is opened once a start.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aside_base::{Clock, Timestamp};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::credentials;

/// How long a request may take, from the connection to the last byte.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most bytes of an answer.
const ANSWER: usize = 64 * 1024;
/// The longest word of the service's that is repeated.
const WORD: usize = 64;
/// What the service is called where requests are signed.
const SERVICE: &str = "kms";

/// Why there can be no client. Each is a refusal to start.
#[derive(Debug, thiserror::Error)]
pub enum KmsClientError {
    /// The address is none, or not of HTTPS.
    #[error("keys.endpoint must be an address such as https://kms.eu-central-1.amazonaws.com")]
    Endpoint,
    /// The certificates cannot be read.
    #[error("keys.ca {path}: {error}")]
    Ca {
        /// The file.
        path: PathBuf,
        /// What was said.
        error: String,
    },
}

/// What the service answered.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It did what was asked.
    Done(Value),
    /// It refused, and said why in one word, such as `InvalidCiphertextException`.
    Refused(String),
}

/// Speaks to one service.
pub(crate) struct Client {
    host: String,
    port: u16,
    server: ServerName<'static>,
    region: String,
    credentials: PathBuf,
    tls: TlsConnector,
    clock: Arc<dyn Clock>,
}

impl Client {
    pub(crate) fn new(
        endpoint: &str,
        region: &str,
        credentials: &Path,
        ca: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, KmsClientError> {
        let uri: Uri = endpoint.parse().map_err(|_| KmsClientError::Endpoint)?;
        let plain = uri.scheme_str() == Some("https") && uri.path() == "/" && uri.query().is_none();
        let authority = uri.authority().filter(|authority| plain && !authority.as_str().contains('@'));
        let authority = authority.ok_or(KmsClientError::Endpoint)?;
        let server = ServerName::try_from(authority.host().to_owned()).map_err(|_| KmsClientError::Endpoint)?;
        let tls = tls(ca).map_err(|error| KmsClientError::Ca { path: ca.to_owned(), error })?;
        Ok(Self {
            host: authority.as_str().to_owned(),
            port: authority.port_u16().unwrap_or(443),
            server,
            region: region.to_owned(),
            credentials: credentials.to_owned(),
            tls,
            clock,
        })
    }

    /// Asks for `operation`. The error is private text: why the service was not reached or could not be understood.
    pub(crate) async fn ask(&self, operation: &'static str, body: &Value) -> Result<Answer, String> {
        let request = self.signed(operation, body)?;
        match tokio::time::timeout(PATIENCE, self.send(request)).await {
            Ok(answered) => answered,
            Err(_) => Err(format!("{} did not answer for {} s", self.host, PATIENCE.as_secs())),
        }
    }

    fn signed(&self, operation: &'static str, body: &Value) -> Result<Request<Full<Bytes>>, String> {
        let body = serde_json::to_vec(body).map_err(|error| error.to_string())?;
        let target = format!("TrentService.{operation}");
        let headers = [
            ("host", self.host.as_str()),
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target.as_str()),
        ];
        let identity = credentials::read(&self.credentials)?.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(SERVICE)
            .time(time(self.clock.now()))
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let url = format!("https://{}/", self.host);
        let signable = SignableRequest::new("POST", &url, headers.into_iter(), SignableBody::Bytes(&body))
            .map_err(|error| error.to_string())?;
        let (instructions, _) = sign(signable, &parameters).map_err(|error| error.to_string())?.into_parts();
        let mut request = Request::post("/");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let mut request = request.body(Full::new(Bytes::from(body))).map_err(|error| error.to_string())?;
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, String> {
        let name = self.server.to_str();
        let stream =
            TcpStream::connect((name.as_ref(), self.port)).await.map_err(|error| format!("{name}: {error}"))?;
        let stream = self.tls.connect(self.server.clone(), stream).await.map_err(|error| format!("{name}: {error}"))?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        let connection = Connection(tokio::spawn(connection));
        let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER).collect().await.map_err(|error| error.to_string())?;
        drop(connection);
        read(status, &body.to_bytes())
    }
}

/// The task of a connection, which ends with whoever began it, also when that was given up.
struct Connection(tokio::task::JoinHandle<hyper::Result<()>>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What the service's reply says.
pub(crate) fn read(status: StatusCode, body: &[u8]) -> Result<Answer, String> {
    let answer = serde_json::from_slice::<Value>(body).ok();
    if status == StatusCode::OK {
        return answer.map(Answer::Done).ok_or_else(|| "its answer is no JSON".to_owned());
    }
    // `"__type": "InvalidCiphertextException"`, sometimes with a name space before it.
    let kind = answer.as_ref().and_then(|answer| answer.get("__type")?.as_str());
    match kind.and_then(|kind| word(kind.rsplit('#').next()?)) {
        Some(kind) if status.is_client_error() => Ok(Answer::Refused(kind.to_owned())),
        kind => Err(format!("it answered {status} {}", kind.unwrap_or_default())),
    }
}

/// A word of the service's that may stand in our log: one word, and short.
pub(crate) fn word(said: &str) -> Option<&str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    ((1..=WORD).contains(&said.len()) && said.bytes().all(fits)).then_some(said)
}

fn time(now: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0))
}

fn tls(ca: &Path) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(ca).map_err(|error| error.to_string())?;
    for certificate in certificates {
        roots.add(certificate.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() {
        return Err("it holds no certificate".to_owned());
    }
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
