//! The audit log (A8): who did what, when, from where, on what, with what result. Names and ids only, never a text of a
//! person. Refusals of unknown callers are counted per kind, address prefix and minute, so that a flood cannot fill the disk.

use std::net::IpAddr;

use aside_base::{
    AddressPrefix, AgentId, ApiKeyId, ConversationId, InvitationId, PasskeyId, ProfileId, SessionId, SiteId, Timestamp,
    VisitorId,
};

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
    /// A conversation was handed on.
    TransferConversation,
    /// Somebody asked to view answers of a conversation that is over.
    ViewHistory,
    /// How long answers are kept, or what closing a form means, was changed.
    ChangeKeeping,
    /// What the desk keeps of a visitor or a conversation was exported.
    ExportData,
    /// Somebody asked for what the vault keeps of a visitor or a conversation.
    ExportAnswers,
    /// What is kept of a visitor or a conversation was erased.
    EraseData,
    /// The vault has said that it has erased what it kept of a conversation.
    ConfirmErasing,
    /// Too many wrong tries locked an account.
    LockAccount,
    /// An admin took an account's lock away.
    UnlockAccount,
    /// A console was locked.
    LockSession,
    /// A console was unlocked.
    UnlockSession,
    /// A second factor was shown at sign-in.
    PassFactor,
    /// A password was changed by its person.
    ChangePassword,
    /// A link to set a password was made.
    IssueLink,
    /// A password was set by a link.
    UseLink,
    /// A second factor was set up.
    AddFactor,
    /// A second factor was removed by its person.
    RemoveFactor,
    /// An admin removed all second factors of a person.
    ResetFactors,
    /// New recovery codes were made.
    RenewRecoveryCodes,
    /// A person got another profile.
    SetProfile,
    /// A person's name was changed.
    RenameAgent,
    /// An account was turned off.
    DeactivateAgent,
    /// An account was turned on again.
    ActivateAgent,
    /// An account that nobody used was disabled.
    DisableIdleAgent,
    /// A profile was made.
    CreateProfile,
    /// A profile was changed.
    ChangeProfile,
    /// A profile was deleted.
    DeleteProfile,
    /// The site's policy was changed.
    ChangePolicy,
    /// Secure forms were stopped.
    StopForms,
    /// Secure forms were taken up again.
    ResumeForms,
    /// An API key was made.
    CreateKey,
    /// An API key was revoked.
    RevokeKey,
    /// The audit log was exported.
    ExportAudit,
    /// Somebody looked at an alert.
    AcknowledgeAlert,
    /// Entries of the log whose time was over were taken away.
    PruneAudit,
    /// The space reserved for authenticated acts was touched, or is free again.
    LowSpace,
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
            Self::TransferConversation => "transfer_conversation",
            Self::ViewHistory => "view_history",
            Self::ChangeKeeping => "change_keeping",
            Self::ExportData => "export_data",
            Self::ExportAnswers => "export_answers",
            Self::EraseData => "erase_data",
            Self::ConfirmErasing => "confirm_erasing",
            Self::LockAccount => "lock_account",
            Self::UnlockAccount => "unlock_account",
            Self::LockSession => "lock_session",
            Self::UnlockSession => "unlock_session",
            Self::PassFactor => "pass_factor",
            Self::ChangePassword => "change_password",
            Self::IssueLink => "issue_link",
            Self::UseLink => "use_link",
            Self::AddFactor => "add_factor",
            Self::RemoveFactor => "remove_factor",
            Self::ResetFactors => "reset_factors",
            Self::RenewRecoveryCodes => "renew_recovery_codes",
            Self::SetProfile => "set_profile",
            Self::RenameAgent => "rename_agent",
            Self::DeactivateAgent => "deactivate_agent",
            Self::ActivateAgent => "activate_agent",
            Self::DisableIdleAgent => "disable_idle_agent",
            Self::CreateProfile => "create_profile",
            Self::ChangeProfile => "change_profile",
            Self::DeleteProfile => "delete_profile",
            Self::ChangePolicy => "change_policy",
            Self::StopForms => "stop_forms",
            Self::ResumeForms => "resume_forms",
            Self::CreateKey => "create_key",
            Self::RevokeKey => "revoke_key",
            Self::ExportAudit => "export_audit",
            Self::AcknowledgeAlert => "acknowledge_alert",
            Self::PruneAudit => "prune_audit",
            Self::LowSpace => "low_space",
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
