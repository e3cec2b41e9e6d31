//! The sites' keys, opened once and kept in memory as long as the program runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aside_base::{Rng, SiteId};
use aside_vault_domain::SealedSiteKey;
use aside_vault_keys::{KeyError, KeyProvider, SiteKey};
use aside_vault_store::{Error, Result, Store};

/// The version of a site's first key.
const FIRST: u32 = 1;

/// Opens site keys through the provider, and makes a site's first one.
pub(crate) struct SiteKeys {
    provider: Arc<dyn KeyProvider>,
    opened: Mutex<HashMap<(SiteId, u32), Arc<SiteKey>>>,
}

impl SiteKeys {
    pub(crate) fn new(provider: Arc<dyn KeyProvider>) -> Self {
        Self { provider, opened: Mutex::default() }
    }

    /// The key that seals the site's new submissions.
    pub(crate) async fn newest(&self, store: &dyn Store, site: &SiteId, rng: &dyn Rng) -> Result<Arc<SiteKey>> {
        let sealed = match store.site_key(site.clone(), None).await? {
            Some(sealed) => sealed,
            None => {
                let (_, sealed) =
                    SiteKey::generate(site, FIRST, self.provider.as_ref(), rng).map_err(|error| failed(&error))?;
                // Somebody may have been first: theirs is the key then.
                store.put_site_key(site.clone(), SealedSiteKey { version: FIRST, sealed }).await?
            }
        };
        self.open(site, &sealed)
    }

    /// The key of this version, which sealed an older submission.
    pub(crate) async fn version(&self, store: &dyn Store, site: &SiteId, version: u32) -> Result<Arc<SiteKey>> {
        if let Some(key) = self.known(site, version) {
            return Ok(key);
        }
        match store.site_key(site.clone(), Some(version)).await? {
            Some(sealed) => self.open(site, &sealed),
            None => Err(Error::Failed(format!("site {site} has no key of version {version}"))),
        }
    }

    fn open(&self, site: &SiteId, sealed: &SealedSiteKey) -> Result<Arc<SiteKey>> {
        if let Some(key) = self.known(site, sealed.version) {
            return Ok(key);
        }
        let key = SiteKey::open(site, sealed.version, &sealed.sealed, self.provider.as_ref())
            .map_err(|error| failed(&error))?;
        let key = Arc::new(key);
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.insert((site.clone(), sealed.version), Arc::clone(&key));
        Ok(key)
    }

    fn known(&self, site: &SiteId, version: u32) -> Option<Arc<SiteKey>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).get(&(site.clone(), version)).cloned()
    }
}

/// A key that does not seal or open is our failure, never the client's.
pub(crate) fn failed(error: &KeyError) -> Error {
    Error::Failed(error.to_string())
}
