//! A site's key: seals the data keys of its submissions.

use aside_base::{AgentId, Rng, SiteId, SubmissionId};
use zeroize::Zeroizing;

use crate::place::place;
use crate::seal::Key;
use crate::{DataKey, FingerprintKey, KeyError, KeyProvider, ProviderError};

/// One version of a site's key, opened.
pub struct SiteKey {
    site: SiteId,
    version: u32,
    key: Key,
}

impl SiteKey {
    /// Makes a site's key of this version, and its sealed form for the store.
    ///
    /// # Errors
    /// [`ProviderError`] when the provider cannot seal it.
    pub async fn generate(
        site: &SiteId,
        version: u32,
        provider: &dyn KeyProvider,
        rng: &dyn Rng,
    ) -> Result<(Self, Vec<u8>), ProviderError> {
        let key = Key::generate(rng);
        let sealed = provider.seal(&site_key_place(site, version), key.bytes(), rng).await?;
        Ok((Self { site: site.clone(), version, key }, sealed))
    }

    /// Opens a site's key as it was stored.
    ///
    /// # Errors
    /// [`ProviderError::Key`] for another site, another version, or another provider.
    pub async fn open(
        site: &SiteId,
        version: u32,
        sealed: &[u8],
        provider: &dyn KeyProvider,
    ) -> Result<Self, ProviderError> {
        let clear = provider.open(&site_key_place(site, version), sealed).await?;
        Ok(Self { site: site.clone(), version, key: Key::from_bytes(&clear)? })
    }

    /// Seals the same key with another provider, which takes the former one's place.
    ///
    /// # Errors
    /// [`ProviderError`] when the provider cannot.
    pub async fn seal_with(&self, provider: &dyn KeyProvider, rng: &dyn Rng) -> Result<Vec<u8>, ProviderError> {
        provider.seal(&site_key_place(&self.site, self.version), self.key.bytes(), rng).await
    }

    /// The key's version, stored beside what it seals.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Makes the data key of one part of a submission, and its sealed form for the store. It is born under this version.
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be sealed.
    pub fn new_data_key(
        &self,
        submission: SubmissionId,
        part: u8,
        rng: &dyn Rng,
    ) -> Result<(DataKey, Vec<u8>), KeyError> {
        let key = Key::generate(rng);
        let sealed = self.key.seal(&self.data_key_place(submission, part), key.bytes(), rng)?;
        Ok((DataKey::new(self.site.clone(), self.version, submission, key), sealed))
    }

    /// Opens the data key of one part of a submission as it was stored. `born_version` is the version it was made under, which
    /// its answers name.
    ///
    /// # Errors
    /// [`KeyError`] for another submission, part or site key.
    pub fn open_data_key(
        &self,
        submission: SubmissionId,
        part: u8,
        born_version: u32,
        sealed: &[u8],
    ) -> Result<DataKey, KeyError> {
        let clear = self.key.open(&self.data_key_place(submission, part), sealed)?;
        Ok(DataKey::new(self.site.clone(), born_version, submission, Key::from_bytes(&clear)?))
    }

    /// Seals what an agent's code app shares with the vault (A5).
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be sealed.
    pub fn seal_code_secret(&self, agent: AgentId, secret: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, KeyError> {
        self.key.seal(&self.code_secret_place(agent), secret, rng)
    }

    /// Opens an agent's code secret as it was stored.
    ///
    /// # Errors
    /// [`KeyError`] for another agent or site key.
    pub fn open_code_secret(&self, agent: AgentId, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.key.open(&self.code_secret_place(agent), sealed)
    }

    /// Makes the site's fingerprint key, and its sealed form for the store.
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be sealed.
    pub fn new_fingerprint_key(&self, rng: &dyn Rng) -> Result<(FingerprintKey, Vec<u8>), KeyError> {
        let key = FingerprintKey::generate(self.site.clone(), rng);
        let sealed = self.key.seal(&self.fingerprint_key_place(), key.bytes(), rng)?;
        Ok((key, sealed))
    }

    /// Opens the site's fingerprint key as it was stored.
    ///
    /// # Errors
    /// [`KeyError`] for another site or site key.
    pub fn open_fingerprint_key(&self, sealed: &[u8]) -> Result<FingerprintKey, KeyError> {
        let clear = self.key.open(&self.fingerprint_key_place(), sealed)?;
        FingerprintKey::from_bytes(self.site.clone(), &clear)
    }

    /// Seals under this version the data key that a former one sealed. Its answers stay as they are.
    ///
    /// # Errors
    /// [`KeyError`] when the former version did not seal it for this place.
    pub fn rewrap_data_key(
        &self,
        former: &Self,
        submission: SubmissionId,
        part: u8,
        sealed: &[u8],
        rng: &dyn Rng,
    ) -> Result<Vec<u8>, KeyError> {
        let clear = former.key.open(&former.data_key_place(submission, part), sealed)?;
        self.key.seal(&self.data_key_place(submission, part), &clear, rng)
    }

    /// Seals under this version the code secret that a former one sealed.
    ///
    /// # Errors
    /// [`KeyError`] when the former version did not seal it for this agent.
    pub fn rewrap_code_secret(
        &self,
        former: &Self,
        agent: AgentId,
        sealed: &[u8],
        rng: &dyn Rng,
    ) -> Result<Vec<u8>, KeyError> {
        let clear = former.open_code_secret(agent, sealed)?;
        self.seal_code_secret(agent, &clear, rng)
    }

    /// Seals under this version the fingerprint key that a former one sealed.
    ///
    /// # Errors
    /// [`KeyError`] when the former version did not seal it.
    pub fn rewrap_fingerprint_key(&self, former: &Self, sealed: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, KeyError> {
        let clear = former.key.open(&former.fingerprint_key_place(), sealed)?;
        self.key.seal(&self.fingerprint_key_place(), &clear, rng)
    }

    fn fingerprint_key_place(&self) -> Vec<u8> {
        place("fingerprint key", &[self.site.as_str().as_bytes(), &self.version.to_be_bytes()])
    }

    fn code_secret_place(&self, agent: AgentId) -> Vec<u8> {
        place("code secret", &[self.site.as_str().as_bytes(), agent.as_uuid().as_bytes(), &self.version.to_be_bytes()])
    }

    fn data_key_place(&self, submission: SubmissionId, part: u8) -> Vec<u8> {
        let version = self.version.to_be_bytes();
        let whole = [self.site.as_str().as_bytes(), submission.as_uuid().as_bytes(), &version];
        match part {
            // Sealed before submissions had parts.
            0 => place("data key", &whole),
            part => place("data key", &[whole[0], whole[1], whole[2], &[part]]),
        }
    }
}

fn site_key_place(site: &SiteId, version: u32) -> Vec<u8> {
    place("site key", &[site.as_str().as_bytes(), &version.to_be_bytes()])
}
