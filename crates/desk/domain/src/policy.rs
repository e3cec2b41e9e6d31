//! What a site demands of its people, and the minimum without which secure forms stay off (A2 to A5, A10).
//!
//! The defaults are the strictest of PCI DSS 4.0.1 and the mission's rows, and meet the minimum.

use serde::{Deserialize, Serialize};

use crate::{Permission, Permissions};

/// By which book passwords are judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordBook {
    /// PCI DSS 4.0.1: letters and digits, expiry, history.
    #[default]
    Pci,
    /// NIST SP 800-63B: length and a list of known passwords; no composition, no expiry.
    Nist,
}

/// What a password must be (A2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordRules {
    /// By which book.
    pub profile: PasswordBook,
    /// Fewest characters.
    pub min_length: u32,
    /// At least one letter and one digit. Not asked for by `nist`.
    pub letters_and_digits: bool,
    /// How many former passwords cannot come back, the present one among them.
    pub history: u32,
    /// After how many days a password must be changed where it is the only factor; none: never. Not asked for by `nist`.
    pub max_age_days: Option<u32>,
    /// How often a person may change it within 24 hours.
    pub changes_per_day: u32,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self {
            profile: PasswordBook::Pci,
            min_length: 12,
            letters_and_digits: true,
            history: 4,
            max_age_days: Some(90),
            changes_per_day: 2,
        }
    }
}

impl PasswordRules {
    /// What the `nist` book begins with: fifteen characters, which it asks for where a password is the only factor.
    #[must_use]
    pub const fn nist() -> Self {
        Self {
            profile: PasswordBook::Nist,
            min_length: 15,
            letters_and_digits: false,
            history: 4,
            max_age_days: None,
            changes_per_day: 10,
        }
    }

    /// Whether letters and digits are demanded.
    #[must_use]
    pub fn wants_letters_and_digits(&self) -> bool {
        self.profile == PasswordBook::Pci && self.letters_and_digits
    }

    /// After how many days a password that is the only factor must be changed.
    #[must_use]
    pub fn expires_after_days(&self) -> Option<u32> {
        self.max_age_days.filter(|_| self.profile == PasswordBook::Pci)
    }
}

/// When too many wrong tries lock an account, and when a captcha is asked for before that (A3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lockout {
    /// Whether accounts are locked at all.
    pub on: bool,
    /// After how many wrong tries.
    pub tries: u32,
    /// For how many minutes.
    pub minutes: u32,
    /// After how many wrong tries a captcha is asked for; 0 asks always.
    pub captcha_after: u32,
}

impl Default for Lockout {
    fn default() -> Self {
        Self { on: true, tries: 6, minutes: 30, captcha_after: 3 }
    }
}

/// When a console without input locks and signs out (A4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Idle {
    /// Whether it locks by itself.
    pub on: bool,
    /// After how many minutes without input.
    pub lock_after_minutes: u32,
    /// How many minutes later it signs out; 0 signs out instead of locking.
    pub sign_out_after_minutes: u32,
}

impl Default for Idle {
    fn default() -> Self {
        Self { on: true, lock_after_minutes: 15, sign_out_after_minutes: 15 }
    }
}

/// Who needs a second factor to sign in (A5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// Nobody: it is asked for where a person has set one up.
    Off,
    /// Whoever may view answers, read the audit log or manage anything.
    #[default]
    Viewers,
    /// Everybody.
    Everyone,
}

/// When work is expected; a reveal at other times is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// Minutes after midnight when it begins, 0 to 1439.
    pub from_minute: u32,
    /// Minutes after midnight when it ends, 1 to 1440; before `from_minute` means on the next day.
    pub to_minute: u32,
    /// An IANA time zone, such as `Europe/Berlin`.
    pub time_zone: String,
    /// ISO weekdays, 1 for Monday to 7 for Sunday.
    pub weekdays: Vec<u8>,
}

/// What raises an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Review {
    /// More reveals of one person within an hour.
    pub reveals_per_hour: u32,
    /// Reveals outside of these; none: at any time.
    pub working_hours: Option<WorkingHours>,
    /// A view that was not closed within so many minutes.
    pub unclosed_minutes: u32,
}

impl Default for Review {
    fn default() -> Self {
        Self { reveals_per_hour: 20, working_hours: None, unclosed_minutes: 60 }
    }
}

/// A site's policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What a password must be.
    pub password: PasswordRules,
    /// When accounts lock.
    pub lockout: Lockout,
    /// When consoles lock.
    pub idle: Idle,
    /// The longest a session lives, in hours.
    pub session_hours: u32,
    /// Who needs a second factor.
    pub second_factor: SecondFactor,
    /// Whether card numbers in the chat are masked (T1).
    pub hide_card_numbers: bool,
    /// For how many days the audit log is kept.
    pub audit_days: u32,
    /// After how many days without a sign-in an account is disabled (PCI 8.2.6).
    pub idle_account_days: u32,
    /// What raises an alert.
    pub review: Review,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            password: PasswordRules::default(),
            lockout: Lockout::default(),
            idle: Idle::default(),
            session_hours: 12,
            second_factor: SecondFactor::Viewers,
            hide_card_numbers: true,
            audit_days: 400,
            idle_account_days: 90,
            review: Review::default(),
        }
    }
}

/// A number's range in a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Its place, such as `password.min_length`.
    pub field: &'static str,
    /// The least.
    pub least: u32,
    /// The most.
    pub most: u32,
}

/// A field of a policy that is out of its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}: out of its range")]
pub struct PolicyError(pub &'static str);

impl Policy {
    /// Every number with its range, for this policy's password book.
    #[must_use]
    pub fn ranges(&self) -> Vec<Range> {
        self.numbers().into_iter().map(|(range, _)| range).collect()
    }

    fn numbers(&self) -> Vec<(Range, Option<u32>)> {
        let Self { password, lockout, idle, review, .. } = self;
        let range = |field, least, most, value| (Range { field, least, most }, value);
        let (shortest, least_changes) = match password.profile {
            PasswordBook::Pci => (7, 1),
            PasswordBook::Nist => (8, 10),
        };
        let mut numbers = vec![
            range("password.min_length", shortest, 64, Some(password.min_length)),
            range("password.history", 0, 24, Some(password.history)),
            range("password.max_age_days", 1, 90, password.max_age_days),
            range("password.changes_per_day", least_changes, 10, Some(password.changes_per_day)),
            range("lockout.tries", 3, 10, Some(lockout.tries)),
            range("lockout.minutes", 30, 1_440, Some(lockout.minutes)),
            range("lockout.captcha_after", 0, 9, Some(lockout.captcha_after)),
            range("idle.lock_after_minutes", 1, 15, Some(idle.lock_after_minutes)),
            range("idle.sign_out_after_minutes", 0, 60, Some(idle.sign_out_after_minutes)),
            range("session_hours", 1, 24, Some(self.session_hours)),
            range("audit_days", 365, 3_650, Some(self.audit_days)),
            range("idle_account_days", 1, 90, Some(self.idle_account_days)),
            range("review.reveals_per_hour", 1, 1_000, Some(review.reveals_per_hour)),
            range("review.unclosed_minutes", 5, 1_440, Some(review.unclosed_minutes)),
        ];
        if let Some(hours) = &review.working_hours {
            numbers.push(range("review.working_hours.from_minute", 0, 1_439, Some(hours.from_minute)));
            numbers.push(range("review.working_hours.to_minute", 1, 1_440, Some(hours.to_minute)));
        }
        numbers
    }

    /// Checks that every field lies in its range. Whether the time zone exists, its reader says.
    ///
    /// # Errors
    /// The first field that does not.
    pub fn check(&self) -> Result<(), PolicyError> {
        for (Range { field, least, most }, value) in self.numbers() {
            if value.is_some_and(|value| !(least..=most).contains(&value)) {
                return Err(PolicyError(field));
            }
        }
        let Some(WorkingHours { time_zone, weekdays, .. }) = &self.review.working_hours else { return Ok(()) };
        if !(1..=64).contains(&time_zone.len()) || !time_zone.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(PolicyError("review.working_hours.time_zone"));
        }
        let named = |day: &u8| (1..=7).contains(day) && weekdays.iter().filter(|other| *other == day).count() == 1;
        if weekdays.is_empty() || !weekdays.iter().all(named) {
            return Err(PolicyError("review.working_hours.weekdays"));
        }
        Ok(())
    }

    /// Whether whoever may do this needs a second factor to sign in.
    #[must_use]
    pub const fn wants_factor(&self, permissions: Permissions) -> bool {
        const VIEWERS: Permissions = Permissions::of(&[
            Permission::UseSecureForms,
            Permission::RevealCardNumbers,
            Permission::ViewHistoryAnswers,
            Permission::ManageForms,
            Permission::ManagePeople,
            Permission::ManageSecurity,
            Permission::ManageKeys,
            Permission::ReadAudit,
            Permission::CopyAnswers,
            Permission::EraseData,
        ]);
        match self.second_factor {
            SecondFactor::Off => false,
            SecondFactor::Viewers => permissions.has_any(VIEWERS),
            SecondFactor::Everyone => true,
        }
    }

    /// Whether secure forms are on: every part of the minimum is met (A10).
    #[must_use]
    pub fn forms_on(&self) -> bool {
        minimum(self).iter().all(|part| part.met)
    }
}

/// One part of the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MinimumPart {
    /// Twelve characters, letters and digits or the `nist` book, the last four not again.
    Password,
    /// Accounts lock.
    Lockout,
    /// Consoles lock.
    Idle,
    /// Card numbers in the chat are masked.
    HideCardNumbers,
    /// Viewers need a second factor.
    SecondFactor,
}

/// Whether a part of the minimum is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which.
    pub part: MinimumPart,
    /// Whether it is.
    pub met: bool,
}

/// The minimum, part by part, and whether `policy` meets it (A10).
#[must_use]
pub fn minimum(policy: &Policy) -> [Part; 5] {
    let Policy { password, lockout, idle, .. } = policy;
    let composed = password.profile == PasswordBook::Nist || password.letters_and_digits;
    [
        Part { part: MinimumPart::Password, met: password.min_length >= 12 && password.history >= 4 && composed },
        Part { part: MinimumPart::Lockout, met: lockout.on },
        Part { part: MinimumPart::Idle, met: idle.on },
        Part { part: MinimumPart::HideCardNumbers, met: policy.hide_card_numbers },
        Part { part: MinimumPart::SecondFactor, met: policy.second_factor != SecondFactor::Off },
    ]
}

/// What a change of policy does to secure forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormsChange {
    /// They stay as they are.
    Same,
    /// They stop: these parts are no longer met.
    Stop(Vec<MinimumPart>),
    /// They go on.
    Resume,
}

/// What happens to secure forms that are on or stopped when `policy` becomes the site's.
#[must_use]
pub fn forms_change(on: bool, policy: &Policy) -> FormsChange {
    match (on, policy.forms_on()) {
        (true, false) => {
            let unmet = minimum(policy).into_iter().filter(|part| !part.met);
            FormsChange::Stop(unmet.map(|part| part.part).collect())
        }
        (false, true) => FormsChange::Resume,
        _ => FormsChange::Same,
    }
}

/// Why a policy cannot become the site's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRefusal {
    /// No such site.
    #[error("no such site")]
    NotFound,
    /// A field is out of its range.
    #[error(transparent)]
    Range(#[from] PolicyError),
    /// It stops secure forms, and nobody said yes to that.
    #[error("this stops secure forms")]
    Confirm {
        /// The parts of the minimum that would not be met.
        parts: Vec<MinimumPart>,
        /// Invitations that would be cancelled.
        open_invitations: u32,
    },
}

#[cfg(test)]
mod tests;
