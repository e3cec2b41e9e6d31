//! The live feed over one WebSocket: everything after the client's place, in order, nothing twice, nothing missed.
//!
//! Notices only wake it; what it sends it reads from the store after its own place. Frames that are not stored (typing,
//! presence, the vault) are passed on as they come, and lost when nobody listens.

mod listener;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aside_desk_domain::Sequence;
use aside_desk_store::StoreError;
use aside_web::Problem;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use utoipa::IntoParams;

use crate::api::{FromClient, Side, ToClient};
use crate::desk::Desk;
use crate::live::{Following, Notice};
use crate::shown;

pub(crate) use listener::Listener;
use listener::Standing;

/// Entries read at once.
const BATCH: u32 = 100;
/// How often the client is asked whether it is there, and the store whether it may still listen.
const PULSE: Duration = Duration::from_secs(20);
/// How long a client may stay silent.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a client may take to accept a frame.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where to go on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    /// Only entries after this sequence; without it, only what comes from now on.
    #[param(value_type = i64, required = false)]
    pub(crate) after: Option<i64>,
}

/// Lets a WebSocket in that one of our own pages opened, and feeds it. Cross-site WebSocket hijacking ends here: a browser
/// sends cookies with any page's handshake, but cannot lie about its `Origin`.
pub(crate) fn open(
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    headers: &HeaderMap,
    desk: Arc<Desk>,
    listener: Listener,
    after: &After,
) -> Response {
    let ours = listener.origin(&desk.settings).as_str().as_bytes();
    let mut origins = headers.get_all(header::ORIGIN).iter();
    if !matches!((origins.next(), origins.next()), (Some(origin), None) if origin.as_bytes() == ours) {
        return Problem::foreign_origin().into_response();
    }
    let Ok(upgrade) = upgrade else {
        return Problem::new(StatusCode::UPGRADE_REQUIRED, "invalid", "The feed is a WebSocket.").into_response();
    };
    let after = after.after;
    // An idle feed must cost little: axum's own buffers are 128 kB each.
    let upgrade = upgrade
        .read_buffer_size(1024)
        .write_buffer_size(1024)
        .max_write_buffer_size(256 * 1024)
        .max_message_size(4 * 1024)
        .max_frame_size(4 * 1024);
    upgrade.on_upgrade(move |socket| async move {
        let feed = Feed { socket, desk, listener, place: Sequence(0) };
        Box::pin(feed.run(after)).await;
    })
}

/// Completes when the program stops.
async fn asked(stopping: &mut watch::Receiver<bool>) {
    // A sender that is gone will never ask; stopping is the safe reading.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Where a client goes on that has seen everything up to `after`, or nothing, in a stream that ends at `head`.
pub(crate) fn place(after: Option<i64>, head: Sequence) -> Sequence {
    after.map_or(head, |after| Sequence(after.max(0)).min(head))
}

/// What a client's frame says. A newer client may say more than we know.
pub(crate) fn frame(text: &str) -> Option<FromClient> {
    serde_json::from_str(text).ok()
}

struct Feed {
    socket: WebSocket,
    desk: Arc<Desk>,
    listener: Listener,
    /// Everything up to here was sent.
    place: Sequence,
}

/// Why a feed stops, and with which closing code.
enum Stop {
    /// The client is gone, or too slow.
    Gone,
    /// The session is over, or the visitor was erased.
    Ended(&'static str),
    /// The session was locked.
    Locked,
    /// The program is stopping, or the store fails: come again.
    Restart,
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "a feed could not be read");
        Self::Restart
    }
}

impl Feed {
    async fn run(mut self, after: Option<i64>) {
        let stop = match self.follow(after).await {
            Ok(never) => match never {},
            Err(stop) => stop,
        };
        let code = match stop {
            Stop::Gone => return,
            Stop::Ended(reason) => {
                // Whether it arrives is up to the client; the next request is refused either way.
                let _ = self.send(&ToClient::Ended { reason }).await;
                close_code::POLICY
            }
            Stop::Locked => {
                let _ = self.send(&ToClient::Locked).await;
                close_code::POLICY
            }
            Stop::Restart => close_code::RESTART,
        };
        let close = Message::Close(Some(CloseFrame { code, reason: "".into() }));
        let _ = timeout(PATIENCE, self.socket.send(close)).await;
    }

    async fn follow(&mut self, after: Option<i64>) -> Result<std::convert::Infallible, Stop> {
        // Listening begins before the first read: what happens in between wakes us.
        let (mut notices, following) = self.listener.listen(&self.desk);
        let mut up = self.desk.link.watch_up();
        let mut stopping = self.desk.live.stopping();
        let _attendance = self.listener.attend(&self.desk);
        let mut pulse = interval(PULSE);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pulse.reset();
        let mut heard = Instant::now();

        // Whoever was signed out or erased since the handshake was told before anybody listened.
        self.check_session().await?;
        self.refresh(following.as_ref()).await?;
        let head = self.desk.store.head(self.listener.site()).await?;
        self.place = place(after, head);
        let now_up = *up.borrow_and_update();
        self.send(&ToClient::Vault { up: now_up }).await?;
        if self.listener.side() == Side::Visitor {
            let online = self.desk.live.is_attended(self.listener.site());
            self.send(&ToClient::Presence { online }).await?;
        }
        self.catch_up().await?;
        loop {
            tokio::select! {
                notice = notices.recv() => match notice {
                    Ok(notice) => self.hear(notice, following.as_ref()).await?,
                    Err(RecvError::Lagged(_)) => {
                        self.check_session().await?;
                        self.refresh(following.as_ref()).await?;
                        self.catch_up().await?;
                    }
                    Err(RecvError::Closed) => return Err(Stop::Restart),
                },
                changed = up.changed() => {
                    changed.map_err(|_| Stop::Restart)?;
                    let up = *up.borrow_and_update();
                    self.send(&ToClient::Vault { up }).await?;
                }
                message = self.socket.recv() => {
                    heard = Instant::now();
                    self.answer(message).await?;
                }
                _ = pulse.tick() => {
                    if heard.elapsed() > SILENCE {
                        return Err(Stop::Gone);
                    }
                    self.check_session().await?;
                    self.put(Message::Ping(axum::body::Bytes::new())).await?;
                }
                () = asked(&mut stopping) => return Err(Stop::Restart),
            }
        }
    }

    /// Looks up what the listener follows, and follows it.
    async fn refresh(&mut self, following: Option<&Following>) -> Result<(), Stop> {
        self.listener.refresh(&self.desk).await?;
        if let Some(following) = following {
            following.follow(self.listener.conversation());
        }
        Ok(())
    }

    async fn hear(&mut self, notice: Notice, following: Option<&Following>) -> Result<(), Stop> {
        match notice {
            Notice::Entries { site, conversation } if self.listener.follows(&site, conversation) => {
                self.catch_up().await
            }
            Notice::Started { site, conversation, visitor } => {
                if self.listener.begins(&site, conversation, visitor) {
                    if let Some(following) = following {
                        following.follow(Some(conversation));
                    }
                    self.catch_up().await
                } else {
                    Ok(())
                }
            }
            Notice::Changed { site, conversation } if self.listener.follows(&site, conversation) => {
                self.send_summaries([conversation]).await
            }
            Notice::Typing { site, conversation, from, display_name }
                if self.listener.follows(&site, conversation) && self.listener.side() != from =>
            {
                self.send(&ToClient::Typing { conversation, from, display_name }).await
            }
            Notice::Presence { site, online }
                if self.listener.side() == Side::Visitor && *self.listener.site() == site =>
            {
                self.send(&ToClient::Presence { online }).await
            }
            Notice::Ended { session, reason } if self.listener.session() == Some(session) => Err(Stop::Ended(reason)),
            Notice::Erased { visitor } if self.listener.visitor() == Some(visitor) => Err(Stop::Ended("erased")),
            Notice::Locked { session } if self.listener.session() == Some(session) => Err(Stop::Locked),
            Notice::Rights { site, agent } if self.listener.is_concerned(&site, agent) => {
                self.check_session().await?;
                self.refresh(following).await?;
                self.send_rights().await
            }
            Notice::Alert { site } if self.listener.hears_alerts(&site) => self.send(&ToClient::Alert).await,
            Notice::Entries { .. }
            | Notice::Changed { .. }
            | Notice::Typing { .. }
            | Notice::Presence { .. }
            | Notice::Locked { .. }
            | Notice::Rights { .. }
            | Notice::Alert { .. }
            | Notice::Erased { .. }
            | Notice::Ended { .. } => Ok(()),
        }
    }

    /// Sends everything after our place, then how the conversations it was in look now.
    async fn catch_up(&mut self) -> Result<(), Stop> {
        let mut touched = BTreeSet::new();
        loop {
            let batch = self.listener.entries_after(&self.desk, self.place, BATCH).await?;
            let Some(last) = batch.last() else { break };
            // What comes after a read that was not full wakes us again.
            let (place, all) = (last.sequence, batch.len() < BATCH as usize);
            let reader = self.listener.reader();
            for entry in batch.into_iter().filter(|entry| shown::is_for(entry, reader)) {
                touched.insert(entry.conversation);
                self.send(&ToClient::Entry { entry: Box::new(shown::entry(entry, reader)) }).await?;
            }
            self.place = place;
            if all {
                break;
            }
        }
        self.send_summaries(touched).await
    }

    async fn send_summaries(
        &mut self,
        conversations: impl IntoIterator<Item = aside_base::ConversationId>,
    ) -> Result<(), Stop> {
        for conversation in conversations {
            if let Some(summary) = self.listener.summary(&self.desk, conversation).await? {
                self.send(&ToClient::Conversation { conversation: shown::summary(summary) }).await?;
            }
        }
        Ok(())
    }

    async fn send_rights(&mut self) -> Result<(), Stop> {
        match self.listener.rights() {
            Some((permissions, forms_on)) => self.send(&ToClient::Rights { permissions, forms_on }).await,
            None => Ok(()),
        }
    }

    /// Looks again who listens, and whether they still may.
    async fn check_session(&mut self) -> Result<(), Stop> {
        match self.listener.look_again(&self.desk).await? {
            Standing::Present => Ok(()),
            Standing::Locked => Err(Stop::Locked),
            Standing::Gone => Err(Stop::Ended("signed_out")),
        }
    }

    async fn answer(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), Stop> {
        match message {
            Some(Ok(Message::Text(text))) => match frame(&text) {
                Some(FromClient::Ping) => self.send(&ToClient::Pong).await,
                None => Ok(()),
            },
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => Ok(()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(Stop::Gone),
        }
    }

    async fn send(&mut self, frame: &ToClient) -> Result<(), Stop> {
        match serde_json::to_string(frame) {
            Ok(text) => self.put(Message::Text(text.into())).await,
            Err(error) => {
                tracing::error!(%error, "a frame could not be written");
                Err(Stop::Restart)
            }
        }
    }

    async fn put(&mut self, message: Message) -> Result<(), Stop> {
        match timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Stop::Gone),
        }
    }
}
