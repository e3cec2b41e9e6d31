//! Sites and accounts.

use aside_base::{AgentId, ProfileId, SiteId, Timestamp};
use aside_desk_domain::{
    Account, AccountState, Action, Agent, AgentName, By, Credentials, Outcome, PasswordHash, Policy, Profile, Role,
    Site, Target, built_in_profile,
};
use aside_desk_store::{Accounts, Creation, NewAgent, StoreError};
use aside_wire::{Clocks, Keeping};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::row::{BlobId, all, corrupt, execute, id, moment_or_none, named, one, parsed, reopen, reopen_name, site};
use crate::{SqliteStore, audit, policies, profiles, rights};

macro_rules! site_columns {
    () => {
        "id, brand, origins, privacy_url, contact_url, invitation_life, open_limit, submit_limit, keep_days, reopen"
    };
}

/// An agent's columns in the order of [`read_agent`], from the table aliased `a`.
macro_rules! agent_columns {
    () => {
        "a.id, a.site, a.name, a.display_name"
    };
}

/// An account's columns in the order of [`read_account`], from [`account_tables`].
macro_rules! account_columns {
    () => {
        concat!(
            $crate::accounts::agent_columns!(),
            ", p.role, a.profile, p.name, p.permissions, a.state, a.last_seen_at"
        )
    };
}

/// Where [`account_columns`] come from.
macro_rules! account_tables {
    () => {
        "agents a JOIN profiles p ON p.site = a.site AND p.id = a.profile"
    };
}

macro_rules! select_credentials {
    () => {
        concat!("SELECT ", agent_columns!(), ", a.state, a.password FROM agents a ")
    };
}

pub(crate) use {account_columns, account_tables, agent_columns};

/// How many columns an account has.
pub(crate) const ACCOUNT_COLUMNS: usize = 10;

crate::statements::statements! {
    SITE_INSERT = concat!("INSERT INTO sites (", site_columns!(), ", created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING");
    SITE = concat!("SELECT ", site_columns!(), " FROM sites WHERE id = ?");
    SITES = concat!("SELECT ", site_columns!(), " FROM sites ORDER BY id");
    WITHOUT_POLICY = "SELECT id FROM sites WHERE policy = ''";
    SPANS_OF_OLD = "SELECT id, created_at FROM agents WHERE site = ?";
    AGENT_INSERT = "INSERT INTO agents (id, site, name, display_name, password, created_at, profile, state, password_at, first_password, last_seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?6, ?9, ?10)";
    AGENT = concat!("SELECT ", agent_columns!(), " FROM agents a WHERE a.id = ? AND a.site = ?");
    ACCOUNT = concat!("SELECT ", account_columns!(), " FROM ", account_tables!(), " WHERE a.id = ? AND a.site = ?");
    CREDENTIALS = concat!(select_credentials!(), "WHERE a.id = ? AND a.site = ?");
    CREDENTIALS_BY_NAME = concat!(select_credentials!(), "WHERE a.name = ? AND a.site = ?");
    CREDENTIALS_BY_NAME_ALONE = concat!(select_credentials!(), "WHERE a.name = ? LIMIT 2");
}

fn read_site(row: &Row<'_>) -> rusqlite::Result<Site> {
    Ok(Site {
        id: site(row, 0)?,
        brand: row.get(1)?,
        origins: serde_json::from_str(row.get_ref(2)?.as_str()?).map_err(|error| corrupt(2, error))?,
        privacy_url: row.get(3)?,
        contact_url: row.get(4)?,
        clocks: Clocks { invitation_life: row.get(5)?, open_limit: row.get(6)?, submit_limit: row.get(7)? },
        keeping: Keeping { days: row.get(8)? },
        reopen: reopen(row, 9)?,
    })
}

/// An agent from [`agent_columns`] that begin at `first`.
pub(crate) fn read_agent(row: &Row<'_>, first: usize) -> rusqlite::Result<Agent> {
    Ok(Agent {
        id: id(row, first)?,
        site: site(row, first + 1)?,
        name: parsed(row, first + 2)?,
        display_name: parsed(row, first + 3)?,
    })
}

/// An account from [`account_columns`] at the beginning of a row.
pub(crate) fn read_account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        agent: read_agent(row, 0)?,
        role: named(row, 4, &Role::ALL, Role::as_str)?,
        profile: id(row, 5)?,
        profile_name: row.get(6)?,
        permissions: parsed(row, 7)?,
        state: named(row, 8, &AccountState::ALL, AccountState::as_str)?,
        last_seen_at: moment_or_none(row, 9)?,
    })
}

fn read_credentials(row: &Row<'_>) -> rusqlite::Result<Credentials> {
    // No password yet stands as an empty text: the column cannot be NULL.
    let password: String = row.get(5)?;
    Ok(Credentials {
        agent: read_agent(row, 0)?,
        state: named(row, 4, &AccountState::ALL, AccountState::as_str)?,
        password: Some(password).filter(|phc| !phc.is_empty()).map(PasswordHash::from_phc),
    })
}

/// An account of a site.
pub(crate) fn account(connection: &Connection, site: &SiteId, agent: AgentId) -> rusqlite::Result<Option<Account>> {
    one(connection, ACCOUNT, params![agent.blob(), site.as_str()], read_account)
}

/// What an account's login is checked against.
pub(crate) fn credentials(
    connection: &Connection,
    site: &SiteId,
    agent: AgentId,
) -> rusqlite::Result<Option<Credentials>> {
    one(connection, CREDENTIALS, params![agent.blob(), site.as_str()], read_credentials)
}

/// Whether the site has an account of that login name.
pub(crate) fn name_is_taken(connection: &Connection, site: &SiteId, name: &AgentName) -> rusqlite::Result<bool> {
    Ok(one(connection, CREDENTIALS_BY_NAME, [name.as_str(), site.as_str()], |_| Ok(()))?.is_some())
}

/// An account's row when it is new.
pub(crate) struct NewRow<'a> {
    pub(crate) agent: &'a Agent,
    pub(crate) password: Option<&'a PasswordHash>,
    pub(crate) profile: ProfileId,
    pub(crate) state: AccountState,
    pub(crate) first_password: bool,
    pub(crate) now: Timestamp,
}

/// Writes a new account.
pub(crate) fn insert(connection: &Connection, new: &NewRow<'_>) -> rusqlite::Result<()> {
    let NewRow { agent, password, profile, state, first_password, now } = new;
    let seen = (*state == AccountState::Active).then_some(now.0);
    let row = params![
        agent.id.blob(),
        agent.site.as_str(),
        agent.name.as_str(),
        agent.display_name.as_str(),
        password.map_or("", PasswordHash::as_phc),
        now.0,
        profile.blob(),
        state.as_str(),
        first_password,
        seen
    ];
    execute(connection, AGENT_INSERT, row).map(|_| ())
}

/// Gives sites that have none yet the default policy and the built-in profiles: new ones, and those from before there were
/// policies, whose agents could see answers since they were created.
pub(crate) fn complete_sites(connection: &Connection) -> rusqlite::Result<()> {
    for of in all(connection, WITHOUT_POLICY, [], |row| site(row, 0))? {
        for role in Role::ALL {
            profiles::insert(connection, &Profile::built_in(of.clone(), role))?;
        }
        policies::save(connection, &of, &Policy::default(), None)?;
        let old = all(connection, SPANS_OF_OLD, [of.as_str()], |row| Ok((id(row, 0)?, row.get(1).map(Timestamp)?)))?;
        for (agent, since) in old {
            rights::begin_spans(connection, &of, agent, Role::Agent.defaults(), since)?;
        }
    }
    Ok(())
}

fn create_agent(connection: &Connection, new: NewAgent, now: Timestamp) -> rusqlite::Result<Option<Creation<Agent>>> {
    let NewAgent { agent, password, role, first_password } = new;
    if one(connection, SITE, [agent.site.as_str()], |_| Ok(()))?.is_none() {
        return Ok(None);
    }
    let by_name = [agent.name.as_str(), agent.site.as_str()];
    if let Some(standing) = one(connection, CREDENTIALS_BY_NAME, by_name, |row| read_agent(row, 0))? {
        return Ok(Some(Creation::Exists(standing)));
    }
    let profile = built_in_profile(role);
    let (state, password) = (AccountState::Active, Some(&password));
    insert(connection, &NewRow { agent: &agent, password, profile, state, first_password, now })?;
    let (by, target) = (By::operator(now), Target::Agent(agent.id));
    audit::note(connection, &agent.site, &by, Action::CreateAgent, target, Outcome::Done)?;
    rights::begin_spans(connection, &agent.site, agent.id, role.defaults(), now)?;
    Ok(Some(Creation::Created(agent)))
}

#[async_trait]
impl Accounts for SqliteStore {
    async fn create_site(&self, site: Site, now: Timestamp) -> Result<Creation<Site>, StoreError> {
        let origins = serde_json::to_string(&site.origins).map_err(|error| StoreError::Failed(error.to_string()))?;
        self.write("create_site", move |connection| {
            let Clocks { invitation_life, open_limit, submit_limit } = site.clocks;
            let new = params![
                site.id.as_str(),
                site.brand,
                origins,
                site.privacy_url,
                site.contact_url,
                invitation_life,
                open_limit,
                submit_limit,
                site.keeping.days,
                reopen_name(site.reopen),
                now.0
            ];
            if execute(connection, SITE_INSERT, new)? == 1 {
                complete_sites(connection)?;
                let by = By::operator(now);
                audit::note(connection, &site.id, &by, Action::CreateSite, Target::Site, Outcome::Done)?;
                return Ok(Creation::Created(site));
            }
            let standing = one(connection, SITE, [site.id.as_str()], read_site)?;
            Ok(Creation::Exists(standing.unwrap_or(site)))
        })
        .await
    }

    async fn site(&self, site: &SiteId) -> Result<Option<Site>, StoreError> {
        let site = site.clone();
        self.read("site", move |connection| Ok(one(connection, SITE, [site.as_str()], read_site)?)).await
    }

    async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        self.read("sites", |connection| Ok(all(connection, SITES, [], read_site)?)).await
    }

    async fn create_agent(&self, new: NewAgent, now: Timestamp) -> Result<Option<Creation<Agent>>, StoreError> {
        self.write("create_agent", move |connection| Ok(create_agent(connection, new, now)?)).await
    }

    async fn credentials(&self, site: Option<&SiteId>, name: &AgentName) -> Result<Option<Credentials>, StoreError> {
        let (site, name) = (site.cloned(), name.clone());
        self.read("credentials", move |connection| {
            if let Some(site) = site {
                return Ok(one(connection, CREDENTIALS_BY_NAME, [name.as_str(), site.as_str()], read_credentials)?);
            }
            let mut found = all(connection, CREDENTIALS_BY_NAME_ALONE, [name.as_str()], read_credentials)?;
            Ok(if found.len() == 1 { found.pop() } else { None })
        })
        .await
    }

    async fn credentials_of(&self, site: &SiteId, agent: AgentId) -> Result<Option<Credentials>, StoreError> {
        let site = site.clone();
        self.read("credentials_of", move |connection| Ok(credentials(connection, &site, agent)?)).await
    }

    async fn agent(&self, site: &SiteId, agent: AgentId) -> Result<Option<Agent>, StoreError> {
        let site = site.clone();
        self.read("agent", move |connection| {
            Ok(one(connection, AGENT, params![agent.blob(), site.as_str()], |row| read_agent(row, 0))?)
        })
        .await
    }
}
