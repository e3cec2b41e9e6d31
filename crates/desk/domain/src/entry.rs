//! The log of a conversation: every message, invitation and status is an entry with one growing number, and never changes.

use aside_base::{ConversationId, InvitationId, MessageId, SiteId, Timestamp};
use aside_wire::{CancelReason, EraseReason, GoneReason};

use crate::{AgentRef, Invitation, Status};

/// An entry's place in the log: grows over all conversations, may have gaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(pub i64);

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// The conversation's visitor.
    Visitor,
    /// An agent.
    Agent(AgentRef),
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place.
    pub sequence: Sequence,
    /// When.
    pub at: Timestamp,
    /// On which site.
    pub site: SiteId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// What.
    pub kind: EntryKind,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// Somebody wrote.
    Message {
        /// The message's id, given by the client that wrote it.
        id: MessageId,
        /// Who.
        author: Author,
        /// What; empty once it was erased.
        text: String,
    },
    /// A secure form was requested (S2). Carries the invitation as it stands when the entry is read, not when it was
    /// written.
    Invitation(Box<Invitation>),
    /// An invitation's status moved on (S7).
    Status {
        /// Which invitation.
        invitation: InvitationId,
        /// To what.
        status: Status,
        /// When that happened, at the vault for what happens there.
        since: Timestamp,
        /// For *viewed*: until when the visitor may answer now (S5).
        expires_at: Option<Timestamp>,
        /// For *cancelled*: why.
        reason: Option<CancelReason>,
    },
    /// The visitor asks for a new link or form (S14).
    Asked {
        /// Instead of this one.
        invitation: InvitationId,
    },
    /// An agent took part for the first time.
    Joined {
        /// Who.
        agent: AgentRef,
    },
    /// The conversation was closed.
    Closed {
        /// By whom; nobody when a setting did it.
        by: Option<AgentRef>,
    },
    /// The conversation was handed on (S8).
    Transferred {
        /// Whose it was.
        from: Option<AgentRef>,
        /// Whose it is.
        to: AgentRef,
    },
    /// Answers off the record are gone (V3).
    Gone {
        /// To which invitation.
        invitation: InvitationId,
        /// Why.
        why: GoneReason,
    },
    /// Stored answers were erased (V5, V8).
    Erased {
        /// To which invitation.
        invitation: InvitationId,
        /// Why.
        why: EraseReason,
    },
}
