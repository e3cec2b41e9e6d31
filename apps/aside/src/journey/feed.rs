//! The live feed over WebSocket, as workspace and widget read it.

use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{COOKIE, ORIGIN};
use http::{HeaderValue, Method};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::browser::{Browser, Initiator, JourneyError};

/// How long something may take to be told. Far over the promised second: a busy test machine is no fault of the feed.
const TOLD_WITHIN: Duration = Duration::from_secs(20);

/// An open feed.
pub struct Feed {
    socket: WebSocketStream<TcpStream>,
}

impl Feed {
    /// Opens the feed at `origin`, with what follows after sequence `after`, or from now on.
    ///
    /// # Errors
    /// When it is refused; the refusal keeps the status.
    pub async fn open(browser: &Browser, origin: &str, after: Option<i64>) -> Result<Self, JourneyError> {
        Self::open_from(browser, origin, origin, after).await
    }

    /// Opens the feed at `origin` from a page of `page`, as a hostile page would.
    ///
    /// # Errors
    /// As [`Feed::open`].
    pub async fn open_from(
        browser: &Browser,
        origin: &str,
        page: &str,
        after: Option<i64>,
    ) -> Result<Self, JourneyError> {
        let step = "open the feed";
        let no_answer = |reason: String| JourneyError::NoAnswer { step: step.to_owned(), reason };
        let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
        let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()).unwrap_or(80);
        let query = after.map(|sequence| format!("?after={sequence}")).unwrap_or_default();
        let mut request = format!("ws://{authority}/api/feed{query}")
            .into_client_request()
            .map_err(|error| no_answer(error.to_string()))?;
        let header = |text: &str| HeaderValue::from_str(text).map_err(|error| no_answer(error.to_string()));
        request.headers_mut().insert(ORIGIN, header(page)?);
        if let Some(cookies) = browser.cookie_header(&Method::GET, origin, Initiator::Page(page)) {
            request.headers_mut().insert(COOKIE, header(&cookies)?);
        }
        let stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| no_answer(error.to_string()))?;
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(Error::Http(response)) => {
                let (parts, body) = response.into_parts();
                let reply =
                    super::Reply { status: parts.status, headers: parts.headers, body: body.unwrap_or_default() };
                Err(JourneyError::Refused { step: step.to_owned(), reply: Box::new(reply) })
            }
            Err(error) => Err(no_answer(error.to_string())),
        }
    }

    /// The next frame.
    ///
    /// # Errors
    /// When the feed ends, or is silent for 20 s.
    pub async fn next(&mut self) -> Result<Value, JourneyError> {
        let step = "read the feed";
        loop {
            let frame = timeout(TOLD_WITHIN, self.socket.next())
                .await
                .map_err(|_| JourneyError::Silence { step: step.to_owned(), seconds: TOLD_WITHIN.as_secs() })?;
            match frame {
                Some(Ok(Message::Text(text))) => {
                    return serde_json::from_str(&text)
                        .map_err(|error| JourneyError::lacking(step, &error.to_string()));
                }
                Some(Ok(Message::Close(_))) | None => {
                    return Err(JourneyError::NoAnswer { step: step.to_owned(), reason: "the feed was closed".into() });
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    return Err(JourneyError::NoAnswer { step: step.to_owned(), reason: error.to_string() });
                }
            }
        }
    }

    /// Reads on until a frame is `wanted`.
    ///
    /// # Errors
    /// When the feed ends, or the frame does not come within 20 s.
    pub async fn until(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value, JourneyError> {
        let wait = async {
            loop {
                let frame = self.next().await?;
                if wanted(&frame) {
                    return Ok(frame);
                }
            }
        };
        let silence = || JourneyError::Silence { step: what.to_owned(), seconds: TOLD_WITHIN.as_secs() };
        match timeout(TOLD_WITHIN, wait).await {
            Ok(Err(JourneyError::Silence { .. })) | Err(_) => Err(silence()),
            Ok(other) => other,
        }
    }

    /// Reads on until `invitation` has `status`.
    ///
    /// # Errors
    /// As [`Feed::until`].
    pub async fn status(&mut self, invitation: &str, status: &str) -> Result<Value, JourneyError> {
        self.until(&format!("status {status}"), |frame| {
            let entry = &frame["entry"];
            entry["kind"] == "status" && entry["invitation"] == invitation && entry["status"] == status
        })
        .await
    }

    /// Sends a ping and waits for its answer: everything told before it has been read then.
    ///
    /// # Errors
    /// When the feed ends.
    pub async fn ping(&mut self) -> Result<(), JourneyError> {
        let sent = self.socket.send(Message::text(r#"{"type":"ping"}"#)).await;
        sent.map_err(|error| JourneyError::NoAnswer { step: "ping".into(), reason: error.to_string() })?;
        self.until("pong", |frame| frame["type"] == "pong").await.map(drop)
    }
}
