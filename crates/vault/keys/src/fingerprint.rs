//! A site's fingerprint key: finds equal card numbers and reveals none (PCI 3.5.1.1: a keyed hash of the whole number).

use aside_base::{Rng, Secret, SiteId};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use crate::KeyError;
use crate::place::place;
use crate::seal::Key;

/// The fingerprint key of one site, opened. It is never replaced: equal numbers would no longer be found.
pub struct FingerprintKey {
    site: SiteId,
    key: Key,
}

impl FingerprintKey {
    pub(crate) fn generate(site: SiteId, rng: &dyn Rng) -> Self {
        Self { site, key: Key::generate(rng) }
    }

    pub(crate) fn from_bytes(site: SiteId, bytes: &[u8]) -> Result<Self, KeyError> {
        Ok(Self { site, key: Key::from_bytes(bytes)? })
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.key.bytes()
    }

    /// The fingerprint of a card number: HMAC-SHA-256 over site and digits, cut to 128 bits. Spaces and dashes do not count.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "keys fingerprints clear card numbers")]
    pub fn of(&self, card_number: &Secret) -> [u8; 16] {
        let digits: Zeroizing<Vec<u8>> =
            Zeroizing::new(card_number.expose().bytes().filter(u8::is_ascii_digit).collect());
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.key.bytes());
        let tag = hmac::sign(&key, &Zeroizing::new(place("card number", &[self.site.as_str().as_bytes(), &digits])));
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&tag.as_ref()[..16]);
        fingerprint
    }
}
