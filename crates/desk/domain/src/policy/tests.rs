use proptest::prelude::*;

use super::*;

fn any_policy() -> impl Strategy<Value = Policy> {
    let password = (any::<bool>(), 5_u32..70, any::<bool>(), 0_u32..30, proptest::option::of(0_u32..100), 0_u32..12);
    let others = (any::<bool>(), 0_u32..12, any::<bool>(), 0_u32..17, any::<bool>(), 0_usize..3, 0_u32..26);
    (password, others).prop_map(|(password, others)| {
        let (nist, min_length, letters_and_digits, history, max_age_days, changes_per_day) = password;
        let (locks, tries, idles, lock_after_minutes, hide_card_numbers, factor, session_hours) = others;
        let profile = if nist { PasswordBook::Nist } else { PasswordBook::Pci };
        Policy {
            password: PasswordRules { profile, min_length, letters_and_digits, history, max_age_days, changes_per_day },
            lockout: Lockout { on: locks, tries, ..Lockout::default() },
            idle: Idle { on: idles, lock_after_minutes, ..Idle::default() },
            hide_card_numbers,
            second_factor: [SecondFactor::Off, SecondFactor::Viewers, SecondFactor::Everyone][factor],
            session_hours,
            ..Policy::default()
        }
    })
}

#[test]
fn the_default_is_in_range_and_meets_the_minimum() {
    assert_eq!(Policy::default().check(), Ok(()));
    assert!(Policy::default().forms_on());
    let nist = Policy { password: PasswordRules::nist(), ..Policy::default() };
    assert_eq!(nist.check(), Ok(()));
    assert!(nist.forms_on());
}

#[test]
fn each_part_of_the_minimum_can_be_missing_alone() {
    let password = PasswordRules { min_length: 11, ..PasswordRules::default() };
    let short = PasswordRules { history: 3, ..PasswordRules::default() };
    let plain = PasswordRules { letters_and_digits: false, ..PasswordRules::default() };
    let lockout = Lockout { on: false, ..Lockout::default() };
    let idle = Idle { on: false, ..Idle::default() };
    let loosened = [
        (Policy { password, ..Policy::default() }, MinimumPart::Password),
        (Policy { password: short, ..Policy::default() }, MinimumPart::Password),
        (Policy { password: plain, ..Policy::default() }, MinimumPart::Password),
        (Policy { lockout, ..Policy::default() }, MinimumPart::Lockout),
        (Policy { idle, ..Policy::default() }, MinimumPart::Idle),
        (Policy { hide_card_numbers: false, ..Policy::default() }, MinimumPart::HideCardNumbers),
        (Policy { second_factor: SecondFactor::Off, ..Policy::default() }, MinimumPart::SecondFactor),
    ];
    for (policy, part) in loosened {
        assert_eq!(policy.check(), Ok(()), "{part:?} is a choice");
        assert_eq!(forms_change(true, &policy), FormsChange::Stop(vec![part]));
        assert_eq!(forms_change(false, &policy), FormsChange::Same);
    }
    assert_eq!(forms_change(false, &Policy::default()), FormsChange::Resume);
    assert_eq!(forms_change(true, &Policy::default()), FormsChange::Same);
}

#[test]
fn working_hours_name_a_zone_and_each_day_once() {
    let with = |from_minute, to_minute, time_zone: &str, weekdays: &[u8]| {
        let hours = WorkingHours { from_minute, to_minute, time_zone: time_zone.into(), weekdays: weekdays.to_vec() };
        Policy { review: Review { working_hours: Some(hours), ..Review::default() }, ..Policy::default() }.check()
    };
    assert_eq!(with(480, 1_080, "Europe/Berlin", &[1, 2, 3, 4, 5]), Ok(()));
    assert_eq!(with(1_440, 1, "UTC", &[1]), Err(PolicyError("review.working_hours.from_minute")));
    assert_eq!(with(0, 0, "UTC", &[1]), Err(PolicyError("review.working_hours.to_minute")));
    assert_eq!(with(0, 1, "", &[1]), Err(PolicyError("review.working_hours.time_zone")));
    for days in [&[][..], &[0], &[8], &[1, 1]] {
        assert_eq!(with(0, 1, "UTC", days), Err(PolicyError("review.working_hours.weekdays")), "{days:?}");
    }
}

#[test]
fn a_policy_that_knows_fewer_fields_gets_the_defaults_and_an_unknown_field_is_refused() {
    assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), Policy::default());
    let some: Policy = serde_json::from_str(r#"{"idle": {"lock_after_minutes": 5}}"#).unwrap();
    assert_eq!(some.idle, Idle { lock_after_minutes: 5, ..Idle::default() });
    assert!(serde_json::from_str::<Policy>(r#"{"idle": {"never": true}}"#).is_err());
}

proptest! {
    #[test]
    fn a_policy_in_range_is_no_weaker_than_the_books_and_survives_its_json(policy in any_policy()) {
        let json = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Policy>(&json).unwrap(), &policy);
        if policy.check().is_ok() {
            // Never under 7 characters, 10 tries, 15 minutes, 24 hours, whatever is switched off.
            prop_assert!((7..=64).contains(&policy.password.min_length));
            prop_assert!((3..=10).contains(&policy.lockout.tries) && policy.lockout.minutes >= 30);
            prop_assert!((1..=15).contains(&policy.idle.lock_after_minutes));
            prop_assert!((1..=24).contains(&policy.session_hours) && policy.audit_days >= 365);
            prop_assert!(policy.password.max_age_days.is_none_or(|days| days <= 90));
            if policy.password.profile == PasswordBook::Nist {
                prop_assert!(policy.password.min_length >= 8 && policy.password.changes_per_day >= 10);
            }
        }
    }

    #[test]
    fn forms_are_on_exactly_while_all_five_parts_are_met(policy in any_policy(), on: bool) {
        let met = minimum(&policy).iter().all(|part| part.met);
        prop_assert_eq!(policy.forms_on(), met);
        match forms_change(on, &policy) {
            FormsChange::Same => prop_assert_eq!(on, met),
            FormsChange::Stop(parts) => prop_assert!(on && !met && !parts.is_empty()),
            FormsChange::Resume => prop_assert!(!on && met),
        }
        if met {
            prop_assert!(policy.second_factor != SecondFactor::Off);
            prop_assert!(policy.wants_factor(Permissions::of(&[Permission::UseSecureForms])));
        }
    }

    #[test]
    fn whoever_may_view_or_manage_needs_a_factor_by_default(
        chosen in proptest::sample::subsequence(Permission::ALL.to_vec(), 0..=12)
    ) {
        let permissions: Permissions = chosen.iter().copied().collect();
        let harmless = Permissions::of(&[Permission::HandleConversations, Permission::Export]);
        prop_assert_eq!(Policy::default().wants_factor(permissions), !permissions.is_within(harmless));
    }
}
