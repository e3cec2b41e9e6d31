//! History, keeping and privacy of the domain as the API names them.

use aside_desk_domain::{FoundConversation, FoundVisitor, KeptState, Lost, PastConversation, PastForm, Reference};
use aside_wire::{EraseReason, GoneReason, HistoryReason, Keeping, KeepingReport, Reopen};

use super::{conversation_status, state};
use crate::api;

pub(super) const fn lost(lost: Lost) -> api::LostBecause {
    match lost {
        Lost::Transferred => api::LostBecause::Transferred,
        Lost::SessionEnded => api::LostBecause::SessionEnded,
    }
}

pub(super) const fn gone(why: GoneReason) -> api::GoneBecause {
    match why {
        GoneReason::Done => api::GoneBecause::Done,
        GoneReason::Time => api::GoneBecause::Time,
        GoneReason::SessionEnded => api::GoneBecause::SessionEnded,
        GoneReason::ConversationClosed => api::GoneBecause::ConversationClosed,
        GoneReason::Transferred => api::GoneBecause::Transferred,
        GoneReason::RightLost => api::GoneBecause::RightLost,
        GoneReason::Restart => api::GoneBecause::Restart,
    }
}

pub(super) const fn erased(why: EraseReason) -> api::ErasedBecause {
    match why {
        EraseReason::Retention => api::ErasedBecause::Retention,
        EraseReason::Request => api::ErasedBecause::Request,
        EraseReason::Closed => api::ErasedBecause::Closed,
    }
}

pub(crate) const fn history_reason(reason: api::HistoryReason) -> HistoryReason {
    match reason {
        api::HistoryReason::Dispute => HistoryReason::Dispute,
        api::HistoryReason::FraudCheck => HistoryReason::FraudCheck,
        api::HistoryReason::LegalRequest => HistoryReason::LegalRequest,
        api::HistoryReason::SubjectRequest => HistoryReason::SubjectRequest,
        api::HistoryReason::QualityCheck => HistoryReason::QualityCheck,
    }
}

pub(crate) fn past_conversation(past: PastConversation) -> api::PastConversation {
    let conversation = past.conversation;
    api::PastConversation {
        id: conversation.id,
        reference: Reference::of_conversation(conversation.id).to_string(),
        visitor_name: past.visitor_name,
        visitor_reference: Reference::of_visitor(conversation.visitor).to_string(),
        owner: conversation.owner.map(|owner| api::AgentName { id: owner.id, display_name: owner.display_name }),
        opened_at: conversation.opened_at,
        closed_at: conversation.closed_at.unwrap_or(conversation.opened_at),
        last_text: past.last_text,
        forms: past.forms.into_iter().map(past_form).collect(),
        erased: conversation.erased_at.is_some(),
    }
}

fn past_form(form: PastForm) -> api::PastForm {
    api::PastForm {
        id: form.invitation,
        title: form.title,
        reference: form.reference,
        status: state(form.status),
        since: form.since,
        erased: form.erased.map(erased),
    }
}

const fn kept(state: KeptState) -> api::KeptState {
    match state {
        KeptState::Kept => api::KeptState::Kept,
        KeptState::Erasing => api::KeptState::Erasing,
        KeptState::Erased => api::KeptState::Erased,
    }
}

pub(crate) fn found_visitor(found: FoundVisitor) -> api::FoundVisitor {
    api::FoundVisitor {
        visitor: found.visitor,
        reference: Reference::of_visitor(found.visitor).to_string(),
        name: found.name,
        conversations: found.conversations,
        last_at: found.last_at,
        state: kept(found.state),
    }
}

pub(crate) fn found_conversation(found: FoundConversation) -> api::FoundConversation {
    api::FoundConversation {
        conversation: found.conversation,
        reference: Reference::of_conversation(found.conversation).to_string(),
        visitor: found.visitor,
        status: conversation_status(found.status),
        opened_at: found.opened_at,
        last_at: found.last_at,
        forms: found.forms,
        state: kept(found.state),
    }
}

pub(crate) const fn keeping(keeping: Keeping) -> api::Keeping {
    api::Keeping { days: keeping.days }
}

pub(crate) const fn keeping_of(keeping: api::Keeping) -> Keeping {
    Keeping { days: keeping.days }
}

pub(crate) const fn reopen(reopen: Reopen) -> api::Reopen {
    match reopen {
        Reopen::SameDevice => api::Reopen::SameDevice,
        Reopen::Once => api::Reopen::Once,
    }
}

pub(crate) const fn reopen_of(reopen: api::Reopen) -> Reopen {
    match reopen {
        api::Reopen::SameDevice => Reopen::SameDevice,
        api::Reopen::Once => Reopen::Once,
    }
}

pub(crate) const fn report(report: KeepingReport) -> api::KeepingReport {
    let KeepingReport { held, due_soon, erased_total, last_erased, last_purge, cards_over_week } = report;
    api::KeepingReport { held, due_soon, last_purge, last_erased, erased_total, cards_over_week }
}
