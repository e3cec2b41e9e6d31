//! What the browser is asked: the JSON that `PublicKeyCredential.parseCreationOptionsFromJSON` and
//! `parseRequestOptionsFromJSON` take.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::cose::Algorithm;
use super::{Challenge, CredentialId, RelyingParty};

/// How long a browser waits for the person, in milliseconds.
const TIMEOUT: u32 = 120_000;

/// Names a person to authenticators: random or an id, never a name (Web Authentication section 14.6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserHandle(pub [u8; 16]);

/// Whose passkey it will be.
#[derive(Debug, Clone, Copy)]
pub struct User<'a> {
    /// Tells the person's passkeys apart from others'.
    pub handle: UserHandle,
    /// The sign-in name, as the person's passkey list shows it.
    pub name: &'a str,
    /// The name for people.
    pub display_name: &'a str,
}

/// Asks for a new passkey. `house` is the name for people of who asks; `known` are the person's passkeys there already, so
/// that one device does not make two.
#[must_use]
pub fn creation_options(
    party: RelyingParty<'_>,
    house: &str,
    user: User<'_>,
    challenge: &Challenge,
    known: &[CredentialId],
) -> Value {
    let algorithms: Vec<Value> =
        Algorithm::OFFERED.iter().map(|algorithm| json!({ "type": "public-key", "alg": algorithm.number() })).collect();
    json!({
        "rp": { "id": party.id(), "name": house },
        "user": {
            "id": URL_SAFE_NO_PAD.encode(user.handle.0),
            "name": user.name,
            "displayName": user.display_name,
        },
        "challenge": challenge.to_text(),
        "pubKeyCredParams": algorithms,
        "timeout": TIMEOUT,
        "excludeCredentials": descriptors(known),
        "authenticatorSelection": { "residentKey": "preferred", "requireResidentKey": false, "userVerification": "required" },
        "attestation": "none",
        "extensions": {},
    })
}

/// Asks for a signature of one of the person's passkeys.
#[must_use]
pub fn request_options(party: RelyingParty<'_>, challenge: &Challenge, known: &[CredentialId]) -> Value {
    json!({
        "challenge": challenge.to_text(),
        "timeout": TIMEOUT,
        "rpId": party.id(),
        "allowCredentials": descriptors(known),
        "userVerification": "required",
        "extensions": {},
    })
}

fn descriptors(known: &[CredentialId]) -> Vec<Value> {
    known.iter().map(|id| json!({ "type": "public-key", "id": id.to_text() })).collect()
}
