//! Who could see answers, and when: spans of rights, kept with whatever changes them (PCI 7.2.4).

use aside_base::{AgentId, Timestamp};

use crate::{Permission, Permissions};

/// The rights that let somebody see answers.
pub const VIEWING: Permissions =
    Permissions::of(&[Permission::UseSecureForms, Permission::RevealCardNumbers, Permission::ViewHistoryAnswers]);

/// From when until when somebody had a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RightsSpan {
    /// Who.
    pub agent: AgentId,
    /// Which right, one of [`VIEWING`].
    pub right: Permission,
    /// From when.
    pub from: Timestamp,
    /// Until when; none while it lasts.
    pub until: Option<Timestamp>,
}
