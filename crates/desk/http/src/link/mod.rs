//! The zone link: every word the desk says to the vault, one method per call, over mutual TLS 1.3.
//!
//! Must never carry an answer or a part of one, and must never hand a one-time key to anything but the caller: no call
//! here logs a body, a path or a header.

mod address;
mod error;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aside_base::{AgentId, ConversationId, DefinitionHash, InvitationId, SessionId, SiteId};
use aside_wire::{
    AgentRights, AuditPage, AuditState, CancelReason, Enrolment, EventPage, EventQuery, ExportGrant, ExportRequest,
    FormsSwitch, Grant, GrantRequest, HistoryRequest, InvitationStatus, Invite, Invited, KeepingReport, MintedKey,
    RenewSessions, RenewedSessions, SiteProfile, StartSession,
};
use reqwest::{Method, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

pub use error::{LinkError, LinkSetupError};

/// How long a person may be kept waiting for the vault.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one TCP and TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(3);
/// The name in the vault's certificate.
const VAULT_NAME: &str = "vault";

/// The desk's end of the zone link. Connections are kept and reused.
#[derive(Debug)]
pub struct Link {
    client: reqwest::Client,
    base: String,
    up: watch::Sender<bool>,
    known: AtomicBool,
}

impl Link {
    /// A link to the vault at `address` (`host:port`), trusting and showing what `tls` holds. Connects at the first call,
    /// not here.
    ///
    /// # Errors
    /// When the address has no port.
    pub fn new(address: &str, tls: rustls::ClientConfig) -> Result<Self, LinkSetupError> {
        let port = address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        let port = port.ok_or(LinkSetupError::Address)?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(address::FixedAddress::new(address))
            .https_only(true)
            .http1_only()
            .no_proxy()
            .referer(false)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(HANDSHAKE)
            .timeout(PATIENCE)
            .pool_idle_timeout(Duration::from_secs(50))
            .build()
            .map_err(|error| LinkSetupError::Client(error.to_string()))?;
        let (up, _) = watch::channel(true);
        Ok(Self { client, base: format!("https://{VAULT_NAME}:{port}/zone/v1"), up, known: AtomicBool::new(false) })
    }

    /// Whether the last call reached the vault; changes are seen by whoever watches.
    pub fn watch_up(&self) -> watch::Receiver<bool> {
        self.up.subscribe()
    }

    /// Replaces the site's face as the vault shows it.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn put_site(&self, site: &SiteId, profile: &SiteProfile) -> Result<(), LinkError> {
        self.nothing(self.request(Method::PUT, format!("sites/{site}")).json(profile)).await
    }

    /// Publishes a definition under its hash; repeating it is harmless.
    ///
    /// # Errors
    /// See [`LinkError`]; a definition that breaks F1 to F5 is refused as invalid.
    pub async fn put_definition<D: Serialize + Sync>(
        &self,
        site: &SiteId,
        hash: &DefinitionHash,
        definition: &D,
    ) -> Result<(), LinkError> {
        self.nothing(self.request(Method::PUT, format!("sites/{site}/definitions/{hash}")).json(definition)).await
    }

    /// An agent has logged in: starts the session's lease and asks for the key that enrols its viewer.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn start_session(&self, site: &SiteId, start: &StartSession) -> Result<Enrolment, LinkError> {
        self.answer(self.request(Method::POST, format!("sites/{site}/sessions")).json(start)).await
    }

    /// Renews the leases of the site's living sessions (V4).
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn renew_sessions(&self, site: &SiteId, sessions: &RenewSessions) -> Result<RenewedSessions, LinkError> {
        self.answer(self.request(Method::POST, format!("sites/{site}/sessions/renew")).json(sessions)).await
    }

    /// Ends a session: its rights are gone for good. Repeating it is harmless.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn end_session(&self, site: &SiteId, session: SessionId) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/sessions/{session}/end"))).await
    }

    /// Locks a session's console: its views close, nothing is granted (A4). Repeating it is harmless.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn lock_session(&self, site: &SiteId, session: SessionId) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/sessions/{session}/lock"))).await
    }

    /// Unlocks it. Repeating it is harmless.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn unlock_session(&self, site: &SiteId, session: SessionId) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/sessions/{session}/unlock"))).await
    }

    /// Says what an agent may do from now on (A1). What it takes away is gone at once.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn set_rights(&self, site: &SiteId, agent: AgentId, rights: &AgentRights) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/agents/{agent}/rights")).json(rights)).await
    }

    /// Deletes an agent's second factors at the vault (A5): a new one opens only what is sent after it.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn reset_factors(&self, site: &SiteId, agent: AgentId) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/agents/{agent}/factors/reset"))).await
    }

    /// Stops a site's secure forms, or lets them go on (A10).
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn switch_forms(&self, site: &SiteId, on: bool) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/forms")).json(&FormsSwitch { on })).await
    }

    /// Sends a form (S3 step 1). Idempotent by the invitation's id.
    ///
    /// # Errors
    /// See [`LinkError`]; not valid when the vault does not know the definition.
    pub async fn invite(&self, site: &SiteId, invite: &Invite) -> Result<Invited, LinkError> {
        self.answer(self.request(Method::POST, format!("sites/{site}/invitations")).json(invite)).await
    }

    /// Mints an `open` OTK at the visitor's click (S3 step 2); voids the former.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn open(&self, site: &SiteId, invitation: InvitationId) -> Result<MintedKey, LinkError> {
        self.answer(self.request(Method::POST, format!("sites/{site}/invitations/{invitation}/open"))).await
    }

    /// Voids link and device binding and mints a fresh `open` OTK (S14).
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn reissue(&self, site: &SiteId, invitation: InvitationId) -> Result<MintedKey, LinkError> {
        self.answer(self.request(Method::POST, format!("sites/{site}/invitations/{invitation}/reissue"))).await
    }

    /// Vouches that `session` may view, and gets the `view` OTK (S3 step 6).
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn grant(&self, site: &SiteId, invitation: InvitationId, session: SessionId) -> Result<Grant, LinkError> {
        let body = GrantRequest { session };
        self.answer(self.request(Method::POST, format!("sites/{site}/invitations/{invitation}/grant")).json(&body))
            .await
    }

    /// Takes an unsubmitted invitation back. Repeating it is harmless.
    ///
    /// # Errors
    /// See [`LinkError`]; wrong state after submission.
    pub async fn cancel(&self, site: &SiteId, invitation: InvitationId, reason: CancelReason) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/invitations/{invitation}/cancel")).json(&reason))
            .await
    }

    /// Closes a conversation: cancels what is unsubmitted, ends every right, closes views. Repeating it is harmless.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn close_conversation(&self, site: &SiteId, conversation: ConversationId) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/conversations/{conversation}/close"))).await
    }

    /// Ends the right to view an invitation's answers for good, and cancels it where it was not answered (S8). Repeating it is
    /// harmless.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn revoke(&self, site: &SiteId, invitation: InvitationId, reason: CancelReason) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/invitations/{invitation}/revoke")).json(&reason))
            .await
    }

    /// Vouches that a session may read what was stored in a closed conversation, for the reason it says (V6).
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn history(
        &self,
        site: &SiteId,
        invitation: InvitationId,
        request: &HistoryRequest,
    ) -> Result<Grant, LinkError> {
        self.answer(self.request(Method::POST, format!("sites/{site}/invitations/{invitation}/history")).json(request))
            .await
    }

    /// Vouches that a session may take along what is stored of some conversations (V8).
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn export(&self, site: &SiteId, request: &ExportRequest) -> Result<ExportGrant, LinkError> {
        self.answer(self.request(Method::POST, format!("sites/{site}/exports")).json(request)).await
    }

    /// Erases what is kept of a conversation (V8). Repeating it is harmless.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn erase(&self, site: &SiteId, conversation: ConversationId) -> Result<(), LinkError> {
        self.nothing(self.request(Method::POST, format!("sites/{site}/conversations/{conversation}/erase"))).await
    }

    /// What is kept of the site, and what was erased (V5).
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn keeping(&self, site: &SiteId) -> Result<KeepingReport, LinkError> {
        self.answer(self.request(Method::GET, format!("sites/{site}/keeping"))).await
    }

    /// What the vault knows of an invitation, for resynchronising.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn status(&self, site: &SiteId, invitation: InvitationId) -> Result<InvitationStatus, LinkError> {
        self.answer(self.request(Method::GET, format!("sites/{site}/invitations/{invitation}"))).await
    }

    /// Events after `query.after`, waiting for the next when there is none.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn events(&self, query: &EventQuery) -> Result<EventPage, LinkError> {
        let wait = Duration::from_millis(u64::from(query.wait_ms));
        let mut path = format!("events?after={}&wait_ms={}", query.after, query.wait_ms);
        if let Some(epoch) = query.epoch {
            path.push_str(&format!("&epoch={epoch}"));
        }
        self.answer(self.request(Method::GET, path).timeout(wait + PATIENCE)).await
    }

    /// Entries of the vault's audit chain after `after`, at most `limit`.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn audit(&self, after: i64, limit: u32) -> Result<AuditPage, LinkError> {
        self.answer(self.request(Method::GET, format!("audit?after={after}&limit={limit}"))).await
    }

    /// How far the vault's audit chain has come.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn audit_state(&self) -> Result<AuditState, LinkError> {
        self.answer(self.request(Method::GET, "audit/state".to_owned())).await
    }

    fn request(&self, method: Method, path: String) -> RequestBuilder {
        self.client.request(method, format!("{}/{path}", self.base))
    }

    async fn nothing(&self, request: RequestBuilder) -> Result<(), LinkError> {
        self.send(request).await.map(|_| ())
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, LinkError> {
        let reply = self.send(request).await?;
        reply.json().await.map_err(|error| self.note(error::of_transport(&error)))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, LinkError> {
        let reply = request.send().await.map_err(|error| self.note(error::of_transport(&error)))?;
        self.note_up(true);
        if reply.status().is_success() { Ok(reply) } else { Err(self.note(error::of_refusal(reply).await)) }
    }

    fn note(&self, error: LinkError) -> LinkError {
        if matches!(error, LinkError::Down(_)) {
            self.note_up(false);
        }
        error
    }

    /// Wakes watchers on a change only, and logs it once.
    fn note_up(&self, up: bool) {
        let first = !self.known.swap(true, Ordering::Relaxed);
        let changed = self.up.send_if_modified(|seen| std::mem::replace(seen, up) != up);
        match (changed || first, up) {
            (true, true) => tracing::info!("vault reached"),
            (true, false) => tracing::warn!("vault cannot be reached"),
            (false, _) => {}
        }
    }
}

#[cfg(test)]
mod tests;
