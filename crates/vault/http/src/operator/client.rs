//! The other end of the operator's socket, for the program's own commands.

use std::path::Path;

use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::UnixStream;

/// The most bytes of an answer.
const ANSWER: usize = 16 * 1024 * 1024;

/// Why the vault gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody listens.
    #[error("the vault is not running: nobody listens at {path}: {error}")]
    NotRunning {
        /// The socket.
        path: std::path::PathBuf,
        /// What was said.
        error: std::io::Error,
    },
    /// The system lets nobody through to it who is neither its own user nor root.
    #[error("{path} is for the vault's own user and root")]
    NotAllowed {
        /// The socket.
        path: std::path::PathBuf,
    },
    /// It broke off.
    #[error("the vault gave no answer: {0}")]
    NoAnswer(String),
}

/// Asks the vault that listens at `socket`. The answer's body is null where it has none.
///
/// # Errors
/// [`AskError`]; what the vault refuses comes with its status.
pub async fn ask(
    socket: &Path,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<(StatusCode, Value), AskError> {
    let stream = UnixStream::connect(socket).await;
    let stream = stream.map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => AskError::NotAllowed { path: socket.to_owned() },
        _ => AskError::NotRunning { path: socket.to_owned(), error },
    })?;
    let no_answer = |error: &dyn std::fmt::Display| AskError::NoAnswer(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| no_answer(&error))?;
    let connection = tokio::spawn(connection);
    let body = body.map_or(Ok(Vec::new()), serde_json::to_vec).map_err(|error| no_answer(&error))?;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "operator")
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| no_answer(&error))?;
    let response = sender.send_request(request).await.map_err(|error| no_answer(&error))?;
    let status = response.status();
    let answer = Limited::new(response.into_body(), ANSWER).collect().await.map_err(|error| no_answer(&error))?;
    drop(sender);
    connection.abort();
    let bytes = answer.to_bytes();
    let answer = if bytes.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&bytes) };
    Ok((status, answer.map_err(|error| no_answer(&error))?))
}
