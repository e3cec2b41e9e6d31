//! Signed statements about a chain: a checkpoint says that it had come so far, an anchor that what was older was taken away on
//! purpose. Ed25519 over a short text that any tool can put together again (docs/audit.md).

use std::fmt;
use std::str::FromStr;

use aside_base::Timestamp;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::{ChainId, Hash, ParseHashError, Place};

/// Signs for one zone.
pub struct Signer {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

/// A seed that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log cannot be signed on this machine")]
pub struct SignerError;

impl Signer {
    /// The signer of this seed (RFC 8032's private key).
    ///
    /// # Errors
    /// The cryptographic library refuses.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, SignerError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| SignerError)?;
        let mut public = [0; 32];
        public.copy_from_slice(pair.public_key().as_ref());
        Ok(Self { pair, public: PublicKey(public) })
    }

    /// Whose signatures these are.
    #[must_use]
    pub const fn public_key(&self) -> PublicKey {
        self.public
    }

    fn sign(&self, text: &str) -> String {
        STANDARD.encode(self.pair.sign(text.as_bytes()).as_ref())
    }
}

/// An Ed25519 public key; travels as base64.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    fn checks(&self, text: &str, signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        UnparsedPublicKey::new(&ED25519, self.0).verify(text.as_bytes(), &signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Self, ParseHashError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| ParseHashError)?;
        bytes.try_into().map(Self).map_err(|_| ParseHashError)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = ParseHashError;

    fn try_from(text: String) -> Result<Self, ParseHashError> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// What is signed knows whether it was.
pub trait Signed {
    /// Whether `key` signed exactly this.
    fn is_signed_by(&self, key: &PublicKey) -> bool;
}

/// A chain had come so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "aside", rename = "audit checkpoint")]
pub struct Checkpoint {
    /// `desk` or `vault`.
    pub zone: String,
    /// Which chain.
    pub chain: ChainId,
    /// The last entry's number.
    pub sequence: i64,
    /// Its hash.
    pub hash: Hash,
    /// When it was signed.
    pub at: Timestamp,
    /// Who signed.
    pub key: PublicKey,
    /// Over the text of `docs/audit.md`; base64.
    pub signature: String,
}

impl Checkpoint {
    /// Signs that `chain` has come to `place`.
    #[must_use]
    pub fn sign(signer: &Signer, zone: &str, chain: ChainId, place: Place, at: Timestamp) -> Self {
        let Place { sequence, hash } = place;
        let (zone, key) = (zone.to_owned(), signer.public_key());
        let mut made = Self { zone, chain, sequence, hash, at, key, signature: String::new() };
        made.signature = signer.sign(&made.text());
        made
    }

    /// The entry it speaks of.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place { sequence: self.sequence, hash: self.hash }
    }

    /// One line of JSON: how it is stored and shipped.
    #[must_use]
    pub fn to_line(&self) -> String {
        // Cannot fail: strings and numbers.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The checkpoint in a line of a shipped file or of a syslog, whatever stands before it.
    #[must_use]
    pub fn in_line(line: &str) -> Option<Self> {
        let start = line.find(r#"{"aside":"audit checkpoint""#)?;
        serde_json::Deserializer::from_str(&line[start..]).into_iter().next()?.ok()
    }

    fn text(&self) -> String {
        let Self { zone, chain, sequence, hash, at, .. } = self;
        format!("aside audit checkpoint 1\nzone {zone}\nchain {chain}\nsequence {sequence}\nhash {hash}\nat {}\n", at.0)
    }
}

impl Signed for Checkpoint {
    fn is_signed_by(&self, key: &PublicKey) -> bool {
        *key == self.key && key.checks(&self.text(), &self.signature)
    }
}

/// Entries up to here were taken away when their time was over; the chain goes on after them. Signed as what it is: a checkpoint
/// of old cannot be passed off as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "aside", rename = "audit anchor")]
pub struct Anchor {
    /// `desk` or `vault`.
    pub zone: String,
    /// Which chain.
    pub chain: ChainId,
    /// The last entry that is gone.
    pub sequence: i64,
    /// Its hash.
    pub hash: Hash,
    /// When that entry was written.
    pub last_at: Timestamp,
    /// When it was taken away.
    pub at: Timestamp,
    /// Who signed.
    pub key: PublicKey,
    /// As with a [`Checkpoint`].
    pub signature: String,
}

impl Anchor {
    /// Signs that the entries of `chain` up to `place`, the last of them of `last_at`, are gone.
    #[must_use]
    pub fn sign(signer: &Signer, zone: &str, chain: ChainId, place: Place, last_at: Timestamp, at: Timestamp) -> Self {
        let Place { sequence, hash } = place;
        let (zone, key) = (zone.to_owned(), signer.public_key());
        let mut made = Self { zone, chain, sequence, hash, last_at, at, key, signature: String::new() };
        made.signature = signer.sign(&made.text());
        made
    }

    /// The last entry that is gone.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place { sequence: self.sequence, hash: self.hash }
    }

    /// One line of JSON: how it is stored and exported.
    #[must_use]
    pub fn to_line(&self) -> String {
        // Cannot fail: strings and numbers.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn text(&self) -> String {
        let Self { zone, chain, sequence, hash, last_at, at, .. } = self;
        format!(
            "aside audit anchor 1\nzone {zone}\nchain {chain}\nsequence {sequence}\nhash {hash}\nlast_at {}\nat {}\n",
            last_at.0, at.0
        )
    }
}

impl Signed for Anchor {
    fn is_signed_by(&self, key: &PublicKey) -> bool {
        *key == self.key && key.checks(&self.text(), &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(seed: u8) -> Signer {
        Signer::from_seed(&[seed; 32]).unwrap()
    }

    fn checkpoint(signer: &Signer) -> Checkpoint {
        let chain = ChainId::from_bytes([7; 16]);
        let place = Place::before_first(chain).next("a").next("b");
        Checkpoint::sign(signer, "desk", chain, place, Timestamp(1_000))
    }

    #[test]
    fn a_checkpoint_is_found_in_a_line_of_a_syslog() {
        let made = checkpoint(&signer(1));
        let line = format!("<109>1 2026-01-01T00:00:00Z host aside-desk - checkpoint - {}", made.to_line());
        assert_eq!(Checkpoint::in_line(&line), Some(made));
        assert_eq!(Checkpoint::in_line("nothing of the kind"), None);
        assert_eq!(Checkpoint::in_line(r#"{"aside":"audit checkpoint","zone":"desk"}"#), None);
    }

    #[test]
    fn a_changed_statement_is_not_signed_and_neither_is_one_by_another_key() {
        let (own, other) = (signer(1), signer(2));
        let made = checkpoint(&own);
        assert!(made.is_signed_by(&own.public_key()));
        assert!(!made.is_signed_by(&other.public_key()));
        let changes: [fn(&mut Checkpoint); 6] = [
            |c| c.zone = "vault".into(),
            |c| c.chain = ChainId::from_bytes([8; 16]),
            |c| c.sequence += 1,
            |c| c.hash = Hash([0; 32]),
            |c| c.at = Timestamp(1_001),
            |c| c.signature = "AAAA".into(),
        ];
        for change in changes {
            let mut changed = made.clone();
            change(&mut changed);
            assert!(!changed.is_signed_by(&own.public_key()), "{changed:?}");
        }
        let mut taken_over = made;
        taken_over.key = other.public_key();
        assert!(!taken_over.is_signed_by(&other.public_key()));
    }

    #[test]
    fn a_checkpoint_of_old_is_no_anchor() {
        let own = signer(1);
        let Checkpoint { zone, chain, sequence, hash, at, key, signature } = checkpoint(&own);
        let forged = Anchor { zone, chain, sequence, hash, last_at: at, at, key, signature };
        assert!(!forged.is_signed_by(&own.public_key()));
        let anchor = Anchor::sign(&own, "desk", chain, forged.place(), Timestamp(1), Timestamp(2));
        assert!(anchor.is_signed_by(&own.public_key()));
    }
}
