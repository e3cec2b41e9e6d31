//! What is audited (A8): every act by its name. A name that was stored once never changes.

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
