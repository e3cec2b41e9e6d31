//! The audit log, alerts, and who looked at answers (A8).

use std::collections::BTreeMap;

use aside_base::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditZone {
    /// The desk's.
    Desk,
    /// The vault's.
    Vault,
}

/// What is asked for; everything that is given must hold.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Where to go on: the former page's `next`.
    pub before: Option<String>,
    /// How many entries at most, 1 to 200.
    pub limit: Option<u32>,
    /// A text anywhere in the entry, or in a person's name.
    pub text: Option<String>,
    /// A person's id.
    pub who: Option<String>,
    /// An act.
    pub act: Option<String>,
    /// `done` or `refused`.
    pub result: Option<String>,
    /// `desk` or `vault`.
    #[param(value_type = Option<AuditZone>)]
    pub zone: Option<AuditZone>,
    /// Not before this moment, in milliseconds since 1970.
    pub from: Option<i64>,
    /// Before this moment, in milliseconds since 1970.
    pub to: Option<i64>,
    /// For an export: `jsonl` or `csv`.
    pub format: Option<String>,
}

/// Who did it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditWho {
    /// agent, visitor, viewer, api_key, operator, desk, vault, stranger, unknown.
    pub kind: String,
    /// The person's id, or what else is known.
    #[schema(required)]
    pub id: Option<String>,
    /// The person's name.
    #[schema(required)]
    pub name: Option<String>,
}

/// An entry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEntry {
    /// In which log.
    pub zone: AuditZone,
    /// Its number there.
    pub sequence: i64,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Who.
    pub who: AuditWho,
    /// What.
    pub act: String,
    /// On what: kinds of things and their ids.
    pub on: BTreeMap<String, String>,
    /// `done` or `refused`.
    pub result: String,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
    /// How often, where callers are counted together.
    #[schema(required)]
    pub count: Option<u64>,
    /// What else names it.
    #[schema(required)]
    pub detail: Option<String>,
    /// From which address or network.
    #[schema(required)]
    pub from: Option<String>,
    /// In which session.
    #[schema(required)]
    pub session: Option<String>,
    /// Its hash.
    pub hash: String,
    /// The hash of the entry before.
    pub previous: String,
}

/// A checkpoint that was signed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditCheckpoint {
    /// The entry it speaks of.
    pub sequence: i64,
    /// When it was signed.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// A chain, as it was when it was last proved.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChainState {
    /// The first entry that is kept; none before there was one.
    #[schema(required)]
    pub first: Option<i64>,
    /// The last entry.
    #[schema(required)]
    pub last: Option<i64>,
    /// When it was last proved.
    #[schema(required, value_type = Option<i64>)]
    pub checked_at: Option<Timestamp>,
    /// Whether it was whole.
    pub whole: bool,
    /// What is wrong: missing, out_of_order, changed, rebuilt, cut, no_beginning, other_chain, not_signed.
    #[schema(required)]
    pub fault: Option<String>,
    /// The entry at which it shows.
    #[schema(required)]
    pub fault_at: Option<i64>,
    /// The last checkpoint.
    #[schema(required)]
    pub last_checkpoint: Option<AuditCheckpoint>,
    /// The key that signs, where this desk knows it.
    #[schema(required)]
    pub key: Option<String>,
    /// How many days entries are kept here at least.
    pub kept_days: u32,
}

/// Both chains.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Chains {
    /// The desk's.
    pub desk: ChainState,
    /// The vault's, as the desk mirrors it.
    pub vault: ChainState,
}

/// Some entries, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// Whether there may be more.
    pub more: bool,
    /// Where to go on.
    #[schema(required)]
    pub next: Option<String>,
    /// Both chains.
    pub chains: Chains,
}

/// A person, by id and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NamedPerson {
    /// The id.
    pub id: String,
    /// The display name.
    #[schema(required)]
    pub name: Option<String>,
}

/// A reason for somebody to look.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Alert {
    /// Its number.
    pub id: i64,
    /// many_reveals, odd_hours, unclosed, vault_log, desk_log, low_space, checkpoints.
    pub kind: String,
    /// When it came to be.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Whom it is about.
    #[schema(required)]
    pub person: Option<NamedPerson>,
    /// How many.
    #[schema(required)]
    pub count: Option<u32>,
    /// What else names it.
    #[schema(required)]
    pub detail: Option<String>,
    /// When somebody looked at it.
    #[schema(required, value_type = Option<i64>)]
    pub acknowledged_at: Option<Timestamp>,
    /// Who did.
    #[schema(required)]
    pub acknowledged_by: Option<String>,
}

/// Which span is reviewed.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessQuery {
    /// From this moment, in milliseconds since 1970.
    pub from: i64,
    /// Until this moment; at most 180 days later.
    pub to: i64,
}

/// A right that lets somebody see answers, while it lasted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessSpan {
    /// Which.
    pub right: String,
    /// From when.
    #[schema(value_type = i64)]
    pub from: Timestamp,
    /// Until when; none while it lasts.
    #[schema(required, value_type = Option<i64>)]
    pub until: Option<Timestamp>,
}

/// What somebody did with answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessDone {
    /// How many views.
    pub views: u32,
    /// How many reveals.
    pub reveals: u32,
    /// The last of them.
    #[schema(required, value_type = Option<i64>)]
    pub last_at: Option<Timestamp>,
}

/// Who could see answers, and who did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessRow {
    /// Who.
    pub person: NamedPerson,
    /// What they could.
    pub could: Vec<AccessSpan>,
    /// What they did.
    pub did: AccessDone,
}
