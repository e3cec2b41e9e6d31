//! What a browser sends (`PublicKeyCredential.toJSON()`), and what is kept of a passkey.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::PasskeyError;

/// The longest id of a credential, in bytes (Web Authentication section 4, credential id).
const LONGEST_ID: usize = 1_023;
/// The most of any other part, in bytes: several times what any authenticator sends.
const LARGEST_PART: usize = 16_384;

/// Names a passkey. Not a secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// An id of 1 to 1023 bytes.
    ///
    /// # Errors
    /// [`PasskeyError::Malformed`] for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PasskeyError> {
        if (1..=LONGEST_ID).contains(&bytes.len()) { Ok(Self(bytes.to_vec())) } else { Err(PasskeyError::Malformed) }
    }

    /// The bytes, to be kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CredentialId({} bytes)", self.0.len())
    }
}

/// What is kept of a passkey. Nothing here can sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its name.
    pub id: CredentialId,
    /// Its public key as a COSE key, as the authenticator wrote it.
    pub public_key: Vec<u8>,
    /// How often it has signed, as far as it counts: many never do and say 0.
    pub counter: u32,
    /// Whether it may live on several devices. Never changes.
    pub backup_eligible: bool,
}

/// A browser's answer to creation options.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationResponse {
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: Attestation,
}

#[derive(Debug, Clone, Deserialize)]
struct Attestation {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "attestationObject")]
    attestation_object: String,
}

/// A browser's answer to request options.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssertionResponse {
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: Assertion,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assertion {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    #[serde(default)]
    user_handle: Option<String>,
}

/// The parts of a registration, decoded.
pub(super) struct Registered {
    pub(super) id: CredentialId,
    pub(super) client_data: Vec<u8>,
    pub(super) attestation_object: Vec<u8>,
}

/// The parts of an assertion, decoded.
pub(super) struct Asserted {
    pub(super) id: CredentialId,
    pub(super) client_data: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) user_handle: Option<Vec<u8>>,
}

impl RegistrationResponse {
    pub(super) fn decode(&self) -> Result<Registered, PasskeyError> {
        Ok(Registered {
            id: credential(&self.kind, &self.raw_id)?,
            client_data: part(&self.response.client_data)?,
            attestation_object: part(&self.response.attestation_object)?,
        })
    }
}

impl AssertionResponse {
    /// Which passkey it says it is: to find the record, before anything is believed.
    ///
    /// # Errors
    /// [`PasskeyError::Malformed`] when it names none.
    pub fn credential(&self) -> Result<CredentialId, PasskeyError> {
        credential(&self.kind, &self.raw_id)
    }

    pub(super) fn decode(&self) -> Result<Asserted, PasskeyError> {
        Ok(Asserted {
            id: self.credential()?,
            client_data: part(&self.response.client_data)?,
            authenticator_data: part(&self.response.authenticator_data)?,
            signature: part(&self.response.signature)?,
            user_handle: self.response.user_handle.as_deref().map(part).transpose()?,
        })
    }
}

fn credential(kind: &str, raw_id: &str) -> Result<CredentialId, PasskeyError> {
    if kind != "public-key" {
        return Err(PasskeyError::Malformed);
    }
    CredentialId::from_bytes(&part(raw_id)?)
}

fn part(text: &str) -> Result<Vec<u8>, PasskeyError> {
    if text.len() > LARGEST_PART / 3 * 4 {
        return Err(PasskeyError::Malformed);
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| PasskeyError::Malformed)
}
