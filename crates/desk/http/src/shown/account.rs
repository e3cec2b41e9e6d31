//! People, profiles and keys of the domain as the API names them.

use aside_desk_domain::{AccountState, PasswordFault, Permission as P, Permissions, Role, Scope, SessionStage};

use crate::api::{self, Permission as A};

pub(crate) const fn role(role: Role) -> api::Role {
    match role {
        Role::Agent => api::Role::Agent,
        Role::Manager => api::Role::Manager,
        Role::Admin => api::Role::Admin,
    }
}

pub(crate) const fn role_of(role: api::Role) -> Role {
    match role {
        api::Role::Agent => Role::Agent,
        api::Role::Manager => Role::Manager,
        api::Role::Admin => Role::Admin,
    }
}

pub(crate) fn permissions(permissions: Permissions) -> Vec<api::Permission> {
    permissions.iter().map(permission).collect()
}

pub(crate) fn permissions_of(permissions: &[api::Permission]) -> Permissions {
    permissions.iter().copied().map(permission_of).collect()
}

const fn permission(permission: P) -> A {
    match permission {
        P::HandleConversations => A::HandleConversations,
        P::UseSecureForms => A::UseSecureForms,
        P::RevealCardNumbers => A::RevealCardNumbers,
        P::ViewHistoryAnswers => A::ViewHistoryAnswers,
        P::Export => A::Export,
        P::ManageForms => A::ManageForms,
        P::ManagePeople => A::ManagePeople,
        P::ManageSecurity => A::ManageSecurity,
        P::ManageKeys => A::ManageKeys,
        P::ReadAudit => A::ReadAudit,
        P::CopyAnswers => A::CopyAnswers,
        P::EraseData => A::EraseData,
    }
}

const fn permission_of(permission: A) -> P {
    match permission {
        A::HandleConversations => P::HandleConversations,
        A::UseSecureForms => P::UseSecureForms,
        A::RevealCardNumbers => P::RevealCardNumbers,
        A::ViewHistoryAnswers => P::ViewHistoryAnswers,
        A::Export => P::Export,
        A::ManageForms => P::ManageForms,
        A::ManagePeople => P::ManagePeople,
        A::ManageSecurity => P::ManageSecurity,
        A::ManageKeys => P::ManageKeys,
        A::ReadAudit => P::ReadAudit,
        A::CopyAnswers => P::CopyAnswers,
        A::EraseData => P::EraseData,
    }
}

pub(crate) const fn stage(stage: SessionStage) -> api::Stage {
    match stage {
        SessionStage::SecondFactor => api::Stage::SecondFactor,
        SessionStage::NewPassword => api::Stage::NewPassword,
        SessionStage::SetUpFactor => api::Stage::SetUpFactor,
        SessionStage::Ready => api::Stage::Ready,
    }
}

pub(crate) const fn account_state(state: AccountState) -> api::PersonState {
    match state {
        AccountState::Invited => api::PersonState::Invited,
        AccountState::Active => api::PersonState::Active,
        AccountState::Idle => api::PersonState::Idle,
        AccountState::Deactivated => api::PersonState::Deactivated,
    }
}

pub(crate) const fn scope(scope: Scope) -> api::Scope {
    match scope {
        Scope::AuditRead => api::Scope::AuditRead,
        Scope::PeopleRead => api::Scope::PeopleRead,
        Scope::SecurityRead => api::Scope::SecurityRead,
        Scope::PrivacyExport => api::Scope::PrivacyExport,
        Scope::PrivacyErase => api::Scope::PrivacyErase,
    }
}

pub(crate) const fn scope_of(scope: api::Scope) -> Scope {
    match scope {
        api::Scope::AuditRead => Scope::AuditRead,
        api::Scope::PeopleRead => Scope::PeopleRead,
        api::Scope::SecurityRead => Scope::SecurityRead,
        api::Scope::PrivacyExport => Scope::PrivacyExport,
        api::Scope::PrivacyErase => Scope::PrivacyErase,
    }
}

/// What is wrong with a password, by the name that programs switch on.
pub(crate) const fn fault(fault: PasswordFault) -> &'static str {
    match fault {
        PasswordFault::TooShort => "too_short",
        PasswordFault::TooLong => "too_long",
        PasswordFault::NoDigit => "no_digit",
        PasswordFault::NoLetter => "no_letter",
        PasswordFault::Common => "common",
        PasswordFault::ContainsName => "contains_name",
        PasswordFault::UsedBefore => "used_before",
        PasswordFault::TooManyChanges => "too_many_changes",
    }
}
