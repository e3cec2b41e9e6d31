//! How the vault's events become statuses: what a page of the stream is good for and what each event means here.

use aside_base::Timestamp;
use aside_wire::{EraseReason, EventKind, GoneReason};
use uuid::Uuid;

use crate::{Change, Status};

/// How far the desk has read the vault's stream. Stored in the same transaction as the effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Which stream: new at the vault's creation and at restore.
    pub epoch: Uuid,
    /// The last event applied.
    pub sequence: i64,
}

/// What to do with a page of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageUse {
    /// It continues what the desk has: apply it.
    Apply,
    /// It is another stream, an earlier state of it, or the first ever: ask for the status of each open invitation.
    Resynchronise,
}

/// Whether a page of `epoch` with newest number `head` continues from `cursor`.
#[must_use]
pub fn use_of_page(cursor: Option<Cursor>, epoch: Uuid, head: i64) -> PageUse {
    match cursor {
        Some(cursor) if cursor.epoch == epoch && head >= cursor.sequence => PageUse::Apply,
        _ => PageUse::Resynchronise,
    }
}

/// What an event means at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A status may move on.
    Status(Change),
    /// The visitor asks for a new link.
    Asked,
    /// It was issued anew then.
    Reissued(Timestamp),
    /// Answers off the record are gone.
    Gone(GoneReason),
    /// Stored answers were erased.
    Erased(EraseReason),
    /// Nothing that is known here.
    Nothing,
}

/// The meaning of an event.
#[must_use]
pub const fn effect_of(kind: &EventKind, at: Timestamp) -> Effect {
    let (status, submission, reason) = match kind {
        EventKind::Viewed => (Status::Viewed, None, None),
        EventKind::Submitted { submission } => (Status::Submitted, Some(*submission), None),
        EventKind::Read => (Status::Read, None, None),
        EventKind::Expired => (Status::Expired, None, None),
        EventKind::Cancelled { reason } => (Status::Cancelled, None, Some(*reason)),
        EventKind::Declined => (Status::Declined, None, None),
        EventKind::Asked => return Effect::Asked,
        EventKind::Reissued => return Effect::Reissued(at),
        EventKind::Gone { why } => return Effect::Gone(*why),
        EventKind::Erased { why } => return Effect::Erased(*why),
        EventKind::Unknown => return Effect::Nothing,
    };
    Effect::Status(Change { status, at, submission, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_epoch_an_earlier_head_and_the_first_page_ask_for_a_resynchronisation() {
        let epoch = Uuid::from_u128(1);
        let cursor = Some(Cursor { epoch, sequence: 10 });
        assert_eq!(use_of_page(cursor, epoch, 10), PageUse::Apply);
        assert_eq!(use_of_page(cursor, epoch, 11), PageUse::Apply);
        assert_eq!(use_of_page(cursor, epoch, 9), PageUse::Resynchronise);
        assert_eq!(use_of_page(cursor, Uuid::from_u128(2), 11), PageUse::Resynchronise);
        assert_eq!(use_of_page(None, epoch, 0), PageUse::Resynchronise);
    }
}
