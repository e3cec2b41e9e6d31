//! Public keys as COSE keys (RFC 9053), and signatures by them.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use ciborium::Value;

use super::PasskeyError;
use super::cbor::{integer, map, named, numbered};

/// A signature algorithm, by its COSE name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// ECDSA with SHA-256 on P-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256: older Windows Hello knows nothing else.
    Rs256,
}

impl Algorithm {
    /// What browsers are asked for, the best first.
    pub(super) const OFFERED: [Self; 3] = [Self::EdDsa, Self::Es256, Self::Rs256];

    /// Its number in the COSE registry.
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::EdDsa => -8,
            Self::Rs256 => -257,
        }
    }
}

/// A public key that can verify.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// An uncompressed point.
    Es256([u8; 65]),
    EdDsa([u8; 32]),
    Rs256 {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

/// Labels of RFC 9052 section 7 and RFC 9053 section 7.
const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const MODULUS: i64 = -1;
const EXPONENT: i64 = -2;

impl PublicKey {
    /// Reads a key, and leaves in `bytes` what comes after it.
    pub(super) fn read(bytes: &mut &[u8]) -> Result<Self, PasskeyError> {
        let entries = map(bytes)?;
        let number = |label| numbered(&entries, label).and_then(integer);
        let key = match (number(KEY_TYPE), number(ALGORITHM), number(CURVE)) {
            (Some(2), Some(-7), Some(1)) => {
                let mut point = [4; 65];
                point[1..33].copy_from_slice(fixed(&entries, X)?);
                point[33..].copy_from_slice(fixed(&entries, Y)?);
                Self::Es256(point)
            }
            (Some(1), Some(-8), Some(6)) => {
                let mut key = [0; 32];
                key.copy_from_slice(fixed(&entries, X)?);
                Self::EdDsa(key)
            }
            (Some(3), Some(-257), _) => {
                let modulus = bytes_of(&entries, MODULUS)?.to_vec();
                let exponent = bytes_of(&entries, EXPONENT)?.to_vec();
                // 2048 to 8192 bits, as the verification holds too.
                if !(256..=1_024).contains(&modulus.len()) || !(1..=8).contains(&exponent.len()) {
                    return Err(PasskeyError::Key);
                }
                Self::Rs256 { modulus, exponent }
            }
            _ => return Err(PasskeyError::Key),
        };
        Ok(key)
    }

    /// Reads a whole key, as it was kept.
    pub(super) fn read_all(mut bytes: &[u8]) -> Result<Self, PasskeyError> {
        let key = Self::read(&mut bytes)?;
        if bytes.is_empty() { Ok(key) } else { Err(PasskeyError::Malformed) }
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Es256(_) => Algorithm::Es256,
            Self::EdDsa(_) => Algorithm::EdDsa,
            Self::Rs256 { .. } => Algorithm::Rs256,
        }
    }

    /// Checks that this key has signed `message`.
    pub(super) fn check(&self, message: &[u8], signature: &[u8]) -> Result<(), PasskeyError> {
        let good = match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature),
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::Rs256 { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
        };
        good.map_err(|_| PasskeyError::Signature)
    }
}

fn bytes_of(entries: &[(Value, Value)], label: i64) -> Result<&[u8], PasskeyError> {
    numbered(entries, label).and_then(Value::as_bytes).map(Vec::as_slice).ok_or(PasskeyError::Key)
}

fn fixed(entries: &[(Value, Value)], label: i64) -> Result<&[u8; 32], PasskeyError> {
    bytes_of(entries, label)?.try_into().map_err(|_| PasskeyError::Key)
}

/// The signature of a self-attestation: `alg` and `sig` and nothing else.
pub(super) fn self_signature(statement: &[(Value, Value)]) -> Option<(i64, &[u8])> {
    let algorithm = named(statement, "alg").and_then(integer)?;
    let signature = named(statement, "sig").and_then(Value::as_bytes)?;
    (statement.len() == 2).then_some((algorithm, signature.as_slice()))
}
