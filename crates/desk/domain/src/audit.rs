//! The audit log (A8): who did what, when, from where, on what, with what result. Names and ids only, never a text of a
//! person. Refusals of unknown callers are counted per kind, address prefix and minute, so that a flood cannot fill the disk.

use std::net::IpAddr;

use aside_base::{AddressPrefix, AgentId, ConversationId, InvitationId, SessionId, SiteId, Timestamp, VisitorId};

/// From which address a request came; none for what the desk does by itself.
pub type Where = Option<IpAddr>;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// An agent, in a session.
    Agent(AgentId, SessionId),
    /// A visitor.
    Visitor(VisitorId),
    /// Somebody at the command line of the desk's machine.
    Operator,
    /// The desk itself: a clock, a repair.
    Desk,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// A site was created.
    CreateSite,
    /// An agent was created.
    CreateAgent,
    /// A login.
    Login,
    /// A session ended, whichever way.
    EndSession,
    /// A form was sent.
    SendInvitation,
    /// A form that was being sent was given up.
    GiveUpInvitation,
    /// A form was taken back.
    CancelInvitation,
    /// A new link was issued.
    ReissueInvitation,
    /// A visitor asked for the key that opens the form.
    OpenInvitation,
    /// An agent asked to view answers.
    ViewAnswers,
    /// A conversation was closed.
    CloseConversation,
}

impl Action {
    /// The action's name, as stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateSite => "create_site",
            Self::CreateAgent => "create_agent",
            Self::Login => "login",
            Self::EndSession => "end_session",
            Self::SendInvitation => "send_invitation",
            Self::GiveUpInvitation => "give_up_invitation",
            Self::CancelInvitation => "cancel_invitation",
            Self::ReissueInvitation => "reissue_invitation",
            Self::OpenInvitation => "open_invitation",
            Self::ViewAnswers => "view_answers",
            Self::CloseConversation => "close_conversation",
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
    /// A conversation.
    Conversation(ConversationId),
    /// An invitation.
    Invitation(InvitationId),
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
