//! What the vault holds in memory and loses when it stops: leases, off-the-record answers, which views are on a screen.

use std::collections::BTreeMap;

use aside_base::{SubmissionId, Timestamp};
use aside_vault_domain::ViewId;

use crate::name::Party;

/// The vault's memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Memory {
    /// Whether the desk has vouched for the sessions 0 and 1 of late.
    pub leases: [bool; 2],
    /// Off-the-record answers, and when they go.
    pub kept: BTreeMap<SubmissionId, Timestamp>,
    /// The views that are on a screen, or about to be.
    pub screens: BTreeMap<ViewId, Screen>,
}

/// A view on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Screen {
    /// Whose browser.
    pub of: Party,
    /// The number of its session.
    pub session: u8,
    /// Whether the answers are on it: before that the view is still being opened.
    pub shown: bool,
}
