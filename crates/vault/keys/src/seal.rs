//! AES-256-GCM in one format: a format number, a random nonce, the sealed bytes with their tag.

use aside_base::Rng;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// The format that is written. Old formats stay readable when a new one comes.
const FORMAT: u8 = 1;
/// What sealing adds: format number, nonce, tag.
const OVERHEAD: usize = 1 + NONCE_LEN + 16;

/// A value could not be sealed or opened. Every cause looks alike: which part was wrong helps only an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value cannot be sealed or opened here")]
pub struct KeyError;

/// A 256-bit key. Wiped when dropped, never shown.
pub(crate) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(crate) fn generate(rng: &dyn Rng) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        rng.fill(key.as_mut());
        Self(key)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(KeyError);
        }
        key.copy_from_slice(bytes);
        Ok(Self(key))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals `clear` for `place`. A random nonce is safe: a data key seals at most some dozen values, and site keys and
    /// the provider's key stay far below 2^32.
    pub(crate) fn seal(&self, place: &[u8], clear: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, KeyError> {
        let nonce: [u8; NONCE_LEN] = rng.bytes();
        let mut sealed = Vec::with_capacity(clear.len() + OVERHEAD);
        sealed.push(FORMAT);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(clear);
        let tag = self
            .cipher()?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place),
                &mut sealed[1 + NONCE_LEN..],
            )
            .map_err(|_| KeyError)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens what [`Key::seal`] made for the same place.
    pub(crate) fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let Some((&[FORMAT], rest)) = sealed.split_first_chunk::<1>() else { return Err(KeyError) };
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(KeyError)?;
        let mut clear = Zeroizing::new(body.to_vec());
        let length = self
            .cipher()?
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place), clear.as_mut_slice())
            .map_err(|_| KeyError)?
            .len();
        clear.truncate(length);
        Ok(clear)
    }

    fn cipher(&self) -> Result<LessSafeKey, KeyError> {
        UnboundKey::new(&AES_256_GCM, self.0.as_ref()).map(LessSafeKey::new).map_err(|_| KeyError)
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn a_sealed_value_opens_with_its_key_at_its_place_and_nowhere_else() {
        let rng = SeededRng::new(1);
        let (key, other) = (Key::generate(&rng), Key::generate(&rng));
        let sealed = key.seal(b"here", b"4111 1111 1111 1111", &rng).unwrap();
        assert_eq!(key.open(b"here", &sealed).unwrap().as_slice(), b"4111 1111 1111 1111");
        assert!(key.open(b"there", &sealed).is_err());
        assert!(other.open(b"here", &sealed).is_err());
    }

    #[test]
    fn a_value_that_was_changed_or_cut_anywhere_does_not_open() {
        let rng = SeededRng::new(2);
        let key = Key::generate(&rng);
        let sealed = key.seal(b"here", b"value", &rng).unwrap();
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(key.open(b"here", &changed).is_err(), "byte {position}");
            assert!(key.open(b"here", &sealed[..position]).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn the_same_value_never_looks_the_same_twice() {
        let rng = SeededRng::new(3);
        let key = Key::generate(&rng);
        assert_ne!(key.seal(b"here", b"value", &rng), key.seal(b"here", b"value", &rng));
    }
}
