//! Second factors (A5): one-time codes, passkeys and recovery codes, verified. Pure: it keeps nothing; who owns a factor, which
//! code was used before and which challenge was given to whom is its caller's to know.
//!
//! Everything a browser sends is hostile until it is verified: sizes are bounded before anything is parsed, and nothing panics.

#[cfg(any(test, feature = "authenticator"))]
pub mod authenticator;
mod passkey;
mod qr;
mod recovery;
mod totp;

pub use passkey::{
    AssertionResponse, Challenge, CredentialId, Passkey, PasskeyError, RegistrationResponse, RelyingParty, User,
    UserHandle, creation_options, register, request_options, verify,
};
pub use qr::{QrError, rows};
pub use recovery::{RECOVERY_CODES, RecoveryCode, RecoveryHash};
pub use totp::{STEP_SECONDS, TotpError, TotpSecret};
