//! The only types that cross the border between desk and vault, as JSON over the zone link.
//!
//! No answer, no part of an answer and no digest of one has a place here. Requests name a site; the vault refuses sites
//! that are not registered to the calling desk's certificate as *not valid*.

mod audit;
mod event;
mod invitation;
mod keeping;
mod problem;
mod reference;
mod session;
mod site;

pub use audit::{AuditEntry, AuditPage, AuditQuery, AuditState};
pub use event::{EraseReason, Event, EventKind, EventPage, EventQuery, GoneReason};
pub use invitation::{
    CancelReason, Channel, Clocks, ClocksError, Grant, GrantRequest, HistoryReason, HistoryRequest, InvitationStatus,
    Invite, Invited, MintedKey, Reopen, Status,
};
pub use keeping::{ExportGrant, ExportRequest, KeepingReport};
pub use problem::{Problem, ProblemKind};
pub use session::{AgentRights, Enrolment, RenewSessions, RenewedSessions, StartSession};
pub use site::{FormsSwitch, Keeping, SiteProfile};
