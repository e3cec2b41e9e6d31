//! Login in steps, and the session that comes of it.

use aside_base::{AgentId, OneTimeKey, Origin, SessionId, SiteId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{PasswordRules, Permission, Role};

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
    /// A solved challenge of `GET /api/captcha`, as base64 of its JSON; asked for after some failures.
    pub captcha: Option<String>,
}

/// The session a browser is in. Until it is `ready` and while it is locked, it says who but not what: no permission, no
/// enrolment, nothing of conversations but how many wait.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// Who is signed in.
    pub agent: SignedInAgent,
    /// The person's role.
    pub role: Role,
    /// What the person may do now; nothing before the session is ready and while it is locked.
    pub permissions: Vec<Permission>,
    /// The session's name; opens nothing.
    #[schema(value_type = Uuid)]
    pub session: SessionId,
    /// The site.
    pub site: SiteName,
    /// The next step of signing in.
    pub stage: Stage,
    /// Whether it is locked: unlock it first.
    pub locked: bool,
    /// Visitors who wait for an answer; for the lock screen.
    pub waiting: u32,
    /// The second factors that this person has at the desk.
    pub factors: FactorCounts,
    /// The rules that the faces speak of.
    pub rules: SessionRules,
    /// When the desk last heard of the person's input.
    #[schema(value_type = i64)]
    pub last_input_at: Timestamp,
    /// When the session ends at the latest.
    #[schema(value_type = i64)]
    pub ends_at: Timestamp,
    /// When a locked session is signed out.
    #[schema(required, value_type = Option<i64>)]
    pub locked_out_at: Option<Timestamp>,
    /// Where the viewer frame lives.
    #[schema(value_type = String)]
    pub vault_origin: Origin,
    /// The key by which this browser becomes the session's viewer; none once one is enrolled, or while the vault is down.
    #[schema(required, value_type = Option<String>)]
    pub enrolment: Option<OneTimeKey>,
    /// Whether the vault answered just now.
    pub vault_up: bool,
    /// Whether the person has a second factor at the vault; unknown where the vault was not asked.
    #[schema(required)]
    pub vault_factor: Option<bool>,
    /// Whether secure forms work on this site (A10).
    pub forms_on: bool,
}

/// A step of signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A code, a passkey or a recovery code is asked for.
    SecondFactor,
    /// A new password is asked for.
    NewPassword,
    /// A second factor must be set up.
    SetUpFactor,
    /// Signed in.
    Ready,
}

/// How many second factors a person has at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct FactorCounts {
    /// A code app.
    pub totp: bool,
    /// Passkeys.
    pub passkeys: u32,
    /// Unused recovery codes.
    pub recovery_codes_left: u32,
}

/// What the faces say about this site's rules.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionRules {
    /// For a new password.
    pub password: PasswordRules,
    /// Minutes without input until the session locks; never where that is off.
    #[schema(required)]
    pub lock_after_minutes: Option<u32>,
    /// Minutes until a locked session is signed out.
    pub sign_out_after_minutes: u32,
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

/// A code of a code app, or a recovery code.
#[derive(Deserialize, ToSchema, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// As typed; blanks and hyphens do not count.
    pub code: String,
}

/// The password, to unlock the session.
#[derive(Deserialize, ToSchema, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// The password.
    pub password: String,
    /// A solved challenge, as at sign-in; asked for after some failures.
    pub captcha: Option<String>,
}

/// The password again.
#[derive(Deserialize, ToSchema, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct PasswordAgain {
    /// The password.
    pub password: String,
}

/// A new password.
#[derive(Deserialize, ToSchema, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    pub current: String,
    /// The one from now on.
    pub new: String,
}

/// One of the person's own sessions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnSession {
    /// Its name.
    #[schema(value_type = Uuid)]
    pub id: SessionId,
    /// Since when.
    #[schema(value_type = i64)]
    pub started_at: Timestamp,
    /// When something was last done in it.
    #[schema(value_type = i64)]
    pub last_input_at: Timestamp,
    /// From which address it was begun.
    #[schema(required)]
    pub from: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Whether it is locked.
    pub locked: bool,
}
