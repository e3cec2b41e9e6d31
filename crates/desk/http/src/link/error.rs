//! What can go wrong between the zones. The private text is for the log; nothing of it reaches a client.

use aside_wire::{Problem, ProblemKind};
use reqwest::{Response, StatusCode};

/// Why the link could not be set up at start.
#[derive(Debug, thiserror::Error)]
pub enum LinkSetupError {
    /// The vault's address is not `host:port`.
    #[error("vault.address must be host:port")]
    Address,
    /// The client itself could not be made.
    #[error("zone link: {0}")]
    Client(String),
}

/// Why a call to the vault brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Nobody there, no trust, or no answer in time: nothing is known about the effect. Try again.
    #[error("the vault cannot be reached: {0}")]
    Down(String),
    /// Too much at once, and how many seconds to wait.
    #[error("the vault is busy")]
    Busy(u64),
    /// The vault refused, and says why.
    #[error("the vault refused: {0:?}")]
    Refused(ProblemKind),
    /// The vault failed, or answered something that is not of this protocol.
    #[error("the vault's answer was not understood: {0}")]
    Garbled(String),
}

/// The error of a request that got no whole reply. The address is left out of the text: it names sites and ids.
pub(super) fn of_transport(error: &reqwest::Error) -> LinkError {
    if error.is_decode() {
        return LinkError::Garbled("a reply of another shape".to_owned());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    LinkError::Down(if error.is_timeout() { "timed out".to_owned() } else { cause.to_string() })
}

/// The error of a reply that is not a success.
pub(super) async fn of_refusal(reply: Response) -> LinkError {
    let status = reply.status();
    let wait = reply.headers().get("retry-after").and_then(|text| text.to_str().ok()?.parse().ok()).unwrap_or(1);
    match reply.json::<Problem>().await {
        Ok(Problem { kind: ProblemKind::Busy, .. }) => LinkError::Busy(wait),
        Ok(Problem { kind: ProblemKind::Failed, .. }) => LinkError::Garbled("it failed".to_owned()),
        Ok(problem) => LinkError::Refused(problem.kind),
        Err(_) if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS => {
            LinkError::Busy(wait)
        }
        Err(_) => LinkError::Garbled(format!("status {}", status.as_u16())),
    }
}
