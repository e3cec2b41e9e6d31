//! Login and session of an agent.

use aside_base::{AgentId, OneTimeKey, Origin, SessionId, SiteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A login.
#[derive(Deserialize, ToSchema, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The site; may be left out where the house has only one.
    #[zeroize(skip)]
    #[schema(value_type = Option<String>)]
    pub site: Option<SiteId>,
    /// The agent's login name.
    pub name: String,
    /// The password.
    pub password: String,
}

/// The session a browser is in.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Who is signed in.
    pub agent: SignedInAgent,
    /// The session's name; opens nothing.
    #[schema(value_type = Uuid)]
    pub session: SessionId,
    /// The site.
    pub site: SiteName,
    /// Where the viewer frame lives.
    #[schema(value_type = String)]
    pub vault_origin: Origin,
    /// The key by which this browser becomes the session's viewer; none once one is enrolled, or while the vault is down.
    #[schema(required, value_type = Option<String>)]
    pub enrolment: Option<OneTimeKey>,
    /// Whether the vault answered just now.
    pub vault_up: bool,
}

/// The agent who is signed in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignedInAgent {
    /// The account.
    #[schema(value_type = Uuid)]
    pub id: AgentId,
    /// The login name.
    pub name: String,
    /// The name people see.
    pub display_name: String,
}

/// An agent by the name people see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgentName {
    /// The account.
    #[schema(value_type = Uuid)]
    pub id: AgentId,
    /// The name people see.
    pub display_name: String,
}

/// A site by its brand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SiteName {
    /// The site's short name.
    #[schema(value_type = String)]
    pub id: SiteId,
    /// The brand for people.
    pub brand: String,
}
