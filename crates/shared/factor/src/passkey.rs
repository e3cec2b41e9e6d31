//! Passkeys (Web Authentication Level 3): what a browser is asked for, and what it answers, verified.
//!
//! Only what Aside uses: attestation `none` (and the self-signed form browsers leave standing), user verification always
//! required, ES256, EdDSA and RS256.

mod authenticator_data;
mod cbor;
mod client_data;
mod cose;
mod credential;
mod options;
mod registration;
mod relying_party;
mod signed;
#[cfg(test)]
mod tests;

pub use credential::{AssertionResponse, CredentialId, Passkey, RegistrationResponse};
pub use options::{User, UserHandle, creation_options, request_options};
pub use registration::register;
pub use relying_party::{Challenge, RelyingParty};
pub use signed::verify;

/// Why a passkey's answer is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PasskeyError {
    /// It does not read as what a browser sends, or is too large.
    #[error("not a passkey's answer")]
    Malformed,
    /// It answers another kind of question: a creation for a request, or the other way round.
    #[error("an answer to another kind of question")]
    Type,
    /// Another challenge than the one that was given.
    #[error("another challenge")]
    Challenge,
    /// Asked by a page of another origin, or framed by one.
    #[error("another origin")]
    Origin,
    /// Made for another relying party.
    #[error("another relying party")]
    RelyingParty,
    /// Nobody was there, or nobody was verified.
    #[error("the person was not verified")]
    Unverified,
    /// An algorithm that was not offered, or a key that is none.
    #[error("not a key of an algorithm that was offered")]
    Key,
    /// An attestation that was not asked for.
    #[error("an attestation that was not asked for")]
    Attestation,
    /// Another credential, or of another person.
    #[error("another credential")]
    Credential,
    /// The signature is not the key's.
    #[error("not signed by the key")]
    Signature,
    /// The counter did not grow: the key may have been copied.
    #[error("the counter did not grow")]
    Counter,
}

impl PasskeyError {
    /// The reason's name, as audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Type => "type",
            Self::Challenge => "challenge",
            Self::Origin => "origin",
            Self::RelyingParty => "relying_party",
            Self::Unverified => "unverified",
            Self::Key => "key",
            Self::Attestation => "attestation",
            Self::Credential => "credential",
            Self::Signature => "signature",
            Self::Counter => "counter",
        }
    }
}
