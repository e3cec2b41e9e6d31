//! Reviews looks at answers once a minute, by each site's rules, and raises alerts (A8).

use std::sync::Arc;
use std::time::Duration;

use aside_base::SiteId;
use aside_desk_domain::{review, reviewed_since};
use aside_desk_store::StoreError;
use jiff::tz::TimeZone;

use super::Stopping;
use crate::desk::Desk;
use crate::live::Notice;

/// How often.
const ROUND: Duration = Duration::from_secs(60);

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        match stopping.or(desk.review_sites()).await {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::warn!(%error, "looks at answers could not be reviewed"),
        }
        if !stopping.sleep(ROUND).await {
            return;
        }
    }
}

impl Desk {
    /// Reviews what happened since the last time.
    pub(crate) async fn review_sites(&self) -> Result<(), StoreError> {
        for site in self.store.sites().await? {
            self.review_site(site.id).await?;
        }
        Ok(())
    }

    async fn review_site(&self, site: SiteId) -> Result<(), StoreError> {
        let Some(security) = self.store.security(&site).await? else { return Ok(()) };
        let (rules, now) = (security.policy.review, self.now());
        let until = self.store.reviewed_until(site.clone()).await?.unwrap_or(now).min(now);
        let sightings = self.store.sightings(site.clone(), reviewed_since(&rules, until), now).await?;
        let zone = rules.working_hours.as_ref().map_or(TimeZone::UTC, |hours| {
            TimeZone::get(&hours.time_zone).unwrap_or_else(|error| {
                tracing::warn!(%error, "a time zone is not known here: its hours are taken as UTC");
                TimeZone::UTC
            })
        });
        let found = review(&sightings, &rules, &zone, now);
        if !found.is_empty() && self.store.raise(Some(site.clone()), found, now).await? > 0 {
            self.live.tell(Notice::Alert { site: site.clone() });
        }
        self.store.set_reviewed_until(site, now).await
    }
}
