//! An account: whose it is, what it may do, and whether it still may.

use std::str::FromStr;

use aside_base::{AgentId, ProfileId, Timestamp};
use aside_wire::AgentRights;

use crate::{Agent, PasswordHash, Permission, Permissions, Role, UnknownName};

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// It waits for its person to set a password by a link.
    Invited,
    /// Its person signs in.
    Active,
    /// Nobody signed in for so long that it was disabled (PCI 8.2.6).
    Idle,
    /// An admin turned it off.
    Deactivated,
}

impl AccountState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Invited, Self::Active, Self::Idle, Self::Deactivated];

    /// The state's name, as stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Idle => "idle",
            Self::Deactivated => "deactivated",
        }
    }
}

impl FromStr for AccountState {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(UnknownName("state"))
    }
}

/// An account as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose it is.
    pub agent: Agent,
    /// Its profile's role.
    pub role: Role,
    /// Its one profile.
    pub profile: ProfileId,
    /// The profile's name.
    pub profile_name: String,
    /// What the profile gives.
    pub permissions: Permissions,
    /// Whether it may be used.
    pub state: AccountState,
    /// When its person last signed in.
    pub last_seen_at: Option<Timestamp>,
}

impl Account {
    /// What it may do now: nothing unless it is active.
    #[must_use]
    pub fn effective(&self) -> Permissions {
        if self.state == AccountState::Active { self.permissions } else { Permissions::NONE }
    }
}

/// What the vault is told of these permissions. Whoever sees no answers gets none by another door: a card number and a copy
/// are for those who see answers at all, and an export for those who may read what was stored.
#[must_use]
pub const fn vault_rights(permissions: Permissions) -> AgentRights {
    let secure_forms = permissions.has(Permission::UseSecureForms);
    let history = permissions.has(Permission::ViewHistoryAnswers);
    let sees = secure_forms || history;
    AgentRights {
        secure_forms,
        card_numbers: sees && permissions.has(Permission::RevealCardNumbers),
        history,
        copy: sees && permissions.has(Permission::CopyAnswers),
        export: history && permissions.has(Permission::Export),
    }
}

/// What a sign-in is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Whose.
    pub agent: Agent,
    /// Whether the account may be used.
    pub state: AccountState,
    /// The password's hash; none before the first is set.
    pub password: Option<PasswordHash>,
}

impl Credentials {
    /// The hash that a password must fit. None for an account that may not be used: to a stranger it is one that does not
    /// exist.
    #[must_use]
    pub fn usable(&self) -> Option<&PasswordHash> {
        self.password.as_ref().filter(|_| self.state == AccountState::Active)
    }
}

/// Why a person's account cannot be made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeopleRefusal {
    /// No such person on this site.
    #[error("no such person")]
    NotFound,
    /// No such profile on this site.
    #[error("no such profile")]
    NoProfile,
    /// Another has that login name.
    #[error("the name is taken")]
    NameTaken,
    /// It is the account of the one who asks.
    #[error("nobody changes or deactivates their own account here")]
    Own,
    /// Nobody could manage people any more.
    #[error("somebody must be able to manage people")]
    LastManager,
    /// The account is turned off: activate it first.
    #[error("the account is not active")]
    NotActive,
}

impl PeopleRefusal {
    /// The refusal's name, as sent and audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NoProfile => "no_profile",
            Self::NameTaken => "name_taken",
            Self::Own => "own",
            Self::LastManager => "last_manager",
            Self::NotActive => "not_active",
        }
    }
}

/// Who would lose what: the facts that [`may_lose`] decides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Who asks; none at the command line and for the desk's own clocks.
    pub by: Option<AgentId>,
    /// Whose account it is.
    pub of: AgentId,
    /// What it may do now.
    pub before: Permissions,
    /// What it may do afterwards.
    pub after: Permissions,
    /// Whether another active account may manage people.
    pub others_manage: bool,
}

/// Whether an account's permissions may become others.
///
/// # Errors
/// [`PeopleRefusal::Own`] for one's own account, [`PeopleRefusal::LastManager`] when nobody could manage people any more.
pub fn may_lose(loss: &Loss) -> Result<(), PeopleRefusal> {
    if loss.by == Some(loss.of) {
        return Err(PeopleRefusal::Own);
    }
    let loses = loss.before.has(Permission::ManagePeople) && !loss.after.has(Permission::ManagePeople);
    if loses && !loss.others_manage { Err(PeopleRefusal::LastManager) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;
    use proptest::prelude::*;

    use super::*;

    fn any_permissions() -> impl Strategy<Value = Permissions> {
        proptest::sample::subsequence(Permission::ALL.to_vec(), 0..=12).prop_map(|chosen| chosen.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nobody_changes_their_own_account_and_somebody_always_manages_people(
            own: bool,
            others_manage: bool,
            before in any_permissions(),
            after in any_permissions(),
        ) {
            let rng = SeededRng::new(1);
            let [of, other] = [0; 2].map(|_: u8| AgentId::generate(Timestamp(1), &rng));
            let by = Some(if own { of } else { other });
            let verdict = may_lose(&Loss { by, of, before, after, others_manage });
            if own {
                prop_assert_eq!(verdict, Err(PeopleRefusal::Own));
            } else if verdict.is_ok() {
                let managed = before.has(Permission::ManagePeople);
                prop_assert!(!managed || others_manage || after.has(Permission::ManagePeople));
            }
        }

        #[test]
        fn card_numbers_copies_and_exports_are_for_those_who_see_answers(permissions in any_permissions()) {
            let rights = vault_rights(permissions);
            prop_assert_eq!(rights.secure_forms, permissions.has(Permission::UseSecureForms));
            prop_assert_eq!(rights.history, permissions.has(Permission::ViewHistoryAnswers));
            prop_assert!(rights.secure_forms || rights.history || !(rights.card_numbers || rights.copy));
            prop_assert!(rights.history || !rights.export);
        }
    }
}
