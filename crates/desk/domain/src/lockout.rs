//! How wrong tries add up: a captcha first, then a lock, per account, per device and per network (A3).
//!
//! A try is charged before it is judged and refunded when it was right, so that many at once are not more than one after
//! the other.

use std::time::Duration;

use aside_base::Timestamp;

use crate::Lockout;

/// Wrong tries that count together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// How many.
    pub failures: u32,
    /// The last.
    pub last_at: Timestamp,
    /// Until when no more are taken.
    pub locked_until: Option<Timestamp>,
}

/// Whether a try is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// It is.
    Open,
    /// With a captcha of this cost, 1 to 8.
    Captcha(u8),
    /// Not before then.
    Locked(Timestamp),
}

fn minutes(minutes: u32) -> Duration {
    Duration::from_secs(u64::from(minutes) * 60)
}

impl Tries {
    /// None.
    pub const NONE: Self = Self { failures: 0, last_at: Timestamp(0), locked_until: None };

    /// What of them still counts at `now`: nothing after a lock, nor after as long without a try.
    #[must_use]
    pub fn at(self, lockout: &Lockout, now: Timestamp) -> Self {
        let over = match self.locked_until {
            Some(until) => until <= now,
            None => self.last_at.plus(minutes(lockout.minutes)) <= now,
        };
        if over { Self::NONE } else { self }
    }

    /// Whether another try is taken at `now`.
    #[must_use]
    pub fn gate(self, lockout: &Lockout, now: Timestamp) -> Gate {
        let tries = self.at(lockout, now);
        match tries.locked_until {
            Some(until) => Gate::Locked(until),
            None if tries.failures >= lockout.captcha_after => Gate::Captcha(1),
            None => Gate::Open,
        }
    }

    /// With one more, made at `now`.
    #[must_use]
    pub fn charged(self, lockout: &Lockout, now: Timestamp) -> Self {
        let tries = self.at(lockout, now);
        let failures = tries.failures.saturating_add(1);
        let locks = lockout.on && failures >= lockout.tries;
        Self { failures, last_at: now, locked_until: locks.then(|| now.plus(minutes(lockout.minutes))) }
    }

    /// How many more are taken before the lock.
    #[must_use]
    pub const fn left(self, lockout: &Lockout) -> u32 {
        lockout.tries.saturating_sub(self.failures)
    }
}

/// Wrong codes of a second factor: five, then half an hour.
pub const FACTOR_LOCKOUT: Lockout = Lockout { on: true, tries: 5, minutes: 30, captcha_after: u32::MAX };

/// Wrong tries from one network within ten minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkTries {
    /// How many.
    pub failures: u32,
    /// Since when they are counted.
    pub since: Timestamp,
}

/// How long a network's wrong tries count.
pub const NETWORK_WINDOW: Duration = Duration::from_secs(600);

/// So many wrong tries, and every further one of the network needs a captcha.
pub const NETWORK_TRIES: u32 = 30;

impl NetworkTries {
    /// None.
    pub const NONE: Self = Self { failures: 0, since: Timestamp(0) };

    /// What of them still counts at `now`.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        if self.since.plus(NETWORK_WINDOW) <= now { Self { failures: 0, since: now } } else { self }
    }

    /// Whether another try is taken at `now`: the cost doubles the work with every doubling of wrong tries.
    #[must_use]
    pub fn gate(self, now: Timestamp) -> Gate {
        let times = self.at(now).failures / NETWORK_TRIES;
        match times.checked_ilog2() {
            None => Gate::Open,
            Some(doublings) => Gate::Captcha(u8::try_from(doublings + 2).unwrap_or(8).min(8)),
        }
    }

    /// With one more, made at `now`.
    #[must_use]
    pub fn charged(self, now: Timestamp) -> Self {
        let tries = self.at(now);
        Self { failures: tries.failures.saturating_add(1), ..tries }
    }
}

impl Gate {
    /// The narrower of two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Locked(one), Self::Locked(two)) => Self::Locked(one.max(two)),
            (locked @ Self::Locked(_), _) | (_, locked @ Self::Locked(_)) => locked,
            (Self::Captcha(one), Self::Captcha(two)) => Self::Captcha(one.max(two)),
            (captcha @ Self::Captcha(_), _) | (_, captcha @ Self::Captcha(_)) => captcha,
            (Self::Open, Self::Open) => Self::Open,
        }
    }
}

/// Why a try is not taken. Said alike of names that exist and names that do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttemptRefusal {
    /// A captcha of this cost is needed, or the one that came was used before or too cheap.
    #[error("a captcha is needed")]
    Captcha(u8),
    /// Not before then.
    #[error("too many wrong tries")]
    Locked(Timestamp),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULE: Lockout = Lockout { on: true, tries: 6, minutes: 30, captcha_after: 3 };
    const START: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn three_wrong_tries_ask_for_a_captcha_and_six_lock_for_half_an_hour() {
        let mut tries = Tries::NONE;
        for failures in 0..6 {
            let gate = if failures < 3 { Gate::Open } else { Gate::Captcha(1) };
            assert_eq!((tries.gate(&RULE, START), tries.left(&RULE)), (gate, 6 - failures));
            tries = tries.charged(&RULE, START);
        }
        let until = START.plus_seconds(1_800);
        assert_eq!(tries.gate(&RULE, START), Gate::Locked(until));
        assert_eq!(tries.gate(&RULE, Timestamp(until.0 - 1)), Gate::Locked(until));
        assert_eq!(tries.gate(&RULE, until), Gate::Open);
    }

    #[test]
    fn a_network_pays_more_the_more_it_guesses_and_is_never_locked_out() {
        let gate = |failures| NetworkTries { failures, since: START }.gate(START);
        assert_eq!(
            [gate(29), gate(30), gate(60), gate(120)],
            [Gate::Open, Gate::Captcha(2), Gate::Captcha(3), Gate::Captcha(4)]
        );
        assert_eq!(gate(u32::MAX), Gate::Captcha(8));
        assert_eq!(NetworkTries { failures: 99, since: START }.gate(START.plus_seconds(600)), Gate::Open);
    }

    proptest! {
        #[test]
        fn no_pace_of_guessing_gets_more_than_the_tries_into_half_an_hour(pauses in prop::collection::vec(0_u32..2_400, 1..200)) {
            let (mut now, mut tries, mut taken) = (START, Tries::NONE, Vec::new());
            for pause in pauses {
                now = now.plus_seconds(pause);
                if !matches!(tries.gate(&RULE, now), Gate::Locked(_)) {
                    tries = tries.charged(&RULE, now);
                    taken.push(now);
                }
            }
            for (place, first) in taken.iter().enumerate() {
                let within = taken[place..].iter().take_while(|at| at.0 < first.0 + 1_800_000).count();
                prop_assert!(within <= 6, "{within}");
            }
            prop_assert!(tries.failures <= RULE.tries);
        }

        #[test]
        fn a_lock_always_ends(failures in 0_u32..20, ahead in 0_u32..100_000) {
            let mut tries = Tries::NONE;
            for _ in 0..failures {
                tries = tries.charged(&RULE, START);
            }
            let later = START.plus_seconds(1_800 + ahead);
            prop_assert_eq!(tries.gate(&RULE, later), Gate::Open);
        }

        #[test]
        fn switched_off_it_still_asks_for_captchas_and_never_locks(failures in 4_u32..100) {
            let off = Lockout { on: false, ..RULE };
            let tries = (0..failures).fold(Tries::NONE, |tries, _| tries.charged(&off, START));
            prop_assert_eq!(tries.gate(&off, START), Gate::Captcha(1));
        }
    }
}
