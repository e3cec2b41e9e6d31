//! A new passkey (Web Authentication section 7.1).

use aws_lc_rs::digest;
use ciborium::Value;

use super::authenticator_data::{AttestedCredential, AuthenticatorData};
use super::client_data::{self, Ceremony};
use super::{Challenge, Passkey, PasskeyError, RegistrationResponse, RelyingParty, cbor, cose};

/// Verifies what a browser answered to [`super::creation_options`] and says what to keep. That no other account has this
/// credential already is the caller's to hold.
///
/// # Errors
/// [`PasskeyError`] names the first thing that is wrong.
pub fn register(
    party: RelyingParty<'_>,
    challenge: &Challenge,
    response: &RegistrationResponse,
) -> Result<Passkey, PasskeyError> {
    let parts = response.decode()?;
    client_data::check(&parts.client_data, Ceremony::Create, party, challenge)?;
    let mut rest = parts.attestation_object.as_slice();
    let object = cbor::map(&mut rest)?;
    if !rest.is_empty() {
        return Err(PasskeyError::Malformed);
    }
    let written = cbor::named(&object, "authData").and_then(Value::as_bytes).ok_or(PasskeyError::Malformed)?;
    let data = AuthenticatorData::read(written, party)?;
    let credential = data.credential.ok_or(PasskeyError::Malformed)?;
    if credential.id != parts.id {
        return Err(PasskeyError::Credential);
    }
    check_attestation(&object, written, &parts.client_data, &credential)?;
    Ok(Passkey {
        id: credential.id,
        public_key: credential.key_bytes,
        counter: data.counter,
        backup_eligible: data.backup_eligible,
    })
}

/// None was asked for, so there is none, or one that the new key made of itself, which browsers leave standing.
fn check_attestation(
    object: &[(Value, Value)],
    written: &[u8],
    client_data: &[u8],
    credential: &AttestedCredential,
) -> Result<(), PasskeyError> {
    let format = cbor::named(object, "fmt").and_then(Value::as_text).ok_or(PasskeyError::Malformed)?;
    let statement = cbor::named(object, "attStmt").and_then(Value::as_map).ok_or(PasskeyError::Malformed)?;
    match format {
        "none" if statement.is_empty() => Ok(()),
        "packed" => {
            let (algorithm, signature) = cose::self_signature(statement).ok_or(PasskeyError::Attestation)?;
            if algorithm != credential.key.algorithm().number() {
                return Err(PasskeyError::Attestation);
            }
            credential.key.check(&signed(written, client_data), signature)
        }
        _ => Err(PasskeyError::Attestation),
    }
}

/// What a key signs: the authenticator data and the digest of the client data.
pub(super) fn signed(authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(authenticator_data.len() + digest::SHA256_OUTPUT_LEN);
    message.extend_from_slice(authenticator_data);
    message.extend_from_slice(digest::digest(&digest::SHA256, client_data).as_ref());
    message
}
