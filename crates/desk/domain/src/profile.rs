//! Profiles: named sets of permissions inside a role. One of each role is built in and stays as it is.

use std::str::FromStr;

use aside_base::{ProfileId, SiteId};
use uuid::Uuid;

use crate::{Permissions, Role};

/// A text that cannot be a profile's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("name: 1 to 60 characters, none of them control characters")]
pub struct ProfileNameError;

/// A profile's name, unique in its site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProfileName(String);

impl ProfileName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = ProfileNameError;

    fn from_str(text: &str) -> Result<Self, ProfileNameError> {
        let name = text.trim();
        let fits = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if fits { Ok(Self(name.to_owned())) } else { Err(ProfileNameError) }
    }
}

/// What the people who have it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its id, unique in its site.
    pub id: ProfileId,
    /// Its site.
    pub site: SiteId,
    /// The role it lies in.
    pub role: Role,
    /// Its name; a built-in one is named as its role and shown in the reader's words.
    pub name: ProfileName,
    /// What it gives.
    pub permissions: Permissions,
}

impl Profile {
    /// The built-in profile of a role.
    #[must_use]
    pub fn built_in(site: SiteId, role: Role) -> Self {
        let name = ProfileName(role.as_str().to_owned());
        Self { id: built_in_profile(role), site, role, name, permissions: role.defaults() }
    }

    /// Whether it came with the site: never changed, never deleted.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.id == built_in_profile(self.role)
    }
}

/// The id of a role's built-in profile: the same in every site.
#[must_use]
pub const fn built_in_profile(role: Role) -> ProfileId {
    ProfileId::from_uuid(Uuid::from_u128(match role {
        Role::Agent => 1,
        Role::Manager => 2,
        Role::Admin => 3,
    }))
}

/// Why a profile cannot be made, changed or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProfileRefusal {
    /// No such profile on this site.
    #[error("no such profile")]
    NotFound,
    /// Another has that name.
    #[error("the name is taken")]
    NameTaken,
    /// It gives what its role may not have.
    #[error("more than the role may have")]
    BeyondRole,
    /// It came with the site.
    #[error("a built-in profile stays as it is")]
    BuiltIn,
    /// People have it.
    #[error("people have this profile")]
    InUse,
    /// The one who asks has it: nobody changes what they may do themselves.
    #[error("nobody changes what they may do themselves")]
    Own,
    /// Nobody could manage people any more.
    #[error("somebody must be able to manage people")]
    LastManager,
    /// The site has a hundred profiles.
    #[error("a site has at most 100 profiles")]
    TooMany,
}

impl ProfileRefusal {
    /// The refusal's name, as sent and audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NameTaken => "name_taken",
            Self::BeyondRole => "beyond_role",
            Self::BuiltIn => "built_in",
            Self::InUse => "in_use",
            Self::Own => "own",
            Self::LastManager => "last_manager",
            Self::TooMany => "too_many",
        }
    }
}

/// Most profiles of one site.
pub const MOST_PROFILES: u32 = 100;

/// Whether a profile may say what it says.
///
/// # Errors
/// [`ProfileRefusal::BeyondRole`], or [`ProfileRefusal::NameTaken`] for a custom profile that calls itself as a built-in one.
pub fn may_keep(profile: &Profile) -> Result<(), ProfileRefusal> {
    if !profile.permissions.is_within(profile.role.ceiling()) {
        return Err(ProfileRefusal::BeyondRole);
    }
    if !profile.is_built_in() && profile.name.as_str().to_ascii_lowercase().parse::<Role>().is_ok() {
        return Err(ProfileRefusal::NameTaken);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Permission;

    fn profile(role: Role, permissions: Permissions) -> Profile {
        let id = ProfileId::from_uuid(Uuid::from_u128(77));
        Profile { id, site: "northwind".parse().unwrap(), role, name: "Night shift".parse().unwrap(), permissions }
    }

    #[test]
    fn the_built_in_profiles_are_the_roles_defaults() {
        for role in Role::ALL {
            let built_in = Profile::built_in("northwind".parse().unwrap(), role);
            assert!(built_in.is_built_in());
            assert_eq!((may_keep(&built_in), built_in.permissions), (Ok(()), role.defaults()));
        }
        let posing = Profile { name: "Admin".parse().unwrap(), ..profile(Role::Agent, Permissions::NONE) };
        assert_eq!(may_keep(&posing), Err(ProfileRefusal::NameTaken));
    }

    proptest! {
        #[test]
        fn no_profile_goes_over_its_roles_ceiling(
            role in proptest::sample::select(Role::ALL.to_vec()),
            chosen in proptest::sample::subsequence(Permission::ALL.to_vec(), 0..=12),
        ) {
            let permissions: Permissions = chosen.iter().copied().collect();
            let over = chosen.iter().any(|permission| !role.ceiling().has(*permission));
            prop_assert_eq!(may_keep(&profile(role, permissions)).is_err(), over);
        }
    }
}
