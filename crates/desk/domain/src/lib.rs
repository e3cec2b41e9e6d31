//! What the desk's things are and the rules they live by: sites, agents, sessions, visitors, conversations, invitations.
//!
//! Pure: no I/O, no clock, no randomness; moments and ids are arguments. A rule is a function here, so that it exists once
//! however many back ends keep the data. Nothing in this crate can hold an answer: there is no type for one.

mod agent;
mod audit;
mod conversation;
mod entry;
mod errand;
mod invitation;
mod message;
mod session;
mod site;
mod status;
mod stream;
mod view;
mod visitor;

pub use agent::{Agent, AgentName, AgentRef, AgentTextError, Credentials, DisplayName, PasswordHash};
pub use audit::{
    Action, Actor, AuditLine, AuditRow, Outcome, RefusalCount, RefusalKind, RefusalLine, RefusalMinute, Target, Where,
};
pub use conversation::{
    ActRefusal, Claim, Conversation, ConversationCounts, ConversationStatus, ConversationSummary, claim, may_act,
};
pub use entry::{Author, Entry, EntryKind, Sequence};
pub use errand::{Errand, ErrandId, PendingErrand, backoff};
pub use invitation::{
    AskRefusal, BeginRefusal, ConfirmRefusal, Draft, Invitation, Stage, may_ask, may_begin, may_confirm,
};
pub use message::{MessageText, MessageTextError, PostedBefore, repeat_of};
pub use session::{EndReason, LiveSession, SESSION_LIFE, Session};
pub use site::{Site, SiteError};
pub use status::{Change, Status, Timeline, advance, deadline_after};
pub use stream::{Cursor, Effect, PageUse, effect_of, use_of_page};
pub use view::{ViewRefusal, may_view};
pub use visitor::Visitor;
