//! How long answers are kept, and what closing a form means: settings of a site (V5, S11).

use std::collections::BTreeMap;

use aside_base::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Range;

/// The settings, with what the vault reports.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeepingView {
    /// How long answers are kept.
    pub keeping: Keeping,
    /// What closing a form means.
    pub reopen: Reopen,
    /// The least and the most of each number: `days`.
    pub ranges: BTreeMap<&'static str, Range>,
    /// What is kept now; nothing while the vault does not answer.
    #[schema(required)]
    pub report: Option<KeepingReport>,
}

/// How long answers are kept. A form or a question may say less, never more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Keeping {
    /// Days after they were sent, 0 to 395; 0 keeps them until the conversation is closed.
    #[schema(minimum = 0, maximum = 395)]
    pub days: u16,
}

/// What closing a form means (S11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reopen {
    /// The device that opened it may open it again, to an empty form.
    SameDevice,
    /// Closed is closed.
    Once,
}

/// The settings to save. A shorter time holds for what is stored too.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepingChange {
    /// How long answers are kept.
    pub keeping: Keeping,
    /// What closing a form means, for forms sent from now on.
    pub reopen: Reopen,
}

/// What the vault keeps of the site, counted in parts: the answers of one form that are kept equally long.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct KeepingReport {
    /// Parts that are kept.
    pub held: u64,
    /// Of these, parts whose time ends within 30 days.
    pub due_soon: u64,
    /// When what is due was last erased to its end; nothing since the vault's last start.
    #[schema(required, value_type = Option<i64>)]
    pub last_purge: Option<Timestamp>,
    /// When something was last erased.
    #[schema(required, value_type = Option<i64>)]
    pub last_erased: Option<Timestamp>,
    /// Parts that were erased so far, for whichever reason.
    pub erased_total: u64,
    /// Whether a card number has been kept for more than seven days.
    pub cards_over_week: bool,
}
