//! Server time in milliseconds. No visitor's or agent's clock is ever believed.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since the Unix epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment `seconds` later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0 + seconds as i64 * 1000)
    }

    /// The moment `span` later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Whole seconds from `self` until `later`, rounded up; zero once `later` has passed.
    #[must_use]
    pub const fn seconds_until(self, later: Self) -> u64 {
        let left = later.0.saturating_sub(self.0);
        if left <= 0 { 0 } else { (left as u64).div_ceil(1000) }
    }
}

/// Where time comes from. The programs pass the system's, the tests a [`ManualClock`].
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub const fn at(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves the clock `seconds` ahead.
    pub fn advance_seconds(&self, seconds: u32) {
        self.0.fetch_add(i64::from(seconds) * 1000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_counts_down_in_whole_seconds_and_stops_at_zero() {
        let start = Timestamp(10_000);
        assert_eq!(start.seconds_until(start.plus_seconds(2)), 2);
        assert_eq!(Timestamp(10_001).seconds_until(Timestamp(12_000)), 2);
        assert_eq!(start.seconds_until(start), 0);
        assert_eq!(start.plus_seconds(5).seconds_until(start), 0);
    }
}
