//! API keys of other systems (A9).

use aside_base::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read and export the audit log.
    AuditRead,
    /// Read people and profiles.
    PeopleRead,
    /// Read the security policy.
    SecurityRead,
    /// Find visitors and export what the desk keeps of them.
    PrivacyExport,
    /// Find visitors and erase what is kept of them in both zones.
    PrivacyErase,
}

/// An API key, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKey {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// How it begins, to know it by.
    pub prefix: String,
    /// What it opens.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[schema(value_type = i64)]
    pub created_at: Timestamp,
    /// When it ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
    /// When it was last used.
    #[schema(required, value_type = Option<i64>)]
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(required, value_type = Option<i64>)]
    pub revoked_at: Option<Timestamp>,
}

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for: 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// What it opens: at least one.
    pub scopes: Vec<Scope>,
    /// For how many days: 1 to 365.
    #[schema(minimum = 1, maximum = 365)]
    pub days: u32,
}

/// A key that was made.
#[derive(Serialize, ToSchema, Zeroize, ZeroizeOnDrop)]
pub struct ApiKeyMade {
    /// The whole key, for `Authorization: Bearer …`: shown once.
    pub key: String,
    /// What stands in the list.
    #[zeroize(skip)]
    #[serde(flatten)]
    pub made: ApiKey,
}
