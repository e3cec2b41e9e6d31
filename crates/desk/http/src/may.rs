//! Permissions as types, for handlers to name what their caller must be allowed to do.

use aside_desk_domain::{Permission, Scope};

/// A permission as a type.
pub(crate) trait Right: Send + Sync + 'static {
    /// The permission.
    const PERMISSION: Permission;
}

/// A permission whose reading part an API key may have.
pub(crate) trait Readable: Right {
    /// The key's scope for it.
    const SCOPE: Scope;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident $(reads $scope:ident)?),* $(,)?) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl Right for $name {
            const PERMISSION: Permission = Permission::$name;
        }

        $(impl Readable for $name {
            const SCOPE: Scope = Scope::$scope;
        })?
    )*};
}

rights! {
    /// Conversations.
    HandleConversations,
    /// Secure forms.
    UseSecureForms,
    /// People and profiles.
    ManagePeople reads PeopleRead,
    /// The policy.
    ManageSecurity reads SecurityRead,
    /// API keys.
    ManageKeys,
    /// The audit log.
    ReadAudit reads AuditRead,
}
