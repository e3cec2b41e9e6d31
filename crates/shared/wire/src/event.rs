//! The vault's event stream: ids and statuses only. The desk reads it after a sequence number.

use aside_base::{InvitationId, SiteId, SubmissionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::CancelReason;

/// `GET /zone/v1/events`: events after `after`, which also acknowledges everything up to it. Waits for the next event for
/// up to `wait_ms` when there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// The last sequence number that the desk has applied; 0 at first.
    pub after: i64,
    /// The epoch that `after` belongs to; none at first.
    pub epoch: Option<Uuid>,
    /// How long to wait for an event, in milliseconds, at most 25000.
    #[serde(default)]
    pub wait_ms: u32,
}

/// A page of events. On an epoch other than the asked one, or a head below `after`, the desk resynchronises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventPage {
    /// New at the vault's creation and at restore.
    pub epoch: Uuid,
    /// The newest sequence number there is.
    pub head: i64,
    /// Events in order, at most 500, of the calling desk's sites.
    pub events: Vec<Event>,
}

/// Something that happened to an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Place in the stream; grows, may have gaps.
    pub sequence: i64,
    /// The site.
    #[schema(value_type = String)]
    pub site: SiteId,
    /// The invitation.
    #[schema(value_type = Uuid)]
    pub invitation: InvitationId,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The visitor opened the form (first time only, until it is issued anew).
    Viewed,
    /// The visitor sent it.
    Submitted {
        /// The answers' name.
        #[schema(value_type = Uuid)]
        submission: SubmissionId,
    },
    /// The agent looked (first time only).
    Read,
    /// A clock ended.
    Expired,
    /// Cancelled, and why.
    Cancelled {
        /// Why.
        #[serde(flatten)]
        reason: CancelReason,
    },
    /// The visitor chose not to answer.
    Declined,
    /// The visitor asks for a new link (S14).
    Asked,
    /// It was issued anew (S14): the old link and its device are void, its life begins again.
    Reissued,
    /// The submission's off-the-record answers are wiped (V3). Once a submission.
    Gone {
        /// Why.
        why: GoneReason,
    },
    /// Stored answers were erased (V5, V8).
    Erased {
        /// Why.
        why: EraseReason,
    },
    /// What a newer vault tells and this build does not know. Never sent.
    #[serde(other)]
    Unknown,
}

/// Why off-the-record answers are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoneReason {
    /// The agent was done with them.
    Done,
    /// Their time ended.
    Time,
    /// The session that sent the form ended.
    SessionEnded,
    /// The conversation was closed.
    ConversationClosed,
    /// The conversation went to another agent.
    Transferred,
    /// The agent may no longer use secure forms.
    RightLost,
    /// The vault was started anew (edge case 25).
    Restart,
}

/// Why stored answers were erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EraseReason {
    /// The time that they are kept ended.
    Retention,
    /// The visitor or an admin asked for it.
    Request,
    /// They were kept until the conversation closed.
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_of_a_kind_that_is_not_known_is_read_and_stops_nothing() {
        let id = Uuid::from_u128(1);
        let event = |kind: &str| {
            let told = serde_json::json!({
                "sequence": 7, "site": "northwind", "invitation": id, "at": 0, "kind": kind, "why": "restart", "more": [1],
            });
            serde_json::from_value::<Event>(told).unwrap().kind
        };
        assert_eq!(event("gone"), EventKind::Gone { why: GoneReason::Restart });
        assert_eq!(event("levitated"), EventKind::Unknown);
    }
}
