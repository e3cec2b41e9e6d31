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
    /// The visitor opened the form (first time only).
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
}
