//! What the authenticator itself says (Web Authentication section 6.1).

use aws_lc_rs::digest;

use super::cbor;
use super::cose::PublicKey;
use super::{CredentialId, PasskeyError, RelyingParty};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const CREDENTIAL: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;

/// Authenticator data that has a form, and was made for this relying party with the person verified.
#[derive(Debug)]
pub(super) struct AuthenticatorData {
    pub(super) counter: u32,
    pub(super) backup_eligible: bool,
    pub(super) credential: Option<AttestedCredential>,
}

/// The new credential that a registration brings.
#[derive(Debug)]
pub(super) struct AttestedCredential {
    pub(super) id: CredentialId,
    pub(super) key: PublicKey,
    /// The key as it was written.
    pub(super) key_bytes: Vec<u8>,
}

impl AuthenticatorData {
    /// Reads and checks the data, to its last byte.
    pub(super) fn read(bytes: &[u8], party: RelyingParty<'_>) -> Result<Self, PasskeyError> {
        let (hash, rest) = bytes.split_first_chunk::<32>().ok_or(PasskeyError::Malformed)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or(PasskeyError::Malformed)?;
        let (counter, mut rest) = rest.split_first_chunk::<4>().ok_or(PasskeyError::Malformed)?;
        let has = |flag| flags & flag != 0;
        let credential = if has(CREDENTIAL) { Some(AttestedCredential::read(&mut rest)?) } else { None };
        if has(EXTENSIONS) {
            cbor::map(&mut rest)?;
        }
        // A copy without the promise that there may be one contradicts itself.
        if !rest.is_empty() || (has(BACKED_UP) && !has(BACKUP_ELIGIBLE)) {
            return Err(PasskeyError::Malformed);
        }
        if digest::digest(&digest::SHA256, party.id().as_bytes()).as_ref() != hash {
            return Err(PasskeyError::RelyingParty);
        }
        if !has(USER_PRESENT) || !has(USER_VERIFIED) {
            return Err(PasskeyError::Unverified);
        }
        Ok(Self { counter: u32::from_be_bytes(*counter), backup_eligible: has(BACKUP_ELIGIBLE), credential })
    }
}

impl AttestedCredential {
    fn read(bytes: &mut &[u8]) -> Result<Self, PasskeyError> {
        // 16 bytes name the model; nobody is asked which one it is.
        let (_, rest) = bytes.split_first_chunk::<16>().ok_or(PasskeyError::Malformed)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(PasskeyError::Malformed)?;
        let (id, rest) =
            rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(PasskeyError::Malformed)?;
        let id = CredentialId::from_bytes(id)?;
        let mut after = rest;
        let key = PublicKey::read(&mut after)?;
        let key_bytes = rest[..rest.len() - after.len()].to_vec();
        *bytes = after;
        Ok(Self { id, key, key_bytes })
    }
}
