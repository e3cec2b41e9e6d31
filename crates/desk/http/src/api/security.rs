//! The security policy of a site and the minimum for secure forms (A2 to A5, A10).

use std::collections::BTreeMap;

use aside_base::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SiteName;

/// The policy and all that a person needs to change it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Security {
    /// The policy in force.
    pub policy: Policy,
    /// The least and the most of each number, by its path in the policy, such as `password.min_length`.
    pub ranges: BTreeMap<&'static str, Range>,
    /// The policy that a new site has.
    pub defaults: Policy,
    /// What secure forms need.
    pub minimum: Vec<MinimumPart>,
    /// Whether secure forms work.
    pub forms: FormsState,
    /// Whether disk space runs low.
    pub low_space: bool,
    /// The site.
    pub site: SiteName,
}

/// From the least to the most.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Range {
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
}

/// One thing that secure forms need.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct MinimumPart {
    /// Which.
    pub part: Part,
    /// Whether the policy has it.
    pub met: bool,
}

/// The parts of the minimum (A10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Password rules.
    Password,
    /// Lockout after failed logins.
    Lockout,
    /// Locking of idle sessions.
    IdleLock,
    /// Hiding of card numbers in the chat.
    HideCardNumbers,
    /// A second factor for whoever can view answers.
    SecondFactor,
}

impl Part {
    /// The part's name, as sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Lockout => "lockout",
            Self::IdleLock => "idle_lock",
            Self::HideCardNumbers => "hide_card_numbers",
            Self::SecondFactor => "second_factor",
        }
    }
}

/// Whether secure forms work on the site.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct FormsState {
    /// Whether they do.
    pub on: bool,
    /// Since when they do not.
    #[schema(required, value_type = Option<i64>)]
    pub stopped_since: Option<Timestamp>,
    /// Forms that are out and not answered: stopping cancels them.
    pub open_invitations: u32,
}

/// A policy to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityChange {
    /// The whole policy.
    pub policy: Policy,
    /// The brand's name, typed by whoever stops secure forms by this change.
    pub confirm: Option<String>,
}

/// A site's policy. Minutes, hours and days are whole numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Passwords (A2).
    pub password: PasswordRules,
    /// Lockout after failed logins (A3).
    pub lockout: Lockout,
    /// Idle sessions (A4).
    pub idle: Idle,
    /// The longest a session lives, in hours.
    pub session_hours: u32,
    /// Who needs a second factor (A5).
    pub second_factor: SecondFactorFor,
    /// Whether card numbers in the chat are masked (T1).
    pub hide_card_numbers: bool,
    /// How many days the audit log is kept.
    pub audit_days: u32,
    /// After how many days without a login an account is switched off.
    pub idle_account_days: u32,
    /// What raises an alert.
    pub review: Review,
}

/// Rules for passwords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordRules {
    /// Which standard's way.
    pub profile: PasswordProfile,
    /// The fewest characters.
    pub min_length: u32,
    /// Whether letters and digits are both asked for.
    pub letters_and_digits: bool,
    /// How many former passwords may not come back.
    pub history: u32,
    /// After how many days a new one is asked for, of accounts without a second factor; never where there is none.
    #[schema(required)]
    pub max_age_days: Option<u32>,
    /// The most changes a day.
    pub changes_per_day: u32,
}

/// Which standard's password rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordProfile {
    /// PCI DSS 4.0.1.
    Pci,
    /// NIST SP 800-63B.
    Nist,
}

/// Lockout after failed logins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lockout {
    /// Whether there is one.
    pub on: bool,
    /// After how many failures.
    pub tries: u32,
    /// For how many minutes.
    pub minutes: u32,
    /// After how many failures a CAPTCHA is asked for; 0 is from the first try.
    pub captcha_after: u32,
}

/// What becomes of an idle session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Idle {
    /// Whether it locks.
    pub on: bool,
    /// After how many minutes without input.
    pub lock_after_minutes: u32,
    /// Minutes until a locked session is signed out; 0 signs out instead of locking.
    pub sign_out_after_minutes: u32,
}

/// Who needs a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorFor {
    /// Nobody.
    Off,
    /// Whoever may view answers, manage or read the audit log.
    Viewers,
    /// Everybody.
    Everyone,
}

/// What raises an alert (A8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// More reveals than this by one person in an hour.
    pub reveals_per_hour: u32,
    /// A view outside these hours; never where there are none.
    #[schema(required)]
    pub working_hours: Option<WorkingHours>,
    /// A view that stays open for longer than so many minutes.
    pub unclosed_minutes: u32,
}

/// Working hours, in a time zone of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// From this minute of the day.
    pub from_minute: u32,
    /// To this minute of the day.
    pub to_minute: u32,
    /// The time zone, as the IANA database names it.
    pub time_zone: String,
    /// On these days: 1 is Monday, 7 is Sunday.
    pub weekdays: Vec<u8>,
}
