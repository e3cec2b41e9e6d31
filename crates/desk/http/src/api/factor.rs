//! A person's second factors at the desk (A5).

use aside_base::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::SessionView;

/// The second factors of whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Factors {
    /// The code app.
    #[schema(required)]
    pub totp: Option<TotpFactor>,
    /// Passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// Unused recovery codes.
    pub recovery_codes_left: u32,
}

/// A code app.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct TotpFactor {
    /// Since when.
    #[schema(value_type = i64)]
    pub since: Timestamp,
}

/// A passkey.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Passkey {
    /// Its id here.
    pub id: Uuid,
    /// What the person called it.
    pub name: String,
    /// Since when.
    #[schema(value_type = i64)]
    pub since: Timestamp,
    /// When it was last used.
    #[schema(required, value_type = Option<i64>)]
    pub last_used_at: Option<Timestamp>,
}

/// Sets a factor up. The password is asked for again, except where one must be set up to go on signing in.
#[derive(Deserialize, ToSchema, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct NewFactor {
    /// The password.
    pub password: Option<String>,
}

/// A code app's secret, shown once. It counts only when a code of it was given.
#[derive(Serialize, ToSchema, Zeroize, ZeroizeOnDrop)]
pub struct TotpSecret {
    /// In base32, to be typed.
    pub secret: String,
    /// As an `otpauth:` address.
    pub uri: String,
    /// The address as a square, row by row: `1` is dark.
    pub qr: Vec<String>,
}

/// A factor was set up.
#[derive(Serialize, ToSchema)]
pub struct FactorAdded {
    /// With the first factor, once: ten recovery codes.
    #[schema(required)]
    pub recovery_codes: Option<Vec<String>>,
    /// The session as it is now.
    pub session: SessionView,
}

/// Fresh recovery codes; the former are void.
#[derive(Serialize, ToSchema, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCodes {
    /// Ten, shown once.
    pub recovery_codes: Vec<String>,
}

/// What a browser's `navigator.credentials.get()` answered, as `PublicKeyCredential.toJSON()` writes it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyAssertion {
    /// The credential.
    #[schema(value_type = Object)]
    pub credential: serde_json::Value,
}

/// What `navigator.credentials.create()` answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// What the person calls it: 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// The credential.
    #[schema(value_type = Object)]
    pub credential: serde_json::Value,
}
