//! What an account may do: three roles, twelve permissions, and per role a ceiling that no profile goes over (A1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One thing an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Read and write in conversations.
    HandleConversations,
    /// Send secure forms and view their answers.
    UseSecureForms,
    /// See a card number in full.
    RevealCardNumbers,
    /// See answers in conversations of the past.
    ViewHistoryAnswers,
    /// Take data out as files.
    Export,
    /// Make and change forms.
    ManageForms,
    /// Invite, change and deactivate people; make profiles.
    ManagePeople,
    /// Change the site's policy.
    ManageSecurity,
    /// Make and revoke API keys.
    ManageKeys,
    /// Read the audit log, its alerts and the access review.
    ReadAudit,
    /// Copy a revealed answer.
    CopyAnswers,
    /// Erase what is kept of a visitor (V8).
    EraseData,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 12] = [
        Self::HandleConversations,
        Self::UseSecureForms,
        Self::RevealCardNumbers,
        Self::ViewHistoryAnswers,
        Self::Export,
        Self::ManageForms,
        Self::ManagePeople,
        Self::ManageSecurity,
        Self::ManageKeys,
        Self::ReadAudit,
        Self::CopyAnswers,
        Self::EraseData,
    ];

    /// The permission's name, as stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HandleConversations => "handle_conversations",
            Self::UseSecureForms => "use_secure_forms",
            Self::RevealCardNumbers => "reveal_card_numbers",
            Self::ViewHistoryAnswers => "view_history_answers",
            Self::Export => "export",
            Self::ManageForms => "manage_forms",
            Self::ManagePeople => "manage_people",
            Self::ManageSecurity => "manage_security",
            Self::ManageKeys => "manage_keys",
            Self::ReadAudit => "read_audit",
            Self::CopyAnswers => "copy_answers",
            Self::EraseData => "erase_data",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A name that is no permission or role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an unknown {0}")]
pub struct UnknownName(pub(crate) &'static str);

impl FromStr for Permission {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == text).ok_or(UnknownName("permission"))
    }
}

/// A set of permissions. As text, their names in order with spaces between; sent as a list of names.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Permissions(u16);

impl Permissions {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// These.
    #[must_use]
    pub const fn of(permissions: &[Permission]) -> Self {
        let mut bits = 0;
        let mut place = 0;
        while place < permissions.len() {
            bits |= permissions[place].bit();
            place += 1;
        }
        Self(bits)
    }

    /// Whether `permission` is among them.
    #[must_use]
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether one of `others` is among them.
    #[must_use]
    pub const fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether all of them are among `others`.
    #[must_use]
    pub const fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// They and `others`.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// They without `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// One after the other, in the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.has(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | permission.bit()))
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, permission) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(permission.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permissions({self})")
    }
}

impl FromStr for Permissions {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// Which kind of work an account is for. What it may do exactly, its profile says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Talks with visitors.
    Agent,
    /// Leads agents.
    Manager,
    /// Runs the site's account.
    Admin,
}

const AGENT: Permissions =
    Permissions::of(&[Permission::HandleConversations, Permission::UseSecureForms, Permission::RevealCardNumbers]);

/// Off for everybody until a profile gives it.
const COPY: Permissions = Permissions::of(&[Permission::CopyAnswers]);

impl Role {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Agent, Self::Manager, Self::Admin];

    /// The role's name, as stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// What the role's built-in profile gives.
    #[must_use]
    pub const fn defaults(self) -> Permissions {
        match self {
            Self::Agent => AGENT,
            Self::Manager => Permissions::of(&[Permission::HandleConversations, Permission::Export]),
            Self::Admin => Permissions::of(&[
                Permission::ManageForms,
                Permission::ManagePeople,
                Permission::ManageSecurity,
                Permission::ManageKeys,
                Permission::ReadAudit,
                Permission::Export,
                Permission::EraseData,
            ]),
        }
    }

    /// The most that a profile of the role may give.
    #[must_use]
    pub const fn ceiling(self) -> Permissions {
        match self {
            Self::Agent => AGENT.and(COPY),
            Self::Manager => AGENT.and(COPY).and(Permissions::of(&[
                Permission::ViewHistoryAnswers,
                Permission::Export,
                Permission::ReadAudit,
            ])),
            Self::Admin => Permissions::of(&Permission::ALL),
        }
    }
}

impl FromStr for Role {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownName("role"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_agent_uses_secure_forms_and_a_manager_sees_no_history_unless_told_so() {
        assert!(Role::Agent.defaults().has(Permission::UseSecureForms));
        assert!(!Role::Manager.defaults().has(Permission::ViewHistoryAnswers));
        assert!(Role::Manager.ceiling().has(Permission::ViewHistoryAnswers));
        for role in Role::ALL {
            assert!(role.defaults().is_within(role.ceiling()), "{role:?}");
        }
    }

    #[test]
    fn nobody_copies_answers_unless_told_so_and_only_an_admin_can_erase() {
        for role in Role::ALL {
            assert!(!role.defaults().has(Permission::CopyAnswers) && role.ceiling().has(Permission::CopyAnswers));
            assert_eq!(role.ceiling().has(Permission::EraseData), role == Role::Admin, "{role:?}");
        }
        assert!(Role::Admin.defaults().has(Permission::EraseData));
    }

    #[test]
    fn only_an_admins_profile_can_manage_anything() {
        for permission in Permission::ALL.into_iter().filter(|permission| permission.as_str().starts_with("manage_")) {
            for role in [Role::Agent, Role::Manager] {
                assert!(!role.ceiling().has(permission), "{role:?} {permission:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_set_is_its_text_and_its_list_and_knows_its_members(
            chosen in proptest::sample::subsequence(Permission::ALL.to_vec(), 0..=12)
        ) {
            let set: Permissions = chosen.iter().copied().collect();
            prop_assert_eq!(set.to_string().parse::<Permissions>(), Ok(set));
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), chosen.clone());
            for permission in Permission::ALL {
                prop_assert_eq!(set.has(permission), chosen.contains(&permission));
            }
            prop_assert!(set.without(set) == Permissions::NONE && set.is_within(Permissions::of(&Permission::ALL)));
        }
    }

    #[test]
    fn an_unknown_name_is_no_permission() {
        assert!("export everything".parse::<Permissions>().is_err());
        assert!("root".parse::<Role>().is_err());
    }
}
