//! `aside tour`: the seven steps over real HTTP, as agent and visitor, with everything that must be refused.
//!
//! It lives in a temporary folder on free ports, ends by itself, and leaves nothing behind.

mod disk;
mod report;
mod steps;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use aside_base::{Clock, Rng, SiteId};

use crate::house::{House, HouseError, Limits, Plan, Ports, Programs, Role, SitePlan};
use crate::journey::Setting;

use report::Notes;
pub use report::{Check, Report, Step};

/// Why there was no tour at all.
#[derive(Debug, thiserror::Error)]
pub enum TourError {
    /// The house does not stand.
    #[error(transparent)]
    House(#[from] HouseError),
    /// No four neighbouring ports are free.
    #[error("no free ports between 20000 and 32000")]
    NoPorts,
    /// A site's name is wrong.
    #[error(transparent)]
    Site(#[from] aside_base::ParseSiteError),
}

/// Two sites, so that one can try the other's keys; two agents at the first.
fn sites() -> Result<Vec<SitePlan>, TourError> {
    let plan = |site: &str, brand, people| -> Result<SitePlan, TourError> {
        Ok(SitePlan { site: site.parse::<SiteId>()?, brand, people, clocks: None })
    };
    Ok(vec![
        plan("northwind", "Northwind", &[(Role::Agent, "dana", "Dana"), (Role::Agent, "sam", "Sam")])?,
        plan("eastgate", "Eastgate", &[(Role::Agent, "kim", "Kim")])?,
    ])
}

/// Walks the tour in `folder`, saying each check to `listener`.
///
/// # Errors
/// When the house cannot be built. A check that fails is no error: the report says so.
pub async fn walk(
    folder: &Path,
    programs: Programs,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    listener: Option<&mut (dyn Write + Send)>,
) -> Result<Report, TourError> {
    let plan = Plan {
        folder: folder.to_owned(),
        programs,
        ports: Ports::free(&*rng).ok_or(TourError::NoPorts)?,
        sites: sites()?,
        // The tour is one address and more hurried than people are.
        limits: Limits { public_posts_per_minute: 10_000, logins_per_minute: 1_000, ..Limits::default() },
    };
    let house = House::prepare(&plan, &*clock, &*rng).await?;
    let running = house.start().await?;
    let setting = Setting { origins: house.origins.clone(), clock, rng };
    let mut notes = Notes::new(listener);
    match steps::walk(&setting, &house, &mut notes).await {
        Ok(marks) => {
            // Stopped first, so that everything either program would ever write has been written.
            let stopped = running.stop().await.map_err(HouseError::from)?;
            disk::look(&house, &marks, stopped, &mut notes).await;
        }
        Err(error) => {
            notes.broken(&error);
            running.stop().await.map_err(HouseError::from)?;
        }
    }
    Ok(notes.report())
}
