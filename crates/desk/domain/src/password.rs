//! Which passwords a site takes (A2). What needs the hash (used before) or a list (common) is its caller's to find out.

use serde::{Deserialize, Serialize};

use crate::PasswordRules;

/// What is wrong with a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordFault {
    /// Fewer characters than the site demands.
    TooShort,
    /// More than 256 characters.
    TooLong,
    /// No digit in it.
    NoDigit,
    /// No letter in it.
    NoLetter,
    /// A list of known passwords and phrases has it.
    Common,
    /// A name of the person, the brand or this program in it.
    ContainsName,
    /// It is or was theirs.
    UsedBefore,
    /// Changed too often today.
    TooManyChanges,
}

/// The most characters of a password: more than anybody types, and little enough to hash.
pub const LONGEST_PASSWORD: usize = 256;

/// Shorter names stand in too many words to be forbidden.
const SHORTEST_NAME: usize = 3;

/// What can be said of a password by looking at it. `names` are what must not stand in it: the login name, the person's
/// name, the brand; parts of them count too.
#[must_use]
pub fn password_faults(clear: &str, rules: &PasswordRules, names: &[&str]) -> Vec<PasswordFault> {
    let length = clear.chars().count();
    let mut faults = Vec::new();
    if length < rules.min_length as usize {
        faults.push(PasswordFault::TooShort);
    }
    if length > LONGEST_PASSWORD {
        faults.push(PasswordFault::TooLong);
    }
    if rules.wants_letters_and_digits() {
        if !clear.chars().any(char::is_numeric) {
            faults.push(PasswordFault::NoDigit);
        }
        if !clear.chars().any(char::is_alphabetic) {
            faults.push(PasswordFault::NoLetter);
        }
    }
    let folded = clear.to_lowercase();
    let parts = names.iter().chain(&["aside"]).flat_map(|name| {
        let whole = std::iter::once(name.to_lowercase());
        whole.chain(name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase))
    });
    if parts.filter(|part| part.chars().count() >= SHORTEST_NAME).any(|part| folded.contains(&part)) {
        faults.push(PasswordFault::ContainsName);
    }
    faults
}

/// Why a password was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// The session has ended, or its stage is not one that changes passwords.
    #[error("the session cannot change the password")]
    Session,
    /// Somebody changed it meanwhile.
    #[error("the password is another one now")]
    Changed,
    /// Changed too often today.
    #[error("changed too often today")]
    TooManyChanges,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::PasswordBook;

    const NAMES: [&str; 3] = ["dana.kim@northwind", "Dana", "Northwind"];

    fn faults(clear: &str) -> Vec<PasswordFault> {
        password_faults(clear, &PasswordRules::default(), &NAMES)
    }

    #[test]
    fn each_fault_is_named() {
        use PasswordFault::{ContainsName, NoDigit, NoLetter, TooLong, TooShort};
        assert_eq!(faults("violet harbour 7 lamps"), []);
        assert_eq!(faults("harbour 7 l"), [TooShort]);
        assert_eq!(faults("violet harbour lamps"), [NoDigit]);
        assert_eq!(faults("2718281828459045"), [NoLetter]);
        assert_eq!(faults(&format!("{}7", "violet ".repeat(40))), [TooLong]);
        for named in ["my DANA harbour 7", "7 northWIND harbours", "harbour-aside-lamps7", "kim harbour lamps 7"] {
            assert_eq!(faults(named), [ContainsName], "{named}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        assert_eq!(faults("ぱすわあどはち7もじ"), [PasswordFault::TooShort]);
    }

    #[test]
    fn nist_asks_for_length_and_no_composition() {
        let rules = PasswordRules { profile: PasswordBook::Nist, min_length: 15, ..PasswordRules::default() };
        assert_eq!(password_faults("violet harbour lamps", &rules, &NAMES), []);
        assert_eq!(password_faults("violet harbour", &rules, &NAMES), [PasswordFault::TooShort]);
    }

    proptest! {
        #[test]
        fn what_is_taken_is_long_enough_and_has_letters_digits_and_no_name(
            clear in "[a-zA-Z0-9 äß李-]{0,40}", min_length in 7_u32..=64
        ) {
            let rules = PasswordRules { min_length, ..PasswordRules::default() };
            if password_faults(&clear, &rules, &NAMES).is_empty() {
                prop_assert!(clear.chars().count() >= min_length as usize);
                prop_assert!(clear.chars().any(char::is_alphabetic) && clear.chars().any(char::is_numeric));
                prop_assert!(!clear.to_lowercase().contains("dana") && !clear.to_lowercase().contains("aside"));
            }
        }
    }
}
