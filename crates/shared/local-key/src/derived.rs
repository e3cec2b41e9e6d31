//! The key of one purpose: seals small secrets (AES-256-GCM), and makes keyed hashes (HMAC-SHA-256).

use aside_base::Rng;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

/// The format that is written: this number, a random nonce, the sealed bytes with their tag.
const FORMAT: u8 = 1;
/// What sealing adds.
const OVERHEAD: usize = 1 + NONCE_LEN + 16;

/// A value could not be sealed or opened. Every cause looks alike: which part was wrong helps only an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value cannot be sealed or opened here")]
pub struct SealError;

/// A 256-bit key for one purpose. Wiped when dropped, never shown.
pub struct DerivedKey(Zeroizing<[u8; 32]>);

impl DerivedKey {
    pub(crate) const fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    /// Seals `clear` for `place`: the parts that name where it belongs, such as a site's and an agent's id. A random nonce is
    /// safe up to 2^32 values of one purpose.
    ///
    /// # Errors
    /// [`SealError`] when it cannot be sealed.
    pub fn seal(&self, place: &[&[u8]], clear: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_LEN] = rng.bytes();
        let mut sealed = Vec::with_capacity(clear.len() + OVERHEAD);
        sealed.push(FORMAT);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(clear);
        let (nonce, body) = (Nonce::assume_unique_for_key(nonce), &mut sealed[1 + NONCE_LEN..]);
        let tag = self.cipher()?.seal_in_place_separate_tag(nonce, Aad::from(joined(place)), body);
        sealed.extend_from_slice(tag.map_err(|_| SealError)?.as_ref());
        Ok(sealed)
    }

    /// Opens what [`DerivedKey::seal`] made for the same place.
    ///
    /// # Errors
    /// [`SealError`] for another place, purpose or machine, or a changed value.
    pub fn open(&self, place: &[&[u8]], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let Some((&[FORMAT], rest)) = sealed.split_first_chunk::<1>() else { return Err(SealError) };
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError)?;
        let mut clear = Zeroizing::new(body.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length =
            self.cipher()?.open_in_place(nonce, Aad::from(joined(place)), &mut clear).map_err(|_| SealError)?.len();
        clear.truncate(length);
        Ok(clear)
    }

    /// A keyed hash over `parts`; no two lists of parts look alike.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let tag = hmac::sign(&self.mac_key(), &joined(parts));
        let mut bytes = [0; 32];
        bytes.copy_from_slice(tag.as_ref());
        bytes
    }

    /// Whether `mac` is [`DerivedKey::mac`] of `parts`, in constant time.
    #[must_use]
    pub fn checks(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        hmac::verify(&self.mac_key(), &joined(parts), mac).is_ok()
    }

    /// The key's bytes, for what makes a key of its own of them: a signer, a challenge. Use a purpose for nothing else then.
    #[must_use]
    pub const fn seed(&self) -> &Zeroizing<[u8; 32]> {
        &self.0
    }

    fn mac_key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.0.as_ref())
    }

    fn cipher(&self) -> Result<LessSafeKey, SealError> {
        UnboundKey::new(&AES_256_GCM, self.0.as_ref()).map(LessSafeKey::new).map_err(|_| SealError)
    }
}

/// The parts, each with its length before it.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    fn key(byte: u8) -> DerivedKey {
        DerivedKey::new(Zeroizing::new([byte; 32]))
    }

    #[test]
    fn a_sealed_value_opens_in_its_place_under_its_key_and_nowhere_else() {
        let rng = SeededRng::new(1);
        let place: &[&[u8]] = &[b"northwind", b"dana"];
        let sealed = key(1).seal(place, b"a secret", &rng).unwrap();
        assert_eq!(key(1).open(place, &sealed).unwrap().as_slice(), b"a secret");
        assert!(key(2).open(place, &sealed).is_err());
        assert!(key(1).open(&[b"northwinddana"], &sealed).is_err());
        assert!(key(1).open(&[b"northwin", b"ddana"], &sealed).is_err());
        assert!(key(1).open(place, &[]).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key(1).open(place, &changed).is_err(), "byte {at}");
        }
        assert_ne!(key(1).seal(place, b"a secret", &rng).unwrap(), sealed, "each has a nonce of its own");
    }

    #[test]
    fn a_keyed_hash_tells_its_parts_apart() {
        let mac = key(1).mac(&[b"ab", b"c"]);
        assert!(key(1).checks(&[b"ab", b"c"], &mac));
        assert!(!key(1).checks(&[b"a", b"bc"], &mac));
        assert!(!key(1).checks(&[b"ab", b"c", b""], &mac));
        assert!(!key(2).checks(&[b"ab", b"c"], &mac));
        assert!(!key(1).checks(&[b"ab", b"c"], &mac[..16]));
    }
}
