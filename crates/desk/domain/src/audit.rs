//! The audit log (A8): who did what, when, from where, on what, with what result. Names and ids only, never a text of a
//! person. Refusals of unknown callers are counted per kind, address prefix and minute, so that a flood cannot fill the disk.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aside_base::{AgentId, ConversationId, InvitationId, SessionId, SiteId, Timestamp, VisitorId};

/// From which address a request came; none for what the desk does by itself.
pub type Where = Option<IpAddr>;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// An agent, in a session.
    Agent(AgentId, SessionId),
    /// Somebody who tries to log in to this account.
    LoginTo(AgentId),
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

/// The neighbourhood of an address: /24 for IPv4, /56 for IPv6, as the rate limits count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressPrefix(IpAddr);

impl AddressPrefix {
    /// The prefix that `address` lies in. An IPv4 address in IPv6 clothes counts as IPv4.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & !0xFF)),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !((1 << 72) - 1))),
        })
    }
}

impl fmt::Display for AddressPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0, if self.0.is_ipv4() { 24 } else { 56 })
    }
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
    /// To whom, roughly.
    pub from: AddressPrefix,
    /// Minutes since the Unix epoch.
    pub minute: i64,
}

impl RefusalMinute {
    /// The row for a refusal at `at`.
    #[must_use]
    pub fn of(kind: RefusalKind, address: IpAddr, at: Timestamp) -> Self {
        Self { kind, from: AddressPrefix::of(address), minute: at.0.div_euclid(60_000) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_prefix_and_strangers_do_not() {
        let prefix = |text: &str| AddressPrefix::of(text.parse().unwrap()).to_string();
        assert_eq!(prefix("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(prefix("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(prefix("2001:db8:1:2ff:3::4"), "2001:db8:1:200::/56");
        assert_ne!(prefix("2001:db8:1:300::"), prefix("2001:db8:1:2ff::"));
    }

    #[test]
    fn refusals_of_one_minute_share_a_row() {
        let home = "127.0.0.1".parse().unwrap();
        let row = |at| RefusalMinute::of(RefusalKind::Login, home, Timestamp(at));
        assert_eq!(row(60_000), row(119_999));
        assert_ne!(row(60_000), row(120_000));
    }
}
