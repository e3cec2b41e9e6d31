//! People and their profiles, as whoever manages them sees them (A1).

use aside_base::{AgentId, SessionId, SiteId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::PasswordRules;

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers conversations.
    Agent,
    /// Leads agents.
    Manager,
    /// Sets the house up.
    Admin,
}

/// Something a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Read and answer conversations.
    HandleConversations,
    /// Send secure forms and view what came back.
    UseSecureForms,
    /// See a card number in full.
    RevealCardNumbers,
    /// View answers of conversations that are over.
    ViewHistoryAnswers,
    /// Take data out as files: the audit log, what is kept of a visitor.
    Export,
    /// Make and change forms.
    ManageForms,
    /// People, profiles, sessions of others.
    ManagePeople,
    /// The security policy.
    ManageSecurity,
    /// API keys.
    ManageKeys,
    /// Read the audit log and the reviews.
    ReadAudit,
    /// Copy an answer that was revealed.
    CopyAnswers,
    /// Erase what is kept of a visitor.
    EraseData,
}

/// Everybody of the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    /// By display name.
    pub people: Vec<Person>,
}

/// A person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// The account.
    #[schema(value_type = Uuid)]
    pub id: AgentId,
    /// The login name.
    pub name: String,
    /// The name people see.
    pub display_name: String,
    /// The role, which is the profile's.
    pub role: Role,
    /// The profile.
    pub profile: ProfileName,
    /// Whether the account works.
    pub state: PersonState,
    /// Until when failed logins keep the account locked.
    #[schema(required, value_type = Option<i64>)]
    pub locked_until: Option<Timestamp>,
    /// The strongest second factor at the desk.
    pub factor: StrongestFactor,
    /// When something was last done in a session.
    #[schema(required, value_type = Option<i64>)]
    pub last_seen_at: Option<Timestamp>,
    /// How many sessions live.
    pub sessions: u32,
}

/// A profile by its name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProfileName {
    /// Its id.
    pub id: Uuid,
    /// Its name; the role's own name in English where it is built in.
    pub name: String,
}

/// Whether an account works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonState {
    /// It works.
    Active,
    /// Its first password is not set yet.
    Invited,
    /// Somebody switched it off.
    Deactivated,
    /// Nobody signed in for so long that it was switched off.
    Idle,
}

/// The strongest second factor of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StrongestFactor {
    /// A code app.
    Totp,
    /// A passkey.
    Passkey,
    /// None yet.
    None,
}

/// A person with what hangs on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonPage {
    /// The person.
    pub person: Person,
    /// What the profile lets it do.
    pub permissions: Vec<Permission>,
    /// Its living sessions.
    pub sessions: Vec<PersonSession>,
}

/// A living session of somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonSession {
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
    /// Whether it is locked.
    pub locked: bool,
}

/// A person to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// The login name: 1 to 60 of a-z, 0-9, dot, hyphen, underscore and @.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// The name people see: 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub display_name: String,
    /// The profile.
    pub profile: Uuid,
}

/// A person was invited.
#[derive(Serialize, ToSchema)]
pub struct PersonInvited {
    /// The person.
    pub person: Person,
    /// The link by which it sets its first password: shown once.
    pub link: String,
    /// When the link ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
}

/// A link by which a person sets a password: shown once, works once.
#[derive(Serialize, ToSchema)]
pub struct WelcomeLink {
    /// The link.
    pub link: String,
    /// When it ends.
    #[schema(value_type = i64)]
    pub expires_at: Timestamp,
}

/// Another profile for a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherProfile {
    /// Which.
    pub profile: Uuid,
}

/// Another display name for a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherName {
    /// The name people see: 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub display_name: String,
}

/// A profile: what people of a role may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Profile {
    /// Its id.
    pub id: Uuid,
    /// Its role.
    pub role: Role,
    /// Its name.
    pub name: String,
    /// What it gives.
    pub permissions: Vec<Permission>,
    /// Whether it came with the house: it can be neither changed nor deleted.
    pub built_in: bool,
    /// How many people have it.
    pub people: u32,
    /// All that a profile of this role can give.
    pub ceiling: Vec<Permission>,
}

/// A profile to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProfile {
    /// Its role.
    pub role: Role,
    /// Its name: 1 to 60 characters, unique on the site.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// What it gives.
    pub permissions: Vec<Permission>,
}

/// A profile's new content; the role stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// Its name: 1 to 60 characters, unique on the site.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// What it gives.
    pub permissions: Vec<Permission>,
}

/// A link that was followed.
#[derive(Deserialize, ToSchema, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct WelcomeKey {
    /// What stands behind the `#` of the link.
    pub key: String,
}

/// Whom the link is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Welcomed {
    /// The site.
    #[schema(value_type = String)]
    pub site: SiteId,
    /// The login name.
    pub name: String,
    /// The name people see.
    pub display_name: String,
    /// The brand for people.
    pub brand: String,
    /// The rules for the password.
    pub policy: PasswordRules,
}

/// The password that a link sets.
#[derive(Deserialize, ToSchema, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct WelcomePassword {
    /// What stands behind the `#` of the link.
    pub key: String,
    /// The password from now on.
    pub password: String,
}
