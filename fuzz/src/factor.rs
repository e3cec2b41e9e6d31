//! Second factors: codes that people type, and what browsers answer for a passkey.

use aside_base::{Origin, Timestamp};
use aside_factor::{
    AssertionResponse, Challenge, CredentialId, Passkey, RecoveryCode, RegistrationResponse, RelyingParty, TotpSecret,
    UserHandle, register, verify,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const CHALLENGE: [u8; 32] = [7; 32];
/// The relying party of the published test vectors, which the corpus is made of.
const ORIGIN: &str = "https://example.org";

/// Codes and secrets as typed: a recovery code is read again as the same; only the code of now passes.
pub(crate) fn codes(input: &[u8]) {
    let Some(text) = crate::text(input) else { return };
    if let Some(code) = RecoveryCode::parse(text) {
        let again = RecoveryCode::parse(&code.to_text());
        assert!(again.is_some_and(|again| again.hash() == code.hash()), "a recovery code has two hashes");
    }
    let now = Timestamp(1_800_000_000_000);
    let Ok(secret) = TotpSecret::from_bytes(&[5; 20]) else { return };
    if secret.verify(text, now, None).is_some() {
        let near = [-30_i64, 0, 30].map(|seconds| secret.code(Timestamp(now.0 + seconds * 1000)));
        let typed: String = text.chars().filter(char::is_ascii_digit).collect();
        assert!(near.iter().any(|code| code.as_str() == typed), "{text:?} passed for a code");
    }
    if let Ok(secret) = TotpSecret::from_text(text) {
        assert!(TotpSecret::from_text(&secret.to_text()).is_ok(), "a secret was written and cannot be read");
    }
}

/// Both answers as they come, whole.
pub(crate) fn json(input: &[u8]) {
    let Ok(origin) = ORIGIN.parse::<Origin>() else { return };
    let party = RelyingParty { origin: &origin, framed_by: None };
    let challenge = Challenge::from_bytes(CHALLENGE);
    if let Ok(response) = serde_json::from_slice::<RegistrationResponse>(input) {
        let _ = register(party, &challenge, &response);
    }
    if let Ok(response) = serde_json::from_slice::<AssertionResponse>(input) {
        let _ = response.credential();
    }
}

/// The CBOR of a registration, behind client data that are right.
pub(crate) fn attestation(input: &[u8]) {
    let Ok(origin) = ORIGIN.parse::<Origin>() else { return };
    let response = json!({
        "rawId": text(&[1; 16]), "type": "public-key",
        "response": { "clientDataJSON": client_data("webauthn.create"), "attestationObject": text(input) },
    });
    let Ok(response) = serde_json::from_value::<RegistrationResponse>(response) else { return };
    let party = RelyingParty { origin: &origin, framed_by: None };
    if let Ok(passkey) = register(party, &Challenge::from_bytes(CHALLENGE), &response) {
        assert_eq!(passkey.id.as_bytes(), [1; 16], "a passkey of another name was taken");
    }
}

/// The authenticator's data and signature of a confirmation, behind client data that are right. Nobody here has the key.
pub(crate) fn assertion(input: &[u8]) {
    let Ok(origin) = ORIGIN.parse::<Origin>() else { return };
    let Ok(id) = CredentialId::from_bytes(&[1; 16]) else { return };
    let (data, signature) = input.split_at(input.len().min(37));
    let response = json!({
        "rawId": text(&[1; 16]), "type": "public-key",
        "response": {
            "clientDataJSON": client_data("webauthn.get"), "authenticatorData": text(data), "signature": text(signature),
            "userHandle": Value::Null,
        },
    });
    let Ok(response) = serde_json::from_value::<AssertionResponse>(response) else { return };
    let party = RelyingParty { origin: &origin, framed_by: None };
    let passkey = Passkey { id, public_key: input.to_vec(), counter: 0, backup_eligible: false };
    assert!(
        verify(party, &Challenge::from_bytes(CHALLENGE), &passkey, UserHandle([0; 16]), &response).is_err(),
        "a forged confirmation passed"
    );
}

fn client_data(ceremony: &str) -> String {
    let data = json!({ "type": ceremony, "challenge": text(&CHALLENGE), "origin": ORIGIN, "crossOrigin": false });
    text(data.to_string().as_bytes())
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
