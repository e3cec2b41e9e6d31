//! A passkey's signature (Web Authentication section 7.2).

use super::authenticator_data::AuthenticatorData;
use super::client_data::{self, Ceremony};
use super::cose::PublicKey;
use super::registration::signed;
use super::{AssertionResponse, Challenge, Passkey, PasskeyError, RelyingParty, UserHandle};

/// Verifies what a browser answered to [`super::request_options`] with this passkey of this person. Answers the counter to
/// keep: the caller writes it where it still finds `passkey.counter`, so that of two answers at once one is refused.
///
/// # Errors
/// [`PasskeyError`] names the first thing that is wrong.
pub fn verify(
    party: RelyingParty<'_>,
    challenge: &Challenge,
    passkey: &Passkey,
    user: UserHandle,
    response: &AssertionResponse,
) -> Result<u32, PasskeyError> {
    let parts = response.decode()?;
    if parts.id != passkey.id || parts.user_handle.is_some_and(|handle| handle != user.0) {
        return Err(PasskeyError::Credential);
    }
    client_data::check(&parts.client_data, Ceremony::Get, party, challenge)?;
    let data = AuthenticatorData::read(&parts.authenticator_data, party)?;
    // A request makes no credential, and whether one may be copied never changes.
    if data.credential.is_some() || data.backup_eligible != passkey.backup_eligible {
        return Err(PasskeyError::Malformed);
    }
    let key = PublicKey::read_all(&passkey.public_key)?;
    key.check(&signed(&parts.authenticator_data, &parts.client_data), &parts.signature)?;
    let counts = data.counter != 0 || passkey.counter != 0;
    if counts && data.counter <= passkey.counter {
        return Err(PasskeyError::Counter);
    }
    Ok(data.counter)
}
