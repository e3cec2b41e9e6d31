//! Telling the vault what it must know of each site before a form can be sent: its face, its origins, its forms.

use std::sync::Arc;
use std::time::Duration;

use aside_base::SiteId;
use aside_desk_domain::Site;

use super::Stopping;
use crate::desk::Desk;
use crate::link::LinkError;
use crate::refusal::Refusal;

/// How soon to try again while the vault is down.
const AGAIN: Duration = Duration::from_secs(1);

/// Publishes at start, and whenever the vault comes back: it may be another one, or restored.
pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    let mut up = desk.link.watch_up();
    loop {
        let Some(published) = stopping.or(publish_all(&desk)).await else { return };
        if let Err(refusal) = published {
            if refusal != Refusal::VaultDown {
                tracing::warn!(?refusal, "a site could not be published");
            }
            if !stopping.sleep(AGAIN).await {
                return;
            }
            continue;
        }
        if stopping.or(came_back(&mut up)).await.is_none() {
            return;
        }
    }
}

/// Completes when the vault was away and is back.
async fn came_back(up: &mut tokio::sync::watch::Receiver<bool>) {
    if up.wait_for(|up| !*up).await.is_err() || up.wait_for(|up| *up).await.is_err() {
        // The link lives as long as the desk; without it there is nothing to publish to.
        std::future::pending::<()>().await;
    }
}

pub(super) async fn publish_all(desk: &Desk) -> Result<(), Refusal> {
    for site in desk.store.sites().await? {
        publish(desk, &site).await?;
    }
    Ok(())
}

async fn publish(desk: &Desk, site: &Site) -> Result<(), LinkError> {
    desk.link.put_site(&site.id, &site.profile()).await?;
    for form in &desk.forms {
        desk.link.put_definition(&site.id, form.hash(), form.definition()).await?;
    }
    Ok(())
}

impl Desk {
    /// Tells the vault a site's face and settings.
    pub(super) async fn put_site(&self, site: &SiteId) -> Result<(), LinkError> {
        let found = self.store.site(site).await.map_err(|error| LinkError::Garbled(error.to_string()))?;
        match found {
            Some(site) => self.link.put_site(&site.id, &site.profile()).await,
            None => Ok(()),
        }
    }

    /// Publishes one site now, because the vault did not know something of it.
    pub(crate) async fn publish_site(&self, site: &SiteId) -> Result<(), Refusal> {
        let site = self.store.site(site).await?.ok_or(Refusal::NotFound)?;
        Ok(publish(self, &site).await?)
    }
}
