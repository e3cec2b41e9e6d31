//! API keys (A9): another program's way in, with scopes, an end, and only a hash of their secret kept.

use std::fmt;
use std::str::FromStr;

use aside_base::{AgentId, ApiKeyId, SiteId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Permission, Permissions, UnknownName};

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read and export the audit log.
    AuditRead,
    /// Read people and profiles.
    PeopleRead,
    /// Read the policy and the minimum.
    SecurityRead,
    /// Find visitors and export what the desk keeps of them (V8).
    PrivacyExport,
    /// Find visitors and erase what is kept of them (V8).
    PrivacyErase,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 5] =
        [Self::AuditRead, Self::PeopleRead, Self::SecurityRead, Self::PrivacyExport, Self::PrivacyErase];

    /// The scope's name, as stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuditRead => "audit_read",
            Self::PeopleRead => "people_read",
            Self::SecurityRead => "security_read",
            Self::PrivacyExport => "privacy_export",
            Self::PrivacyErase => "privacy_erase",
        }
    }

    /// What whoever makes such a key must be able to do themselves.
    #[must_use]
    pub const fn needs(self) -> Permissions {
        match self {
            Self::AuditRead => Permissions::of(&[Permission::ReadAudit, Permission::Export]),
            Self::PeopleRead => Permissions::of(&[Permission::ManagePeople]),
            Self::SecurityRead => Permissions::of(&[Permission::ManageSecurity]),
            Self::PrivacyExport => Permissions::of(&[Permission::Export]),
            Self::PrivacyErase => Permissions::of(&[Permission::EraseData]),
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(UnknownName("scope"))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An API key as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its name in the key's text.
    pub id: ApiKeyId,
    /// Its site.
    pub site: SiteId,
    /// What people call it, 1 to 60 characters.
    pub name: String,
    /// The first characters of its secret, so that people can tell keys apart.
    pub prefix: String,
    /// What it may be used for, each once.
    pub scopes: Vec<Scope>,
    /// Who made it.
    pub created_by: AgentId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it opens anything at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// Whether it may be used for this at `now`.
    #[must_use]
    pub fn may(&self, scope: Scope, now: Timestamp) -> bool {
        self.is_live(now) && self.scopes.contains(&scope)
    }
}

/// The longest life of a key, in days.
pub const LONGEST_KEY_DAYS: u32 = 365;

/// How many keys a site may have that still open something.
pub const MOST_KEYS: u32 = 100;

/// Why a key is not made or revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefusal {
    /// No such key on this site.
    #[error("no such key")]
    NotFound,
    /// No scope, a name that is none, or a life that is none or too long.
    #[error("{0}: not one a key can have")]
    Field(&'static str),
    /// Nobody gives a key what they may not do themselves.
    #[error("nobody gives a key what they may not do themselves")]
    BeyondOwn,
    /// The site has a hundred.
    #[error("a site has at most 100 keys")]
    TooMany,
}

/// Whether somebody with `permissions` may make this key.
///
/// # Errors
/// The first field that is out of its range, or a scope beyond the maker's own permissions.
pub fn may_create_key(key: &ApiKey, permissions: Permissions) -> Result<(), KeyRefusal> {
    let length = key.name.trim().chars().count();
    if !(1..=60).contains(&length) || key.name.chars().any(char::is_control) {
        return Err(KeyRefusal::Field("name"));
    }
    let once = |scope: &Scope| key.scopes.iter().filter(|other| *other == scope).count() == 1;
    if key.scopes.is_empty() || !key.scopes.iter().all(once) {
        return Err(KeyRefusal::Field("scopes"));
    }
    let longest = key.created_at.plus_seconds(LONGEST_KEY_DAYS * 86_400);
    if key.expires_at <= key.created_at || key.expires_at > longest {
        return Err(KeyRefusal::Field("days"));
    }
    let needed = key.scopes.iter().fold(Permissions::NONE, |needed, scope| needed.and(scope.needs()));
    if needed.is_within(permissions) { Ok(()) } else { Err(KeyRefusal::BeyondOwn) }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;
    use proptest::prelude::*;

    use super::*;

    fn key(scopes: Vec<Scope>, days: u32) -> ApiKey {
        let (now, rng) = (Timestamp(1_000), SeededRng::new(1));
        ApiKey {
            id: ApiKeyId::generate(now, &rng),
            site: "northwind".parse().unwrap(),
            name: "Archive".into(),
            prefix: "Zk3q".into(),
            scopes,
            created_by: AgentId::generate(now, &rng),
            created_at: now,
            expires_at: now.plus_seconds(days * 86_400),
            last_used_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn a_key_has_a_name_scopes_and_at_most_a_year() {
        let all = Permissions::of(&Permission::ALL);
        assert_eq!(may_create_key(&key(vec![Scope::AuditRead], 365), all), Ok(()));
        for days in [0, 366] {
            assert_eq!(may_create_key(&key(vec![Scope::AuditRead], days), all), Err(KeyRefusal::Field("days")));
        }
        for scopes in [vec![], vec![Scope::AuditRead, Scope::AuditRead]] {
            assert_eq!(may_create_key(&key(scopes, 1), all), Err(KeyRefusal::Field("scopes")));
        }
        let nameless = ApiKey { name: " ".into(), ..key(vec![Scope::AuditRead], 1) };
        assert_eq!(may_create_key(&nameless, all), Err(KeyRefusal::Field("name")));
    }

    proptest! {
        #[test]
        fn nobody_gives_a_key_more_than_they_may_do_themselves(
            chosen in proptest::sample::subsequence(Permission::ALL.to_vec(), 0..=10),
            scopes in proptest::sample::subsequence(Scope::ALL.to_vec(), 1..=3),
        ) {
            let own: Permissions = chosen.into_iter().collect();
            let within = scopes.iter().all(|scope| scope.needs().is_within(own));
            prop_assert_eq!(may_create_key(&key(scopes, 30), own).is_ok(), within);
        }

        #[test]
        fn a_key_opens_its_scopes_until_it_ends_or_is_revoked(seconds in 0_u32..200_000, revoked: bool) {
            let live = key(vec![Scope::PeopleRead], 1);
            let now = live.created_at.plus_seconds(seconds);
            let key = ApiKey { revoked_at: revoked.then_some(live.created_at), ..live };
            prop_assert_eq!(key.may(Scope::PeopleRead, now), !revoked && seconds < 86_400);
            prop_assert!(!key.may(Scope::AuditRead, now));
        }
    }
}
