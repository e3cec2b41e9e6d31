//! What surrounds an invitation when it is shown: its form, its site's face, its desk. Kept in memory; definitions never
//! change, and a site's face changes only through us.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aside_base::{DefinitionHash, Origin, SiteId};
use aside_form::Published;
use aside_vault_domain::Invitation;
use aside_vault_pages::{Look, Occasion};
use aside_vault_store::{Error, Result};
use aside_wire::{Channel, SiteProfile};

use crate::Vault;
use crate::desk::Desk;

/// The most definitions kept in memory.
const DEFINITIONS: usize = 1024;

/// What was read once.
#[derive(Default)]
pub(crate) struct Faces {
    sites: Mutex<HashMap<SiteId, Arc<SiteProfile>>>,
    definitions: Mutex<HashMap<(SiteId, DefinitionHash), Arc<Published>>>,
}

impl Faces {
    /// Forgets a site's face, which was changed.
    pub(crate) fn forget_site(&self, site: &SiteId) {
        self.sites.lock().unwrap_or_else(PoisonError::into_inner).remove(site);
    }
}

/// An invitation with its surroundings.
pub(crate) struct Setting {
    pub(crate) invitation: Invitation,
    pub(crate) definition: Arc<Published>,
    pub(crate) profile: Arc<SiteProfile>,
    pub(crate) desk: Arc<Desk>,
}

impl Setting {
    /// The same surroundings of the invitation as it is now.
    pub(crate) fn with(&self, invitation: Invitation) -> Self {
        Self {
            invitation,
            definition: Arc::clone(&self.definition),
            profile: Arc::clone(&self.profile),
            desk: Arc::clone(&self.desk),
        }
    }

    /// What the pages show of it. `framed`: the page stands in a frame.
    pub(crate) fn occasion(&self, framed: bool) -> Occasion<'_> {
        let web = self.invitation.channel == Channel::Web;
        Occasion {
            locale: &self.invitation.locale,
            look: if web { Look::Chat } else { Look::Link },
            framed,
            title: &self.definition.definition().title,
            brand: &self.profile.brand,
            agent: &self.invitation.agent_name,
            reference: self.invitation.reference.as_str(),
            privacy_url: self.profile.privacy_url.as_deref(),
            contact_url: self.profile.contact_url.as_deref(),
            chat: web.then_some(&self.desk.chat_origin),
            invitation: Some(self.invitation.id),
            history: self.desk.history,
        }
    }

    /// Who may frame its pages: the chat and the pages that carry it; nobody on link channels.
    pub(crate) fn ancestors(&self) -> Vec<&Origin> {
        match self.invitation.channel {
            Channel::Web => std::iter::once(&self.desk.chat_origin).chain(&self.profile.origins).collect(),
            Channel::Link => Vec::new(),
        }
    }
}

impl Vault {
    /// The invitation's surroundings.
    pub(crate) async fn setting(&self, invitation: Invitation) -> Result<Setting> {
        let missing = |what: &str| Error::Failed(format!("invitation {} has no {what}", invitation.id));
        let definition = self.definition(&invitation.site, &invitation.definition).await?;
        let definition = definition.ok_or_else(|| missing("definition"))?;
        let profile = self.profile(&invitation.site).await?.ok_or_else(|| missing("site"))?;
        // A site that was taken from its desk: nothing of it is shown any more.
        let desk = self.desks.by_site(&invitation.site).ok_or_else(|| missing("desk"))?;
        Ok(Setting { invitation, definition, profile, desk })
    }

    /// A definition of the site.
    pub(crate) async fn definition(&self, site: &SiteId, hash: &DefinitionHash) -> Result<Option<Arc<Published>>> {
        let name = (site.clone(), hash.clone());
        let kept =
            |vault: &Self| vault.faces.definitions.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        if let Some(definition) = kept(self) {
            return Ok(Some(definition));
        }
        let Some(definition) = self.store.definition(site.clone(), hash.clone()).await?.map(Arc::new) else {
            return Ok(None);
        };
        let mut definitions = self.faces.definitions.lock().unwrap_or_else(PoisonError::into_inner);
        if definitions.len() >= DEFINITIONS {
            definitions.clear();
        }
        definitions.insert(name, Arc::clone(&definition));
        Ok(Some(definition))
    }

    /// The site's face.
    pub(crate) async fn profile(&self, site: &SiteId) -> Result<Option<Arc<SiteProfile>>> {
        if let Some(profile) = self.faces.sites.lock().unwrap_or_else(PoisonError::into_inner).get(site).cloned() {
            return Ok(Some(profile));
        }
        let Some(profile) = self.store.site(site.clone()).await?.map(Arc::new) else { return Ok(None) };
        let mut sites = self.faces.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.insert(site.clone(), Arc::clone(&profile));
        Ok(Some(profile))
    }

    /// Whoever may frame a page that belongs to no invitation: every chat, and every page that carries one. Such pages hold
    /// nothing.
    pub(crate) async fn all_ancestors(&self) -> Vec<Origin> {
        let mut origins: Vec<Origin> = self.desks.chat_origins().into_iter().cloned().collect();
        for site in self.desks.sites() {
            // A site that cannot be read now is missing from the list: its pages cannot frame this one reply.
            if let Ok(Some(profile)) = self.profile(site).await {
                for origin in &profile.origins {
                    if !origins.contains(origin) {
                        origins.push(origin.clone());
                    }
                }
            }
        }
        origins
    }
}
