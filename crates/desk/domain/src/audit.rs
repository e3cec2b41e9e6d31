//! The audit log (A8): who did what, when, from where, on what, with what result. Names and ids only, never a text of a
//! person. Refusals of unknown callers are counted per kind, address prefix and minute, so that a flood cannot fill the disk.

use std::net::IpAddr;

use aside_base::{
    AddressPrefix, AgentId, ApiKeyId, ConversationId, InvitationId, PasskeyId, ProfileId, SessionId, SiteId, Timestamp,
    VisitorId,
};

use crate::Action;

/// From which address a request came; none for what the desk does by itself.
pub type Where = Option<IpAddr>;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// An agent, in a session.
    Agent(AgentId, SessionId),
    /// Somebody who is not signed in.
    Stranger,
    /// Another program, by its key.
    ApiKey(ApiKeyId),
    /// A visitor.
    Visitor(VisitorId),
    /// Somebody at the command line of the desk's machine.
    Operator,
    /// The desk itself: a clock, a repair.
    Desk,
}

/// Who does something, from where, and when: what every act that changes something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub who: Actor,
    /// From where.
    pub from: Where,
    /// When.
    pub at: Timestamp,
}

impl By {
    /// The desk itself, at `at`.
    #[must_use]
    pub const fn desk(at: Timestamp) -> Self {
        Self { who: Actor::Desk, from: None, at }
    }

    /// Somebody at the command line, at `at`.
    #[must_use]
    pub const fn operator(at: Timestamp) -> Self {
        Self { who: Actor::Operator, from: None, at }
    }

    /// The agent who acts, if it is one.
    #[must_use]
    pub const fn agent(&self) -> Option<AgentId> {
        match self.who {
            Actor::Agent(agent, _) => Some(agent),
            _ => None,
        }
    }
}

/// On what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The site as a whole.
    Site,
    /// An account.
    Agent(AgentId),
    /// A session.
    Session(SessionId),
    /// A visitor.
    Visitor(VisitorId),
    /// A conversation.
    Conversation(ConversationId),
    /// An invitation.
    Invitation(InvitationId),
    /// A profile.
    Profile(ProfileId),
    /// A passkey.
    Passkey(PasskeyId),
    /// An API key.
    ApiKey(ApiKeyId),
    /// An alert, by its number.
    Alert(i64),
    /// The audit log itself.
    AuditLog,
}

/// With what result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was done, for this reason (a constant, such as `logout`).
    DoneBecause(&'static str),
    /// It was refused, for this reason (a constant, such as `other_agent`).
    Refused(&'static str),
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// On which site; none for what concerns all.
    pub site: Option<SiteId>,
    /// Who.
    pub actor: Actor,
    /// From where.
    pub from: Where,
    /// What.
    pub action: Action,
    /// On what.
    pub target: Target,
    /// With what result.
    pub outcome: Outcome,
    /// What something was and became, in names, ids and figures of our own.
    pub detail: Option<String>,
}

/// A row read back, as a person searches and exports it: names and ids as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number; grows without gaps.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// On which site.
    pub site: Option<String>,
    /// Who: a kind, and an id where it has one.
    pub actor: (String, Option<String>),
    /// In which session.
    pub session: Option<String>,
    /// From where.
    pub from: Option<String>,
    /// What.
    pub action: String,
    /// On what: a kind, and an id where it has one.
    pub target: (String, Option<String>),
    /// `done` or `refused`.
    pub outcome: String,
    /// Why.
    pub reason: Option<String>,
    /// How often, where callers that nobody knows are counted together.
    pub count: Option<u64>,
}

/// The kinds of refusal that need no account, and so are only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// A login with a name or password that is not right.
    Login,
    /// A request without a live session.
    Session,
    /// A visitor's request without a known cookie.
    Visitor,
    /// A request from a page of another origin.
    Origin,
    /// Too many requests.
    Rate,
    /// A request for something that the caller may not do.
    Permission,
}

impl RefusalKind {
    /// The kind's name, as stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Session => "session",
            Self::Visitor => "visitor",
            Self::Origin => "origin",
            Self::Rate => "rate",
            Self::Permission => "permission",
        }
    }
}

/// The row in which a refusal is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RefusalMinute {
    /// What was refused.
    pub kind: RefusalKind,
    /// To whom, roughly; none where so many were refused that networks were no longer told apart.
    pub from: Option<AddressPrefix>,
    /// The account that was aimed at, where there is one of that name.
    pub account: Option<AgentId>,
    /// Minutes since the Unix epoch.
    pub minute: i64,
}

impl RefusalMinute {
    /// The row for a refusal at `at`.
    #[must_use]
    pub fn of(kind: RefusalKind, address: IpAddr, at: Timestamp) -> Self {
        Self { kind, from: Some(AddressPrefix::of(address)), account: None, minute: at.0.div_euclid(60_000) }
    }

    /// The row for a refusal that was aimed at `account`.
    #[must_use]
    pub const fn aimed_at(self, account: AgentId) -> Self {
        Self { account: Some(account), ..self }
    }
}

/// So many refusals for one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusalCount {
    /// Which row.
    pub row: RefusalMinute,
    /// How many more.
    pub count: u32,
}

/// A row of counted refusals read back, as a person searches and exports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalLine {
    /// Its number; grows.
    pub number: i64,
    /// When its minute began.
    pub at: Timestamp,
    /// What was refused.
    pub kind: String,
    /// To whom, roughly.
    pub from: Option<String>,
    /// The account that was aimed at.
    pub account: Option<String>,
    /// How often.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_one_minute_share_a_row() {
        let home = "127.0.0.1".parse().unwrap();
        let row = |at| RefusalMinute::of(RefusalKind::Login, home, Timestamp(at));
        assert_eq!(row(60_000), row(119_999));
        assert_ne!(row(60_000), row(120_000));
    }
}
