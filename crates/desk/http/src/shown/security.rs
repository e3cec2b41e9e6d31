//! A site's policy as the API writes it, and back.

use aside_desk_domain::{
    Idle, Lockout, MinimumPart, PasswordBook, PasswordRules, Policy, Review, SecondFactor, WorkingHours,
};

use crate::api;

pub(crate) fn policy(policy: &Policy) -> api::Policy {
    api::Policy {
        password: password_rules(&policy.password),
        lockout: api::Lockout {
            on: policy.lockout.on,
            tries: policy.lockout.tries,
            minutes: policy.lockout.minutes,
            captcha_after: policy.lockout.captcha_after,
        },
        idle: api::Idle {
            on: policy.idle.on,
            lock_after_minutes: policy.idle.lock_after_minutes,
            sign_out_after_minutes: policy.idle.sign_out_after_minutes,
        },
        session_hours: policy.session_hours,
        second_factor: match policy.second_factor {
            SecondFactor::Off => api::SecondFactorFor::Off,
            SecondFactor::Viewers => api::SecondFactorFor::Viewers,
            SecondFactor::Everyone => api::SecondFactorFor::Everyone,
        },
        hide_card_numbers: policy.hide_card_numbers,
        audit_days: policy.audit_days,
        idle_account_days: policy.idle_account_days,
        review: api::Review {
            reveals_per_hour: policy.review.reveals_per_hour,
            working_hours: policy.review.working_hours.as_ref().map(|hours| api::WorkingHours {
                from_minute: hours.from_minute,
                to_minute: hours.to_minute,
                time_zone: hours.time_zone.clone(),
                weekdays: hours.weekdays.clone(),
            }),
            unclosed_minutes: policy.review.unclosed_minutes,
        },
    }
}

pub(crate) fn policy_of(policy: api::Policy) -> Policy {
    Policy {
        password: PasswordRules {
            profile: match policy.password.profile {
                api::PasswordProfile::Pci => PasswordBook::Pci,
                api::PasswordProfile::Nist => PasswordBook::Nist,
            },
            min_length: policy.password.min_length,
            letters_and_digits: policy.password.letters_and_digits,
            history: policy.password.history,
            max_age_days: policy.password.max_age_days,
            changes_per_day: policy.password.changes_per_day,
        },
        lockout: Lockout {
            on: policy.lockout.on,
            tries: policy.lockout.tries,
            minutes: policy.lockout.minutes,
            captcha_after: policy.lockout.captcha_after,
        },
        idle: Idle {
            on: policy.idle.on,
            lock_after_minutes: policy.idle.lock_after_minutes,
            sign_out_after_minutes: policy.idle.sign_out_after_minutes,
        },
        session_hours: policy.session_hours,
        second_factor: match policy.second_factor {
            api::SecondFactorFor::Off => SecondFactor::Off,
            api::SecondFactorFor::Viewers => SecondFactor::Viewers,
            api::SecondFactorFor::Everyone => SecondFactor::Everyone,
        },
        hide_card_numbers: policy.hide_card_numbers,
        audit_days: policy.audit_days,
        idle_account_days: policy.idle_account_days,
        review: Review {
            reveals_per_hour: policy.review.reveals_per_hour,
            working_hours: policy.review.working_hours.map(|hours| WorkingHours {
                from_minute: hours.from_minute,
                to_minute: hours.to_minute,
                time_zone: hours.time_zone,
                weekdays: hours.weekdays,
            }),
            unclosed_minutes: policy.review.unclosed_minutes,
        },
    }
}

pub(crate) const fn password_rules(rules: &PasswordRules) -> api::PasswordRules {
    api::PasswordRules {
        profile: match rules.profile {
            PasswordBook::Pci => api::PasswordProfile::Pci,
            PasswordBook::Nist => api::PasswordProfile::Nist,
        },
        min_length: rules.min_length,
        letters_and_digits: rules.letters_and_digits,
        history: rules.history,
        max_age_days: rules.max_age_days,
        changes_per_day: rules.changes_per_day,
    }
}

pub(crate) const fn part(part: MinimumPart) -> api::Part {
    match part {
        MinimumPart::Password => api::Part::Password,
        MinimumPart::Lockout => api::Part::Lockout,
        MinimumPart::Idle => api::Part::IdleLock,
        MinimumPart::HideCardNumbers => api::Part::HideCardNumbers,
        MinimumPart::SecondFactor => api::Part::SecondFactor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_comes_back_as_it_went_out() {
        let hours = WorkingHours { from_minute: 480, to_minute: 1_080, time_zone: "UTC".into(), weekdays: vec![1, 5] };
        let odd = Policy {
            password: PasswordRules {
                profile: PasswordBook::Nist,
                min_length: 15,
                max_age_days: None,
                ..PasswordRules::default()
            },
            second_factor: SecondFactor::Everyone,
            review: Review { working_hours: Some(hours), ..Review::default() },
            ..Policy::default()
        };
        for original in [Policy::default(), odd] {
            assert_eq!(policy_of(policy(&original)), original);
        }
    }
}
