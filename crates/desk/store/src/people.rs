//! People and profiles: who is there, and who may do what (A1).

use aside_base::{AgentId, ProfileId, SiteId, Timestamp};
use aside_desk_domain::{Account, Agent, By, DisplayName, Link, PeopleRefusal, Profile, ProfileRefusal, RightsSpan};
use async_trait::async_trait;

use crate::{Aftermath, StoreError, VerbError};

/// A person as the list of people shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// Until when no stranger's try to sign in, or no second factor, is taken.
    pub locked_until: Option<Timestamp>,
    /// Whether there is a code app.
    pub totp: bool,
    /// How many passkeys there are.
    pub passkeys: u32,
    /// How many sessions live.
    pub sessions: u32,
}

/// A person to invite.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The account.
    pub agent: Agent,
    /// Its profile.
    pub profile: ProfileId,
    /// The link by which the person sets the first password; its `agent` is the new account.
    pub link: Link,
}

/// A profile with how many people have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileUse {
    /// The profile.
    pub profile: Profile,
    /// How many people have it, whatever their state.
    pub people: u32,
}

/// People. What takes something away ends or changes open sessions, spans of rights and the vault's records in the same
/// transaction.
#[async_trait]
pub trait People: Send + Sync {
    /// Everybody on the site, by login name.
    async fn people(&self, site: &SiteId, now: Timestamp) -> Result<Vec<Person>, StoreError>;

    /// One person.
    async fn person(&self, site: &SiteId, agent: AgentId, now: Timestamp) -> Result<Option<Person>, StoreError>;

    /// Makes an account that waits for its first password.
    async fn invite_person(&self, person: NewPerson, by: By) -> Result<Account, VerbError<PeopleRefusal>>;

    /// Gives a person another profile.
    async fn set_profile(
        &self,
        site: &SiteId,
        agent: AgentId,
        profile: ProfileId,
        by: By,
    ) -> Result<Aftermath, VerbError<PeopleRefusal>>;

    /// Changes what others see of a person.
    async fn rename_person(
        &self,
        site: &SiteId,
        agent: AgentId,
        name: DisplayName,
        by: By,
    ) -> Result<(), VerbError<PeopleRefusal>>;

    /// Turns an account off: its sessions end, its links are void, its rights are gone.
    async fn deactivate(&self, site: &SiteId, agent: AgentId, by: By) -> Result<Aftermath, VerbError<PeopleRefusal>>;

    /// Turns an account on again. It waits for a new password, by a link.
    async fn activate(&self, site: &SiteId, agent: AgentId, by: By) -> Result<(), VerbError<PeopleRefusal>>;

    /// Takes the locks of wrong tries away: strangers', devices' and second factors'.
    async fn unlock_account(&self, site: &SiteId, agent: AgentId, by: By) -> Result<(), VerbError<PeopleRefusal>>;

    /// Ends all sessions of a person.
    async fn end_sessions_of(
        &self,
        site: &SiteId,
        agent: AgentId,
        by: By,
    ) -> Result<Aftermath, VerbError<PeopleRefusal>>;

    /// Disables the active accounts of all sites that nobody signed in to for as long as their policy says.
    async fn disable_idle_accounts(&self, now: Timestamp) -> Result<Aftermath, StoreError>;

    /// Who had which of the rights to see answers, in spans that touch `from` to `until`; oldest first.
    async fn rights_spans(
        &self,
        site: &SiteId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<RightsSpan>, StoreError>;

    /// The site's profiles: the built-in ones by role, then the others by name.
    async fn profiles(&self, site: &SiteId) -> Result<Vec<ProfileUse>, StoreError>;

    /// Makes a profile.
    async fn create_profile(&self, profile: Profile, by: By) -> Result<(), VerbError<ProfileRefusal>>;

    /// Changes a profile's name and permissions, for all who have it. Its role stays.
    async fn change_profile(&self, profile: Profile, by: By) -> Result<Aftermath, VerbError<ProfileRefusal>>;

    /// Deletes a profile that nobody has.
    async fn delete_profile(&self, site: &SiteId, profile: ProfileId, by: By) -> Result<(), VerbError<ProfileRefusal>>;
}
