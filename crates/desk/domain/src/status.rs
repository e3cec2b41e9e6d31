//! The statuses of an invitation and the rule about them: a status never goes backwards, but where the form is issued anew.

use aside_base::{SubmissionId, Timestamp};
use aside_wire::{CancelReason, Clocks};

/// What has become of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It stands in the conversation.
    Sent,
    /// The visitor's client shows it.
    Received,
    /// The visitor opened the form.
    Viewed,
    /// The visitor sent the answers.
    Submitted,
    /// The agent looked.
    Read,
    /// A clock ended before submission.
    Expired,
    /// Taken back, or the right to view was lost before submission.
    Cancelled,
    /// The visitor chose not to answer.
    Declined,
    /// The vault does not know it, or it never came to be.
    Failed,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 9] = [
        Self::Sent,
        Self::Received,
        Self::Viewed,
        Self::Submitted,
        Self::Read,
        Self::Expired,
        Self::Cancelled,
        Self::Declined,
        Self::Failed,
    ];

    /// The status's name, as stored, sent and audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Viewed => "viewed",
            Self::Submitted => "submitted",
            Self::Read => "read",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Failed => "failed",
        }
    }

    /// Whether it ended without answers.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Expired | Self::Cancelled | Self::Declined | Self::Failed)
    }

    /// Whether answers lie in the vault.
    #[must_use]
    pub const fn is_answered(self) -> bool {
        matches!(self, Self::Submitted | Self::Read)
    }

    /// Whether the visitor can still answer.
    #[must_use]
    pub const fn is_awaited(self) -> bool {
        matches!(self, Self::Sent | Self::Received | Self::Viewed)
    }
}

impl From<aside_wire::Status> for Status {
    fn from(status: aside_wire::Status) -> Self {
        match status {
            aside_wire::Status::Sent => Self::Sent,
            aside_wire::Status::Viewed => Self::Viewed,
            aside_wire::Status::Submitted => Self::Submitted,
            aside_wire::Status::Read => Self::Read,
            aside_wire::Status::Expired => Self::Expired,
            aside_wire::Status::Cancelled => Self::Cancelled,
            aside_wire::Status::Declined => Self::Declined,
        }
    }
}

/// A status that an invitation is said to have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub status: Status,
    /// When.
    pub at: Timestamp,
    /// The answers' name, where the status tells it.
    pub submission: Option<SubmissionId>,
    /// Why, for *cancelled*.
    pub reason: Option<CancelReason>,
}

/// Whether an invitation in status `from` moves on to `to`.
///
/// Steps may be missing (a lost event, a client that never said *received*), but nothing goes backwards, nothing leaves
/// an ending, and only *read* follows answers. What is refused here is ignored, never an error: events may come twice.
#[must_use]
pub const fn advance(from: Status, to: Status) -> bool {
    match from {
        Status::Sent | Status::Received | Status::Viewed => to.is_ended() || step(to) > step(from),
        Status::Submitted => matches!(to, Status::Read),
        Status::Read | Status::Expired | Status::Cancelled | Status::Declined | Status::Failed => false,
    }
}

/// The place on the line *sent, received, viewed, submitted, read*; endings have none.
const fn step(status: Status) -> u8 {
    match status {
        Status::Sent => 1,
        Status::Received => 2,
        Status::Viewed => 3,
        Status::Submitted => 4,
        Status::Read => 5,
        Status::Expired | Status::Cancelled | Status::Declined | Status::Failed => 0,
    }
}

/// Whether an invitation in status `from` begins again at *sent* when the vault has issued it anew (S14). What was answered or
/// has ended does not, whatever comes late.
#[must_use]
pub const fn begins_anew(from: Status) -> bool {
    from.is_awaited()
}

/// Whether the vault, asked for an invitation that is in status `from` here, tells by `told` that it was issued anew meanwhile:
/// a form that was opened is not otherwise *sent* again.
#[must_use]
pub fn was_reissued(from: Status, told: Status) -> bool {
    from == Status::Viewed && told == Status::Sent
}

/// Until when the visitor may answer after this change, where the change moves that: being sent, or sent anew, starts the
/// invitation's life, and the first open the submit limit (S5), whatever was left of that life.
#[must_use]
pub fn deadline_after(change: &Change, clocks: &Clocks) -> Option<Timestamp> {
    match change.status {
        Status::Sent => Some(change.at.plus_seconds(clocks.invitation_life)),
        Status::Viewed => Some(change.at.plus_seconds(clocks.submit_limit)),
        _ => None,
    }
}

/// When each status was reached, for the line that fills as it happens (S7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    /// Sent.
    pub sent: Timestamp,
    /// Shown at the visitor's.
    pub received: Option<Timestamp>,
    /// Opened.
    pub viewed: Option<Timestamp>,
    /// Answered.
    pub submitted: Option<Timestamp>,
    /// Looked at.
    pub read: Option<Timestamp>,
    /// Ended without answers, whichever way.
    pub ended: Option<Timestamp>,
}

impl Timeline {
    /// When `status` was reached, if it was; for an ending, when it ended.
    #[must_use]
    pub const fn at(&self, status: Status) -> Option<Timestamp> {
        match status {
            Status::Sent => Some(self.sent),
            Status::Received => self.received,
            Status::Viewed => self.viewed,
            Status::Submitted => self.submitted,
            Status::Read => self.read,
            Status::Expired | Status::Cancelled | Status::Declined | Status::Failed => self.ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_status() -> impl Strategy<Value = Status> {
        proptest::sample::select(Status::ALL.to_vec())
    }

    #[test]
    fn received_after_viewed_is_ignored() {
        assert!(advance(Status::Sent, Status::Received));
        assert!(!advance(Status::Viewed, Status::Received));
        assert!(!advance(Status::Received, Status::Received));
    }

    #[test]
    fn nothing_but_read_follows_answers() {
        for status in Status::ALL {
            assert_eq!(advance(Status::Submitted, status), status == Status::Read, "{status:?}");
        }
    }

    #[test]
    fn only_what_is_awaited_begins_anew() {
        for status in Status::ALL {
            assert_eq!(begins_anew(status), !status.is_answered() && !status.is_ended(), "{status:?}");
            assert_eq!(was_reissued(status, Status::Sent), status == Status::Viewed, "{status:?}");
            assert!(!was_reissued(Status::Viewed, status) || status == Status::Sent, "{status:?}");
        }
    }

    proptest! {
        #[test]
        fn a_story_of_any_statuses_only_moves_forward_and_stops_at_an_ending(story in prop::collection::vec(any_status(), 0..40)) {
            let mut at = Status::Sent;
            let mut seen = vec![at];
            for next in story {
                if advance(at, next) {
                    prop_assert!(!at.is_ended());
                    prop_assert!(!(at.is_answered() && next.is_ended()), "answers cannot be taken back");
                    prop_assert!(!seen.contains(&next), "no status is reached twice");
                    seen.push(next);
                    at = next;
                }
            }
            prop_assert!(seen.len() <= 5);
        }

        #[test]
        fn hearing_a_story_twice_changes_nothing(story in prop::collection::vec(any_status(), 0..12)) {
            let tell = |from: Status| story.iter().fold(from, |at, next| if advance(at, *next) { *next } else { at });
            let once = tell(Status::Sent);
            prop_assert_eq!(tell(once), once);
        }
    }
}
