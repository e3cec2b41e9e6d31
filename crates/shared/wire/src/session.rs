//! An agent's session as the vault keeps it: a lease that the desk renews (V4).

use aside_base::{AgentId, OneTimeKey, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /zone/v1/sites/{site}/sessions`: an agent has logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSession {
    /// The session, named by the desk.
    #[schema(value_type = Uuid)]
    pub session: SessionId,
    /// Whose it is.
    #[schema(value_type = Uuid)]
    pub agent: AgentId,
    /// The agent's name for the watermark and the audit row.
    pub agent_name: String,
    /// What the agent may do at the vault.
    pub rights: AgentRights,
}

/// What an agent may do at the vault (A1). `POST /zone/v1/sites/{site}/agents/{agent}/rights` tells of a change: without
/// `secure_forms`, the agent's unsubmitted invitations are cancelled and the rights to view lost for good; either way open
/// views close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentRights {
    /// Send secure forms and view what came back.
    pub secure_forms: bool,
    /// See a card number in full.
    pub card_numbers: bool,
    /// Read stored answers of closed conversations (V6).
    #[serde(default)]
    pub history: bool,
    /// Copy a revealed answer.
    #[serde(default)]
    pub copy: bool,
    /// Export what is stored of a visitor (V8).
    #[serde(default)]
    pub export: bool,
}

/// The answer: the key by which the agent's browser becomes the session's viewer. Minted while the session has no viewer
/// yet, never after: a taken-over desk cannot enrol a browser of its own into a living session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Enrolment {
    /// The key, or nothing when this session's viewer is enrolled already.
    #[schema(value_type = Option<String>)]
    pub key: Option<OneTimeKey>,
    /// When the key ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
    /// Whether the agent has a second factor at the vault. Without one nothing can be sent (A5).
    pub factor: bool,
}

/// `POST /zone/v1/sites/{site}/sessions/renew`: these sessions live on. 30 s without it closes a session's views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewSessions {
    /// All sessions of the site that live at the desk.
    #[schema(value_type = Vec<Uuid>)]
    pub sessions: Vec<SessionId>,
}

/// The answer to [`RenewSessions`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RenewedSessions {
    /// Sessions that the vault does not know or has ended: the desk should end them too.
    #[schema(value_type = Vec<Uuid>)]
    pub ended: Vec<SessionId>,
}
