//! Sites and agents.

use aside_base::{AgentId, SiteId, Timestamp};
use aside_desk_domain::{Action, Actor, Agent, AgentName, AuditRow, Credentials, Outcome, PasswordHash, Site, Target};
use aside_desk_store::{Accounts, Creation, NewAgent, StoreError};
use aside_wire::Clocks;
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::row::{BlobId, all, corrupt, execute, id, one, parsed, site};
use crate::{SqliteStore, audit};

macro_rules! site_columns {
    () => {
        "id, brand, origins, privacy_url, contact_url, invitation_life, open_limit, submit_limit"
    };
}

/// An agent's columns in the order of [`read_agent`], from the table aliased `a`.
macro_rules! agent_columns {
    () => {
        "a.id, a.site, a.name, a.display_name"
    };
}

pub(crate) use agent_columns;

crate::statements::statements! {
    SITE_INSERT = concat!("INSERT INTO sites (", site_columns!(), ", created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING");
    SITE = concat!("SELECT ", site_columns!(), " FROM sites WHERE id = ?");
    SITES = concat!("SELECT ", site_columns!(), " FROM sites ORDER BY id");
    AGENT_INSERT = "INSERT INTO agents (id, site, name, display_name, password, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    AGENT = concat!("SELECT ", agent_columns!(), " FROM agents a WHERE a.id = ? AND a.site = ?");
    AGENT_BY_NAME = concat!("SELECT ", agent_columns!(), ", a.password FROM agents a WHERE a.name = ? AND a.site = ?");
    AGENTS_BY_NAME = concat!("SELECT ", agent_columns!(), ", a.password FROM agents a WHERE a.name = ? LIMIT 2");
}

fn read_site(row: &Row<'_>) -> rusqlite::Result<Site> {
    Ok(Site {
        id: site(row, 0)?,
        brand: row.get(1)?,
        origins: serde_json::from_str(row.get_ref(2)?.as_str()?).map_err(|error| corrupt(2, error))?,
        privacy_url: row.get(3)?,
        contact_url: row.get(4)?,
        clocks: Clocks { invitation_life: row.get(5)?, open_limit: row.get(6)?, submit_limit: row.get(7)? },
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

fn read_credentials(row: &Row<'_>) -> rusqlite::Result<Credentials> {
    Ok(Credentials { agent: read_agent(row, 0)?, password: PasswordHash::from_phc(row.get(4)?) })
}

fn operator(
    connection: &Connection,
    site: &SiteId,
    action: Action,
    target: Target,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let site = Some(site.clone());
    audit::add(
        connection,
        &AuditRow { at, site, actor: Actor::Operator, from: None, action, target, outcome: Outcome::Done },
    )
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
                now.0
            ];
            if execute(connection, SITE_INSERT, new)? == 1 {
                operator(connection, &site.id, Action::CreateSite, Target::Site, now)?;
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
        self.write("create_agent", move |connection| {
            let NewAgent { agent, password } = new;
            let (site, name) = (agent.site.as_str(), agent.name.as_str());
            if one(connection, SITE, [site], |_| Ok(()))?.is_none() {
                return Ok(None);
            }
            if let Some(standing) = one(connection, AGENT_BY_NAME, [name, site], |row| read_agent(row, 0))? {
                return Ok(Some(Creation::Exists(standing)));
            }
            let row = params![agent.id.blob(), site, name, agent.display_name.as_str(), password.as_phc(), now.0];
            execute(connection, AGENT_INSERT, row)?;
            operator(connection, &agent.site, Action::CreateAgent, Target::Agent(agent.id), now)?;
            Ok(Some(Creation::Created(agent)))
        })
        .await
    }

    async fn credentials(&self, site: Option<&SiteId>, name: &AgentName) -> Result<Option<Credentials>, StoreError> {
        let (site, name) = (site.cloned(), name.clone());
        self.read("credentials", move |connection| {
            if let Some(site) = site {
                return Ok(one(connection, AGENT_BY_NAME, [name.as_str(), site.as_str()], read_credentials)?);
            }
            let mut found = all(connection, AGENTS_BY_NAME, [name.as_str()], read_credentials)?;
            Ok(if found.len() == 1 { found.pop() } else { None })
        })
        .await
    }

    async fn agent(&self, site: &SiteId, agent: AgentId) -> Result<Option<Agent>, StoreError> {
        let site = site.clone();
        self.read("agent", move |connection| {
            Ok(one(connection, AGENT, params![agent.blob(), site.as_str()], |row| read_agent(row, 0))?)
        })
        .await
    }
}
