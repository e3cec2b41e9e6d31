//! Permissions as types, for handlers to name what their caller must be allowed to do.

use aside_desk_domain::{FINDING, Permission, Permissions, Scope};

/// A permission, or any of some, as a type.
pub(crate) trait Right: Send + Sync + 'static {
    /// One of them is enough.
    const ANY: Permissions;
    /// What is said to be missing.
    const NAMED: Permission;
}

/// A right that an API key may have too.
pub(crate) trait Keyed: Right {
    /// One of these scopes is enough; the first is said to be missing.
    const SCOPES: &'static [Scope];
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident $(or key $scope:ident)?),* $(,)?) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl Right for $name {
            const ANY: Permissions = Permissions::of(&[Permission::$name]);
            const NAMED: Permission = Permission::$name;
        }

        $(impl Keyed for $name {
            const SCOPES: &'static [Scope] = &[Scope::$scope];
        })?
    )*};
}

rights! {
    /// Conversations.
    HandleConversations,
    /// Secure forms.
    UseSecureForms,
    /// Answers of conversations that are over.
    ViewHistoryAnswers,
    /// People and profiles.
    ManagePeople or key PeopleRead,
    /// The policy.
    ManageSecurity or key SecurityRead,
    /// API keys.
    ManageKeys,
    /// The audit log.
    ReadAudit or key AuditRead,
    /// Files with what is kept.
    Export or key PrivacyExport,
    /// Erasing.
    EraseData or key PrivacyErase,
}

/// Reading a conversation: any for those who handle them, those that are over for those who may view their answers.
pub(crate) struct ReadConversations;

impl Right for ReadConversations {
    const ANY: Permissions = Permissions::of(&[Permission::HandleConversations, Permission::ViewHistoryAnswers]);
    const NAMED: Permission = Permission::HandleConversations;
}

/// Finding visitors, to export or to erase what is kept of them.
pub(crate) struct FindVisitors;

impl Right for FindVisitors {
    const ANY: Permissions = FINDING;
    const NAMED: Permission = Permission::EraseData;
}

impl Keyed for FindVisitors {
    const SCOPES: &'static [Scope] = &[Scope::PrivacyErase, Scope::PrivacyExport];
}
