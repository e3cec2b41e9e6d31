//! What the desk's things are and the rules they live by: sites, people and what they may do, sessions, visitors, conversations, invitations.
//!
//! Pure: no I/O, no clock, no randomness; moments and ids are arguments. A rule is a function here, so that it exists once
//! however many back ends keep the data. Nothing in this crate can hold an answer: there is no type for one.

mod account;
mod action;
mod agent;
mod api_key;
mod audit;
mod conversation;
mod entry;
mod errand;
mod factor;
mod history;
mod invitation;
mod link;
mod lockout;
mod message;
mod password;
mod permission;
mod policy;
mod privacy;
mod profile;
mod reference;
mod review;
mod session;
mod site;
mod span;
mod status;
mod stream;
mod trail;
mod transfer;
mod view;
mod visitor;

pub use account::{Account, AccountState, Credentials, Loss, PeopleRefusal, may_lose, vault_rights};
pub use action::Action;
pub use agent::{Agent, AgentName, AgentRef, AgentTextError, DisplayName, PasswordHash};
pub use api_key::{ApiKey, KeyRefusal, LONGEST_KEY_DAYS, MOST_KEYS, Scope, may_create_key};
pub use audit::{
    Actor, AuditLine, AuditRow, By, Outcome, RefusalCount, RefusalKind, RefusalLine, RefusalMinute, Target, Where,
};
pub use conversation::{
    ActRefusal, Claim, Conversation, ConversationCounts, ConversationStatus, ConversationSummary, claim, may_act,
};
pub use entry::{Author, Entry, EntryKind, Sequence};
pub use errand::{Errand, ErrandId, PendingErrand, backoff};
pub use factor::{
    FactorName, FactorProof, FactorRefusal, Factors, MOST_PASSKEYS, PasskeyRecord, RECOVERY_CODES, TotpRecord,
    may_remove, may_use_counter, may_use_step,
};
pub use history::{
    HistoryCursor, HistoryFilter, HistoryRefusal, PastConversation, PastForm, PastPage, may_list_history,
    may_view_history,
};
pub use invitation::{
    AskRefusal, BeginRefusal, ConfirmRefusal, Draft, Invitation, Lost, Sender, Stage, may_ask, may_begin, may_confirm,
};
pub use link::{LINK_LIFE, Link, LinkRefusal};
pub use lockout::{AttemptRefusal, FACTOR_LOCKOUT, Gate, NETWORK_TRIES, NETWORK_WINDOW, NetworkTries, Tries};
pub use message::{MessageText, MessageTextError, PostedBefore, preview, repeat_of};
pub use password::{LONGEST_PASSWORD, PasswordFault, PasswordRefusal, password_faults};
pub use permission::{Permission, Permissions, Role, UnknownName};
pub use policy::{
    FormsChange, Idle, Lockout, MinimumPart, Part, PasswordBook, PasswordRules, Policy, PolicyError, PolicyRefusal,
    Range, Review, SecondFactor, WorkingHours, forms_change, minimum,
};
pub use privacy::{EraseRefusal, FINDING, FoundConversation, FoundVisitor, KeptState, Subject, may_erase};
pub use profile::{MOST_PROFILES, Profile, ProfileName, ProfileNameError, ProfileRefusal, built_in_profile, may_keep};
pub use reference::{NoReference, Reference};
pub use review::{Alert, AlertKind, Finding, Look, Sighting, review, reviewed_since};
pub use session::{
    EndReason, IdleStep, LiveSession, Needs, SESSION_LIFE, Session, SessionStage, SignInRefusal, StepRefusal,
    UNFINISHED_LIFE, password_is_due,
};
pub use site::{Site, SiteError, check_keeping};
pub use span::{RightsSpan, VIEWING};
pub use status::{Change, Status, Timeline, advance, begins_anew, deadline_after, was_reissued};
pub use stream::{Cursor, Effect, PageUse, effect_of, use_of_page};
pub use trail::{AuditCursor, AuditFilter, AuditScope, FoundEntry, FoundPage, Zone};
pub use transfer::{Colleague, Taker, TransferRefusal, may_transfer};
pub use view::{ViewRefusal, may_view};
pub use visitor::Visitor;
