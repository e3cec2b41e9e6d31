//! A stand-in for the service: TLS, JSON 1.1, signatures of version 4 checked, one AES-256 key that stays here.

mod signature;

use std::sync::{Arc, Mutex};

use aside_base::Timestamp;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

pub(crate) use signature::SECRET;

/// How the service feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    /// Answers 400 with this type.
    Refuses(&'static str),
    /// Answers 500.
    Fails,
    /// Answers 200 and no JSON.
    Babbles,
    /// Answers with more than anybody would read.
    Floods,
    /// Hangs up in the middle.
    HangsUp,
    /// Answers nothing.
    Silent,
    /// Says that its key is disabled.
    Disabled,
}

pub(crate) struct Service {
    /// The certificate that signed the service's, PEM.
    pub(crate) ca: String,
    port: u16,
    state: Arc<State>,
    tls: TlsAcceptor,
    task: Option<JoinHandle<()>>,
}

struct State {
    now: Timestamp,
    mood: Mutex<Mood>,
    asked: Mutex<Vec<String>>,
    key: LessSafeKey,
}

impl Service {
    pub(crate) async fn start(now: Timestamp) -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let mut secret = [0; 32];
        rand::fill(&mut secret).unwrap();
        let state = Arc::new(State {
            now,
            mood: Mutex::new(Mood::Good),
            asked: Mutex::default(),
            key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &secret).unwrap()),
        });
        let tls = TlsAcceptor::from(Arc::new(config));
        let mut service = Self { ca: ca.pem(), port: 0, state, tls, task: None };
        service.start_again().await;
        service
    }

    pub(crate) async fn start_again(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.port = listener.local_addr().unwrap().port();
        let (state, tls) = (Arc::clone(&self.state), self.tls.clone());
        self.task = Some(tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (state, tls) = (Arc::clone(&state), tls.clone());
                tokio::spawn(async move {
                    // A client that does not believe the certificate hangs up.
                    let Ok(stream) = tls.accept(stream).await else { return };
                    let service = service_fn(move |request| answer(Arc::clone(&state), request));
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        }));
    }

    pub(crate) async fn stop(&mut self) {
        let task = self.task.take().unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// The operations that were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state.asked.lock().unwrap().clone()
    }
}

async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, std::io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
    let target = text(&head.headers, "x-amz-target");
    let operation = target.strip_prefix("TrentService.").unwrap_or_default().to_owned();
    state.asked.lock().unwrap().push(operation.clone());
    let mood = *state.mood.lock().unwrap();
    Ok(match mood {
        Mood::HangsUp => return Err(std::io::Error::other("hangs up")),
        Mood::Silent => std::future::pending().await,
        Mood::Fails => reply(StatusCode::INTERNAL_SERVER_ERROR, b"{}".to_vec()),
        Mood::Babbles => reply(StatusCode::OK, b"<html>".to_vec()),
        Mood::Floods => reply(StatusCode::OK, vec![b' '; 1 << 20]),
        Mood::Refuses(kind) => refusal(kind),
        Mood::Good | Mood::Disabled if head.method != "POST" || head.uri.path() != "/" => refusal("UnknownOperation"),
        Mood::Good | Mood::Disabled if !signature::holds(&head.headers, &body, state.now) => {
            refusal("InvalidSignatureException")
        }
        Mood::Good | Mood::Disabled => {
            assert_eq!(text(&head.headers, "content-type"), "application/x-amz-json-1.1");
            let asked: Value = serde_json::from_slice(&body).unwrap();
            done(&state, &operation, &asked, mood == Mood::Disabled)
        }
    })
}

fn done(state: &State, operation: &str, asked: &Value, disabled: bool) -> Response<Full<Bytes>> {
    let field = |name: &str| asked[name].as_str().unwrap_or_default();
    let key = field("KeyId");
    // The service binds the context by its names and values in order.
    let context = asked["EncryptionContext"].to_string();
    let aad = format!("{key} {context}");
    let answer = match operation {
        "DescribeKey" => {
            let state = if disabled { "Disabled" } else { "Enabled" };
            json!({ "KeyMetadata": { "KeyId": key, "KeyState": state, "KeyUsage": "ENCRYPT_DECRYPT" } })
        }
        "Encrypt" => {
            let mut nonce = [0; 12];
            rand::fill(&mut nonce).unwrap();
            let mut sealed = STANDARD.decode(field("Plaintext")).unwrap();
            state
                .key
                .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&aad), &mut sealed)
                .unwrap();
            json!({ "KeyId": key, "CiphertextBlob": STANDARD.encode([&nonce[..], &sealed].concat()) })
        }
        "Decrypt" => {
            let blob = STANDARD.decode(field("CiphertextBlob")).unwrap();
            let Some((nonce, sealed)) = blob.split_first_chunk::<12>() else {
                return refusal("InvalidCiphertextException");
            };
            let mut clear = sealed.to_vec();
            match state.key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(&aad), &mut clear) {
                Ok(clear) => json!({ "KeyId": key, "Plaintext": STANDARD.encode(clear) }),
                Err(_) => return refusal("InvalidCiphertextException"),
            }
        }
        _ => return refusal("UnknownOperationException"),
    };
    reply(StatusCode::OK, answer.to_string().into_bytes())
}

fn refusal(kind: &str) -> Response<Full<Bytes>> {
    reply(StatusCode::BAD_REQUEST, json!({ "__type": kind, "message": "no" }).to_string().into_bytes())
}

fn reply(status: StatusCode, body: Vec<u8>) -> Response<Full<Bytes>> {
    Response::builder().status(status).body(Full::new(Bytes::from(body))).unwrap()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
