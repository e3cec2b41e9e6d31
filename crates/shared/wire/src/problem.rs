//! Refusals over the zone link, as RFC 9457 problem documents.

use serde::{Deserialize, Serialize};

/// The kinds of refusal that a desk must tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// No such thing, or not of a site of this desk: never said which.
    NotValid,
    /// A one-time key or an invitation that was used already.
    Used,
    /// A clock ended.
    Expired,
    /// The right to view is not there, or lost for good (S8).
    NoRight,
    /// The vault's operator lets nobody of this desk read what is stored (V6).
    HistoryOff,
    /// The invitation is in a state that does not allow it.
    WrongState,
    /// The agent has no second factor at the vault (A5).
    NoFactor,
    /// The site's secure forms are stopped (A10).
    Stopped,
    /// The session is locked (A4).
    Locked,
    /// A field is wrong; `field` names it.
    Invalid,
    /// The vault's keys cannot be used: their provider is sealed or cannot be reached (V2).
    Sealed,
    /// There is no room in memory for the form's off-the-record answers (V3).
    Full,
    /// Too much at once: try again after `Retry-After`.
    Busy,
    /// The vault failed; nothing was changed.
    Failed,
}

/// A problem document (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable name: `tag:aside,2026:<kind>`.
    #[serde(rename = "type")]
    pub name: String,
    /// One short sentence.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// The kind, for programs.
    pub kind: ProblemKind,
    /// The field at fault, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}
