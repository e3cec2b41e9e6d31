//! What a reader may see of a thing of the domain: the same entry is shown differently to a visitor and to an agent.
//!
//! Whatever is not copied here stays in the house: sessions, account ids and answers' names never reach a visitor.

mod account;
mod past;
mod security;

use aside_base::{SessionId, Timestamp};
use aside_desk_domain::{
    AgentRef, Author, ConversationStatus, ConversationSummary, Entry, EntryKind, Invitation, Status,
};
use aside_wire::{CancelReason, Channel};

use crate::api;

pub(crate) use account::{account_state, fault, permissions, permissions_of, role, role_of, scope, scope_of, stage};
pub(crate) use past::{
    found_conversation, found_visitor, history_reason, keeping, keeping_of, past_conversation, reopen, reopen_of,
    report,
};
pub(crate) use security::{part, password_rules, policy, policy_of};

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The conversation's visitor.
    Visitor,
    /// An agent in this session.
    Agent(SessionId),
}

/// Whether `reader` hears of it at all: what becomes of answers is the agents' matter.
pub(crate) const fn is_for(entry: &Entry, reader: Reader) -> bool {
    !matches!((reader, &entry.kind), (Reader::Visitor, EntryKind::Gone { .. } | EntryKind::Erased { .. }))
}

/// Entries as `reader` may see them.
pub(crate) fn entries(entries: Vec<Entry>, reader: Reader) -> Vec<api::Entry> {
    entries.into_iter().filter(|found| is_for(found, reader)).map(|found| entry(found, reader)).collect()
}

/// An entry as `reader` may see it.
pub(crate) fn entry(entry: Entry, reader: Reader) -> api::Entry {
    let kind = match entry.kind {
        EntryKind::Message { id, author, text } => {
            let (from, author) = match author {
                Author::Visitor => (api::Side::Visitor, None),
                Author::Agent(agent) => (api::Side::Agent, Some(author_of(agent))),
            };
            api::EntryKind::Message { id: *id.as_uuid(), from, author, erased: text.is_empty(), text }
        }
        EntryKind::Invitation(found) => api::EntryKind::Invitation { invitation: Box::new(card(&found, reader)) },
        EntryKind::Status { invitation, status, since, expires_at, reason } => {
            api::EntryKind::Status { invitation, status: state(status), since, expires_at, reason: reason.map(because) }
        }
        EntryKind::Asked { invitation } => api::EntryKind::Asked { invitation },
        EntryKind::Joined { agent } => api::EntryKind::Joined { author: Some(author_of(agent)) },
        EntryKind::Closed { by } => api::EntryKind::Closed { author: by.map(author_of) },
        EntryKind::Transferred { from, to } => {
            api::EntryKind::Transferred { from: from.map(author_of), to: author_of(to) }
        }
        EntryKind::Gone { invitation, why } => api::EntryKind::Gone { invitation, why: past::gone(why) },
        EntryKind::Erased { invitation, why } => api::EntryKind::Erased { invitation, why: past::erased(why) },
    };
    api::Entry { sequence: entry.sequence.0, at: entry.at, conversation: entry.conversation, kind }
}

fn card(invitation: &Invitation, reader: Reader) -> api::InvitationCard {
    let draft = &invitation.draft;
    let (to_agent, mine) = match reader {
        Reader::Visitor => (false, false),
        Reader::Agent(session) => (true, draft.session == session && invitation.lost.is_none()),
    };
    api::InvitationCard {
        id: draft.id,
        form: draft.definition.clone(),
        title: draft.title.clone(),
        description: draft.description.clone(),
        reference: invitation.reference.clone(),
        channel: channel_of(draft.channel),
        expires_at: invitation.expires_at,
        status: state(invitation.status),
        since: invitation.since(),
        reason: invitation.reason.map(because),
        asked_at: invitation.asked_at,
        submission: invitation.submission.filter(|_| to_agent),
        agent: api::CardAgent {
            id: to_agent.then_some(draft.agent.id),
            display_name: draft.agent.display_name.clone(),
        },
        mine,
        lost: invitation.lost.filter(|_| to_agent).map(past::lost),
        gone: invitation.gone.filter(|_| to_agent).map(past::gone),
        erased: invitation.erased.filter(|_| to_agent).map(past::erased),
        times: times(invitation),
    }
}

fn times(invitation: &Invitation) -> api::StatusTimes {
    let at = |moment: Option<Timestamp>| moment.map(|moment| moment.0);
    let line = &invitation.timeline;
    let ended = |status| at(line.ended.filter(|_| invitation.status == status));
    api::StatusTimes {
        sent: Some(line.sent.0),
        received: at(line.received),
        viewed: at(line.viewed),
        submitted: at(line.submitted),
        read: at(line.read),
        expired: ended(Status::Expired),
        cancelled: ended(Status::Cancelled),
        declined: ended(Status::Declined),
        failed: ended(Status::Failed),
    }
}

/// A conversation as the list shows it.
pub(crate) fn summary(summary: ConversationSummary) -> api::ConversationSummary {
    api::ConversationSummary {
        id: summary.conversation.id,
        visitor_name: summary.visitor_name,
        status: conversation_status(summary.conversation.status),
        owner: summary
            .conversation
            .owner
            .map(|owner| api::AgentName { id: owner.id, display_name: owner.display_name }),
        last_text: summary.last_text,
        last_at: summary.last_at,
        waiting_since: summary.waiting_since,
        unread: summary.unread,
        invitation_status: summary.invitation_status.map(state),
        erased: summary.conversation.erased_at.is_some(),
    }
}

pub(crate) const fn conversation_status(status: ConversationStatus) -> api::ConversationStatus {
    match status {
        ConversationStatus::Open => api::ConversationStatus::Open,
        ConversationStatus::Closed => api::ConversationStatus::Closed,
    }
}

pub(crate) fn author_of(agent: AgentRef) -> api::Author {
    api::Author { display_name: agent.display_name }
}

const fn channel_of(channel: Channel) -> api::Channel {
    match channel {
        Channel::Web => api::Channel::Web,
        Channel::Link => api::Channel::Link,
    }
}

const fn because(reason: CancelReason) -> api::CancelledBecause {
    match reason {
        CancelReason::Agent => api::CancelledBecause::Agent,
        CancelReason::SessionEnded => api::CancelledBecause::SessionEnded,
        CancelReason::ConversationClosed => api::CancelledBecause::ConversationClosed,
        CancelReason::RightLost => api::CancelledBecause::RightLost,
        CancelReason::Stopped => api::CancelledBecause::Stopped,
        CancelReason::Transferred => api::CancelledBecause::Transferred,
        CancelReason::FormClosed => api::CancelledBecause::FormClosed,
        CancelReason::AnotherForm => api::CancelledBecause::AnotherForm,
    }
}

const fn state(status: Status) -> api::InvitationState {
    match status {
        Status::Sent => api::InvitationState::Sent,
        Status::Received => api::InvitationState::Received,
        Status::Viewed => api::InvitationState::Viewed,
        Status::Submitted => api::InvitationState::Submitted,
        Status::Read => api::InvitationState::Read,
        Status::Expired => api::InvitationState::Expired,
        Status::Cancelled => api::InvitationState::Cancelled,
        Status::Declined => api::InvitationState::Declined,
        Status::Failed => api::InvitationState::Failed,
    }
}
