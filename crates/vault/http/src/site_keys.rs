//! The sites' keys, opened once and kept in memory as long as the program runs. Only what is not open yet needs the provider:
//! when that is sealed or cannot be reached, sites whose key is open go on.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use aside_base::{Clock, Rng, SiteId};
use aside_vault_domain::{Caller, Occasion, Refusal, SealedFingerprintKey, SealedSiteKey};
use aside_vault_keys::{FingerprintKey, KeyError, KeyProvider, ProviderError, SiteKey, UnsealError};
use aside_vault_store::{Error, Result, Store};
use tokio::sync::watch;
use zeroize::Zeroizing;

/// The version of a site's first key.
const FIRST: u32 = 1;

/// Whether the key provider can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysState {
    /// It can.
    Ready,
    /// It waits for its passphrase.
    Sealed,
    /// It does not answer.
    Unreachable,
}

impl KeysState {
    /// The state's name, as reported.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Sealed => "sealed",
            Self::Unreachable => "unreachable",
        }
    }
}

/// Opens site keys through the provider, and makes a site's first one.
pub(crate) struct SiteKeys {
    provider: Arc<dyn KeyProvider>,
    /// Providers that only open what they sealed before.
    former: Vec<Arc<dyn KeyProvider>>,
    clock: Arc<dyn Clock>,
    opened: RwLock<HashMap<(SiteId, u32), Arc<SiteKey>>>,
    newest: RwLock<HashMap<SiteId, Arc<SiteKey>>>,
    fingerprints: RwLock<HashMap<SiteId, Arc<FingerprintKey>>>,
    state: watch::Sender<KeysState>,
}

impl SiteKeys {
    pub(crate) fn new(
        provider: Arc<dyn KeyProvider>,
        former: Vec<Arc<dyn KeyProvider>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        // Until it was asked, it counts as usable: what needs it asks it.
        let state = watch::Sender::new(KeysState::Ready);
        let (opened, newest, fingerprints) = (RwLock::default(), RwLock::default(), RwLock::default());
        Self { provider, former, clock, opened, newest, fingerprints, state }
    }

    /// Whether the provider can be used, as far as is known.
    pub(crate) fn state(&self) -> KeysState {
        *self.state.borrow()
    }

    pub(crate) fn provider(&self) -> &dyn KeyProvider {
        self.provider.as_ref()
    }

    pub(crate) fn former(&self) -> &[Arc<dyn KeyProvider>] {
        &self.former
    }

    /// Asks the provider whether it can be used; answers what it was before and is now.
    pub(crate) async fn check(&self) -> (KeysState, KeysState) {
        let now = match self.provider.check().await {
            Ok(()) => KeysState::Ready,
            Err(error) => unusable(&error),
        };
        (self.state.send_replace(now), now)
    }

    /// Waits until somebody finds that the provider cannot be used.
    pub(crate) async fn became_unusable(&self) {
        // Cannot fail: the sender lives as long as this.
        let _ = self.state.subscribe().wait_for(|state| *state != KeysState::Ready).await;
    }

    /// Unseals the provider with what an operator typed.
    pub(crate) async fn unseal(&self, passphrase: Zeroizing<String>) -> std::result::Result<(), UnsealError> {
        let mut nothing = UnsealError::NotByPassphrase;
        // A former one may wait for a passphrase too: whichever does takes it.
        for provider in std::iter::once(&self.provider).chain(&self.former) {
            match provider.unseal(passphrase.clone()).await {
                Err(UnsealError::NotByPassphrase) => {}
                Err(UnsealError::AlreadyOpen) => nothing = UnsealError::AlreadyOpen,
                tried => return tried,
            }
        }
        Err(nothing)
    }

    /// The key that seals the site's new submissions. A site that has none gets its first.
    pub(crate) async fn newest(&self, store: &dyn Store, site: &SiteId, rng: &dyn Rng) -> Result<Arc<SiteKey>> {
        if let Some(key) = found(&self.newest, site) {
            return Ok(key);
        }
        let sealed = match store.site_key(site.clone(), None).await? {
            Some(sealed) => sealed,
            None => {
                let sealed = self.generate(site, FIRST, rng).await?.1;
                let on = Occasion { now: self.clock.now(), caller: Caller::vault() };
                // Somebody may have been first: theirs is the key then.
                store.put_site_key(on, site.clone(), sealed).await?
            }
        };
        let key = self.open(site, &sealed).await?;
        self.becomes_newest(site, &key);
        Ok(key)
    }

    /// The key of this version, which sealed an older submission.
    pub(crate) async fn version(&self, store: &dyn Store, site: &SiteId, version: u32) -> Result<Arc<SiteKey>> {
        if let Some(key) = found(&self.opened, &(site.clone(), version)) {
            return Ok(key);
        }
        match store.site_key(site.clone(), Some(version)).await? {
            Some(sealed) => self.open(site, &sealed).await,
            None => Err(Error::Failed(format!("site {site} has no key of version {version}"))),
        }
    }

    /// The key of the site's card fingerprints. A site that has none gets it.
    pub(crate) async fn fingerprint_key(
        &self,
        store: &dyn Store,
        site: &SiteId,
        rng: &dyn Rng,
    ) -> Result<Arc<FingerprintKey>> {
        if let Some(key) = found(&self.fingerprints, site) {
            return Ok(key);
        }
        let sealed = match store.fingerprint_key(site.clone()).await? {
            Some(sealed) => sealed,
            None => {
                let newest = self.newest(store, site, rng).await?;
                let (_, sealed) = newest.new_fingerprint_key(rng).map_err(|error| failed(&error))?;
                let key = SealedFingerprintKey { version: newest.version(), sealed };
                store.put_fingerprint_key(site.clone(), key).await?
            }
        };
        let key = self.version(store, site, sealed.version).await?;
        let key = Arc::new(key.open_fingerprint_key(&sealed.sealed).map_err(|error| failed(&error))?);
        self.fingerprints.write().unwrap_or_else(PoisonError::into_inner).insert(site.clone(), Arc::clone(&key));
        Ok(key)
    }

    /// Makes the site's next key. Answers its version, or none when the site has no key to follow yet.
    pub(crate) async fn rotate(
        &self,
        store: &dyn Store,
        on: Occasion,
        site: &SiteId,
        rng: &dyn Rng,
    ) -> Result<Option<u32>> {
        let Some(newest) = store.site_key(site.clone(), None).await? else { return Ok(None) };
        let version = newest.version.checked_add(1).ok_or_else(|| Error::Failed("no version is left".into()))?;
        let (key, sealed) = self.generate(site, version, rng).await?;
        if !store.rotate_site_key(on, site.clone(), sealed).await? {
            return Err(Error::Busy);
        }
        let key = Arc::new(key);
        self.keep(site, &key);
        self.becomes_newest(site, &key);
        Ok(Some(version))
    }

    /// Seals with the provider a site key that another one sealed. Answers the sealed key, or none where there is nothing to do.
    pub(crate) async fn sealed_by_current(
        &self,
        site: &SiteId,
        sealed: &SealedSiteKey,
        rng: &dyn Rng,
    ) -> Result<Option<SealedSiteKey>> {
        if sealed.provider.as_deref() == Some(self.provider.name()) {
            return Ok(None);
        }
        let key = self.open(site, sealed).await?;
        let moved = self.answered(key.seal_with(self.provider.as_ref(), rng).await)?;
        let provider = Some(self.provider.name().to_owned());
        Ok(Some(SealedSiteKey { version: sealed.version, provider, sealed: moved }))
    }

    /// Forgets a version that was retired.
    pub(crate) fn forget(&self, site: &SiteId, version: u32) {
        self.opened.write().unwrap_or_else(PoisonError::into_inner).remove(&(site.clone(), version));
    }

    async fn generate(&self, site: &SiteId, version: u32, rng: &dyn Rng) -> Result<(SiteKey, SealedSiteKey)> {
        self.usable()?;
        let made = SiteKey::generate(site, version, self.provider.as_ref(), rng).await;
        let (key, sealed) = self.answered(made)?;
        Ok((key, SealedSiteKey { version, provider: Some(self.provider.name().to_owned()), sealed }))
    }

    async fn open(&self, site: &SiteId, sealed: &SealedSiteKey) -> Result<Arc<SiteKey>> {
        if let Some(key) = found(&self.opened, &(site.clone(), sealed.version)) {
            return Ok(key);
        }
        let key = Arc::new(self.open_with_its_provider(site, sealed).await?);
        self.keep(site, &key);
        Ok(key)
    }

    async fn open_with_its_provider(&self, site: &SiteId, sealed: &SealedSiteKey) -> Result<SiteKey> {
        let (version, bytes) = (sealed.version, sealed.sealed.as_slice());
        let current = self.provider.as_ref();
        match &sealed.provider {
            Some(name) if name == current.name() => {
                self.usable()?;
                self.answered(SiteKey::open(site, version, bytes, current).await)
            }
            Some(name) => {
                let former = self.former.iter().find(|provider| provider.name() == name);
                let former = former.ok_or_else(|| {
                    Error::Failed(format!("the key of {site} was sealed by {name}, which is not configured"))
                })?;
                SiteKey::open(site, version, bytes, former.as_ref()).await.map_err(|error| refused(&error))
            }
            // Sealed before providers had names: by one of these.
            None => {
                let mut last = Error::Failed(KeyError.to_string());
                for provider in std::iter::once(&self.provider).chain(&self.former) {
                    match SiteKey::open(site, version, bytes, provider.as_ref()).await {
                        Ok(key) => return Ok(key),
                        Err(ProviderError::Key(_)) => {}
                        Err(error) => last = refused(&error),
                    }
                }
                Err(last)
            }
        }
    }

    /// Refuses at once while the provider is known to be away, instead of waiting for it each time.
    fn usable(&self) -> Result<()> {
        match self.state() {
            KeysState::Ready => Ok(()),
            KeysState::Sealed | KeysState::Unreachable => Err(Refusal::Sealed.into()),
        }
    }

    /// What the provider answered; that it cannot be used is remembered until [`SiteKeys::check`] finds otherwise.
    fn answered<T>(&self, answer: std::result::Result<T, ProviderError>) -> Result<T> {
        answer.map_err(|error| {
            if !matches!(error, ProviderError::Key(_)) {
                self.state.send_replace(unusable(&error));
            }
            refused(&error)
        })
    }

    fn keep(&self, site: &SiteId, key: &Arc<SiteKey>) {
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        opened.insert((site.clone(), key.version()), Arc::clone(key));
    }

    /// Only ever forwards: whoever read an older one before a rotation comes too late.
    fn becomes_newest(&self, site: &SiteId, key: &Arc<SiteKey>) {
        let mut newest = self.newest.write().unwrap_or_else(PoisonError::into_inner);
        if newest.get(site).is_none_or(|known| known.version() < key.version()) {
            newest.insert(site.clone(), Arc::clone(key));
        }
    }
}

fn found<K: Eq + Hash, T>(among: &RwLock<HashMap<K, Arc<T>>>, name: &K) -> Option<Arc<T>> {
    among.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
}

fn unusable(error: &ProviderError) -> KeysState {
    match error {
        ProviderError::Sealed => KeysState::Sealed,
        ProviderError::Unreachable(private) => {
            tracing::warn!(private, "the key provider cannot be reached");
            KeysState::Unreachable
        }
        // It answers, but not with what this vault's key seals: nothing can be done with it.
        ProviderError::Key(_) => KeysState::Unreachable,
    }
}

fn refused(error: &ProviderError) -> Error {
    match error {
        ProviderError::Sealed | ProviderError::Unreachable(_) => Refusal::Sealed.into(),
        ProviderError::Key(error) => failed(error),
    }
}

/// A key that does not seal or open is our failure, never the client's.
pub(crate) fn failed(error: &KeyError) -> Error {
    Error::Failed(error.to_string())
}
