//! Second factors of an account at the desk (A5): a code app, passkeys, recovery codes. What verifies them keeps nothing; here
//! stands what was kept.

use aside_base::{KeyHash, PasskeyId, Timestamp};

use crate::Policy;
use crate::permission::Permissions;

/// How many passkeys an account may have.
pub const MOST_PASSKEYS: usize = 10;

/// How many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;

/// A code app's secret, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpRecord {
    /// The secret, sealed under the desk's local key.
    pub sealed: Vec<u8>,
    /// Since when.
    pub since: Timestamp,
    /// The last time step whose code was used: none at or before it works again.
    pub last_step: u64,
}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRecord {
    /// Its id here.
    pub id: PasskeyId,
    /// What its person calls it, 1 to 60 characters.
    pub name: String,
    /// Its id at the authenticator, 1 to 1023 bytes.
    pub credential: Vec<u8>,
    /// Its public key, as the verifier wrote it.
    pub public_key: Vec<u8>,
    /// How often it was used, as the authenticator counts; 0 for ever where it does not.
    pub counter: u32,
    /// Whether it may live on several devices. Never changes.
    pub backup_eligible: bool,
    /// Since when.
    pub since: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// All of an account's second factors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Factors {
    /// The code app.
    pub totp: Option<TotpRecord>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<PasskeyRecord>,
    /// Recovery codes that were not used.
    pub recovery_codes_left: u32,
}

impl Factors {
    /// Whether there is one to ask for. Recovery codes stand in for one and are none themselves.
    #[must_use]
    pub fn any(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }

    /// Which kinds there are.
    #[must_use]
    pub fn count(&self) -> usize {
        usize::from(self.totp.is_some()) + self.passkeys.len()
    }
}

/// A factor that was shown and found right; whether it may be used (again) is decided with the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorProof {
    /// A code app's code, of this time step.
    Totp {
        /// Unix time divided by 30 seconds.
        step: u64,
    },
    /// A passkey's signature.
    Passkey {
        /// Which.
        id: PasskeyId,
        /// Its count afterwards.
        counter: u32,
    },
    /// A recovery code, by its hash.
    RecoveryCode(KeyHash),
}

/// A factor to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorName {
    /// The code app.
    Totp,
    /// A passkey.
    Passkey(PasskeyId),
}

/// Whether a code of `step` may be used after one of `last_step`: each step's code works once (RFC 6238, 5.2).
#[must_use]
pub const fn may_use_step(last_step: u64, step: u64) -> bool {
    step > last_step
}

/// Whether a passkey that counted to `before` may say `after`: a count that stands still or falls back is a copy's
/// (WebAuthn 6.1.1), unless the authenticator does not count.
#[must_use]
pub const fn may_use_counter(before: u32, after: u32) -> bool {
    (before == 0 && after == 0) || after > before
}

/// Why a factor cannot be set up or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FactorRefusal {
    /// The session has ended or is not at a stage that changes factors.
    #[error("the session cannot change factors")]
    Session,
    /// No such factor.
    #[error("no such factor")]
    NotFound,
    /// It is the last one, and the policy asks for one.
    #[error("a second factor is needed")]
    LastFactor,
    /// Ten passkeys are enough.
    #[error("an account has at most 10 passkeys")]
    TooMany,
    /// The passkey is registered already.
    #[error("the passkey is registered already")]
    Taken,
}

/// Whether one of `count` factors may be removed.
///
/// # Errors
/// [`FactorRefusal::LastFactor`] for the last one of somebody who needs one.
pub const fn may_remove(count: usize, policy: &Policy, permissions: Permissions) -> Result<(), FactorRefusal> {
    if count <= 1 && policy.wants_factor(permissions) { Err(FactorRefusal::LastFactor) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Role, SecondFactor};

    #[test]
    fn the_last_factor_of_somebody_who_needs_one_stays() {
        let policy = Policy::default();
        assert_eq!(may_remove(1, &policy, Role::Agent.defaults()), Err(FactorRefusal::LastFactor));
        assert_eq!(may_remove(2, &policy, Role::Agent.defaults()), Ok(()));
        assert_eq!(may_remove(1, &policy, Role::Manager.defaults()), Ok(()));
        let off = Policy { second_factor: SecondFactor::Off, ..policy };
        assert_eq!(may_remove(1, &off, Role::Admin.defaults()), Ok(()));
    }

    proptest! {
        #[test]
        fn no_step_and_no_count_is_used_twice(steps in prop::collection::vec(0_u64..40, 1..60), counts in prop::collection::vec(0_u32..40, 1..60)) {
            let mut last = 0;
            let mut used = Vec::new();
            for step in steps {
                if may_use_step(last, step) {
                    prop_assert!(!used.contains(&step));
                    used.push(step);
                    last = step;
                }
            }
            let mut before = 0;
            for after in counts {
                if may_use_counter(before, after) {
                    prop_assert!(after > before || after == 0);
                    before = after;
                }
            }
        }
    }
}
