//! A house for the long proofs: one site on free ports, its agents at work, nothing in the way of a load from one address.

use std::path::Path;
use std::sync::Arc;

use aside_base::{Clock, ParseSiteError, Rng, SiteId};

use crate::house::{House, HouseError, Limits, Plan, Ports, ProgramError, Programs, Role, Running, SitePlan};
use crate::journey::{Agent, JourneyError, Setting};

/// Role, account name and the name that visitors see.
pub(crate) type Person = (Role, &'static str, &'static str);

/// The limits of a load that all comes from one address.
pub(crate) const UNHURRIED: Limits = Limits {
    public_posts_per_minute: 10_000_000,
    logins_per_minute: 10_000,
    messages_per_minute: 10_000_000,
    view_key_seconds: 10,
    off_the_record_minutes: 10,
};

/// Why there was nothing to prove anything on.
#[derive(Debug, thiserror::Error)]
pub enum TestbedError {
    /// The house does not stand, or fell and did not rise.
    #[error(transparent)]
    House(#[from] HouseError),
    /// No four neighbouring ports are free.
    #[error("no free ports between 20000 and 32000")]
    NoPorts,
    /// A site's name is wrong.
    #[error(transparent)]
    Site(#[from] ParseSiteError),
    /// Nobody got to work, or had an answer long after both programs were back.
    #[error(transparent)]
    Journey(#[from] JourneyError),
    /// A client broke off.
    #[error("a client broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

impl From<ProgramError> for TestbedError {
    fn from(error: ProgramError) -> Self {
        HouseError::from(error).into()
    }
}

/// The house, ready to start.
pub(crate) struct Testbed {
    pub(crate) house: House,
    pub(crate) site: SiteId,
    pub(crate) setting: Setting,
}

impl Testbed {
    /// Prepares a house below `folder`.
    pub(crate) async fn prepare(
        folder: &Path,
        programs: Programs,
        people: &'static [Person],
        limits: Limits,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, TestbedError> {
        let ports = Ports::free(&*rng).ok_or(TestbedError::NoPorts)?;
        let site: SiteId = "northwind".parse()?;
        let sites = vec![SitePlan { site: site.clone(), brand: "Northwind", people, clocks: None }];
        let plan = Plan { folder: folder.join("house"), programs, ports, sites, limits };
        let house = House::prepare(&plan, &*clock, &*rng).await?;
        let setting = Setting { origins: house.origins.clone(), clock, rng };
        Ok(Self { house, site, setting })
    }

    /// Starts both programs and brings everybody to work.
    pub(crate) async fn open(&self) -> Result<(Running, Vec<Agent>), TestbedError> {
        let running = self.house.start().await?;
        let mut agents = Vec::with_capacity(self.house.accounts.len());
        for account in &self.house.accounts {
            agents.push(Agent::at_work(&self.setting, account).await?);
        }
        Ok((running, agents))
    }
}
