//! Where the topmost key lives: a key file here, an HSM or a KMS elsewhere.

use aside_base::Rng;
use zeroize::Zeroizing;

use crate::KeyError;

/// Seals site keys under a key that it never gives away.
pub trait KeyProvider: Send + Sync {
    /// Seals `clear` for `place`.
    ///
    /// # Errors
    /// [`KeyError`] when the provider cannot.
    fn seal(&self, place: &[u8], clear: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, KeyError>;

    /// Opens what [`KeyProvider::seal`] made for the same place.
    ///
    /// # Errors
    /// [`KeyError`] for another place, another provider, or a changed value.
    fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError>;
}
