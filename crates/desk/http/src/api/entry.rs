//! One line of a conversation, as visitors and agents see it.

use aside_base::{AgentId, ConversationId, DefinitionHash, InvitationId, SubmissionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One line of a conversation. Entries never change: a new status is a new entry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entry {
    /// Place in the site's one growing row of entries; a feed resumes after it.
    pub sequence: i64,
    /// When, in milliseconds since 1970, UTC.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// The conversation.
    #[schema(value_type = Uuid)]
    pub conversation: ConversationId,
    /// What.
    #[serde(flatten)]
    pub kind: EntryKind,
}

/// What a line says.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EntryKind {
    /// Somebody wrote.
    Message {
        /// The message's id, made by the client that wrote it.
        id: Uuid,
        /// Which side wrote it.
        from: Side,
        /// The agent who wrote it; nobody for the visitor's own.
        #[schema(required)]
        author: Option<Author>,
        /// What they wrote; empty where it was erased.
        text: String,
        /// Whether the text was erased on request (V8).
        #[schema(required = false)]
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        erased: bool,
    },
    /// A secure form was requested (S2), with the state it is in now.
    Invitation {
        /// The invitation.
        invitation: Box<InvitationCard>,
    },
    /// An invitation moved on.
    Status {
        /// Which.
        #[schema(value_type = Uuid)]
        invitation: InvitationId,
        /// To what.
        status: InvitationState,
        /// Since when.
        #[schema(value_type = i64)]
        since: Timestamp,
        /// The clock that runs now, where the status started another one.
        #[schema(value_type = i64, required = false)]
        #[serde(skip_serializing_if = "Option::is_none")]
        expires_at: Option<Timestamp>,
        /// Why it was cancelled, where it was.
        #[schema(value_type = CancelledBecause, required = false)]
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<CancelledBecause>,
    },
    /// The visitor asks for a new form or link (S14).
    Asked {
        /// Instead of which.
        #[schema(value_type = Uuid)]
        invitation: InvitationId,
    },
    /// An agent joined.
    Joined {
        /// Who.
        #[schema(required)]
        author: Option<Author>,
    },
    /// The conversation was closed.
    Closed {
        /// By whom; nobody when the house closed it.
        #[schema(required)]
        author: Option<Author>,
    },
    /// The conversation was handed on (S8): rights to view answers to what was sent before are lost.
    Transferred {
        /// Whose it was; nobody's where nobody had answered yet.
        #[schema(required)]
        from: Option<Author>,
        /// Whose it is.
        to: Author,
    },
    /// Answers off the record are gone from the vault's memory (V3); agents only.
    Gone {
        /// To which form.
        #[schema(value_type = Uuid)]
        invitation: InvitationId,
        /// Why.
        why: GoneBecause,
    },
    /// Stored answers were erased (V5, V8); agents only.
    Erased {
        /// To which form.
        #[schema(value_type = Uuid)]
        invitation: InvitationId,
        /// Why.
        why: ErasedBecause,
    },
}

/// A side of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The consumer.
    Visitor,
    /// The brand's agent.
    Agent,
}

/// Who wrote, by the name people see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Author {
    /// The name.
    pub display_name: String,
}

/// An invitation as a card shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitationCard {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: InvitationId,
    /// The form's definition, so that the same form can be sent anew.
    #[schema(value_type = String)]
    pub form: DefinitionHash,
    /// The form's title, fit for the visitor (F2).
    pub title: String,
    /// One line more about the form.
    #[schema(required)]
    pub description: Option<String>,
    /// Four characters that stand on the form page too (P6).
    pub reference: String,
    /// How it reaches the visitor.
    pub channel: Channel,
    /// When the clock that runs now ends: the first click's, or once opened the submit's (S5).
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
    /// The state it is in.
    pub status: InvitationState,
    /// Since when.
    #[schema(value_type = i64)]
    pub since: Timestamp,
    /// Why it was cancelled, where it was.
    #[schema(value_type = CancelledBecause, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<CancelledBecause>,
    /// Since when the visitor waits for a new form or link in its place (S14).
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
    /// The answers' name, for agents only. A name opens nothing.
    #[schema(value_type = Uuid, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<SubmissionId>,
    /// Who sent it.
    pub agent: CardAgent,
    /// Whether the session that asks sent it and has not lost the right to view its answers (S8). Always false for visitors.
    pub mine: bool,
    /// Why nobody may view its answers any more while the conversation goes on, for agents only (S8).
    #[schema(value_type = LostBecause, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<LostBecause>,
    /// Why its answers off the record are gone, where they are; for agents only (V3).
    #[schema(value_type = GoneBecause, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<GoneBecause>,
    /// Why its stored answers were erased, where they were; for agents only (V5, V8).
    #[schema(value_type = ErasedBecause, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased: Option<ErasedBecause>,
    /// When each state was reached.
    pub times: StatusTimes,
}

/// The agent on a card.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CardAgent {
    /// The account, for agents only.
    #[schema(value_type = Uuid, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<AgentId>,
    /// The name people see.
    pub display_name: String,
}

/// The states of an invitation, *received* included, which only the desk knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// Sent.
    Sent,
    /// The visitor's client showed it.
    Received,
    /// The visitor opened it.
    Viewed,
    /// The visitor sent the answers.
    Submitted,
    /// The agent looked.
    Read,
    /// A clock ended.
    Expired,
    /// Taken back, or the right was lost.
    Cancelled,
    /// The visitor chose not to answer.
    Declined,
    /// It never reached the vault.
    Failed,
}

/// How an invitation reaches the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In the chat.
    Web,
    /// As a link that the agent passes on.
    Link,
}

/// Why an invitation was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBecause {
    /// The agent took it back.
    Agent,
    /// The session that sent it ended (S8).
    SessionEnded,
    /// The conversation was closed.
    ConversationClosed,
    /// The agent may no longer use secure forms (A1).
    RightLost,
    /// The site's secure forms were stopped (A10).
    Stopped,
    /// The conversation went to another agent (S8).
    Transferred,
    /// The visitor left a form that opens once (S11).
    FormClosed,
    /// The visitor opened another form of the conversation (S11).
    AnotherForm,
}

/// Why the right to view answers is lost for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LostBecause {
    /// The conversation was handed on.
    Transferred,
    /// The session that sent it ended.
    SessionEnded,
}

/// Why answers off the record are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoneBecause {
    /// The agent was done with them.
    Done,
    /// Their time was over.
    Time,
    /// The session that could view them ended.
    SessionEnded,
    /// The conversation was closed.
    ConversationClosed,
    /// The conversation was handed on.
    Transferred,
    /// The agent may no longer use secure forms.
    RightLost,
    /// The vault was started anew: they were in its memory only.
    Restart,
}

/// Why stored answers were erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasedBecause {
    /// Their time was over.
    Retention,
    /// Somebody asked for it.
    Request,
    /// They were kept until the conversation was closed, and it was.
    Closed,
}

/// When each state was reached, in milliseconds since 1970; left out where it was not.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct StatusTimes {
    /// Sent.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<i64>,
    /// Received.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<i64>,
    /// Viewed.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewed: Option<i64>,
    /// Submitted.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted: Option<i64>,
    /// Read.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<i64>,
    /// Expired.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<i64>,
    /// Cancelled.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<i64>,
    /// Declined.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declined: Option<i64>,
    /// Failed.
    #[schema(value_type = i64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<i64>,
}
