//! Sites, and the accounts that an operator creates at the command line.

use aside_base::{AgentId, SiteId, Timestamp};
use aside_desk_domain::{Agent, AgentName, Credentials, PasswordHash, Role, Site};
use async_trait::async_trait;

use crate::StoreError;

/// What became of a creation that may be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Creation<T> {
    /// It was created.
    Created(T),
    /// It was there already, and stays as it was.
    Exists(T),
}

/// An account to create with a password.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// The account.
    pub agent: Agent,
    /// Its password's hash.
    pub password: PasswordHash,
    /// Its role; it gets the role's built-in profile.
    pub role: Role,
    /// Whether the password is a first one, to be changed at the first sign-in.
    pub first_password: bool,
}

/// Sites and their accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Creates a site with the default policy and the built-in profiles, audited as the operator's; one that exists stays
    /// as it was.
    async fn create_site(&self, site: Site, now: Timestamp) -> Result<Creation<Site>, StoreError>;

    /// A site.
    async fn site(&self, site: &SiteId) -> Result<Option<Site>, StoreError>;

    /// All sites, by name.
    async fn sites(&self) -> Result<Vec<Site>, StoreError>;

    /// Creates an active account, audited as the operator's; one of the same site and name stays as it was, password
    /// included. Nothing, when there is no such site.
    async fn create_agent(&self, agent: NewAgent, now: Timestamp) -> Result<Option<Creation<Agent>>, StoreError>;

    /// The account of that name with its password's hash, to check a login against. Without `site` the name must be
    /// that of one account only. Found in any state: [`Credentials::usable`] says whether it may be used.
    async fn credentials(&self, site: Option<&SiteId>, name: &AgentName) -> Result<Option<Credentials>, StoreError>;

    /// The same by the account, for an unlock or a change of password.
    async fn credentials_of(&self, site: &SiteId, agent: AgentId) -> Result<Option<Credentials>, StoreError>;

    /// An agent of a site.
    async fn agent(&self, site: &SiteId, agent: AgentId) -> Result<Option<Agent>, StoreError>;
}
