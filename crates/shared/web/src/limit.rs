//! Rate limits of one node: GCRA per key, in memory, bounded.

use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

/// Over the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// Whole seconds until the next request will be let through, at least 1: the `Retry-After`.
    pub retry_after: u64,
}

/// A limit of so many per minute for each key (an [`crate::AddressPrefix`], an account), with a burst of the same size.
pub struct Limiter<K: Hash + Eq + Clone, C: Clock = DefaultClock> {
    limiter: RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    checks: AtomicU32,
}

/// After so many checks, keys that have been quiet are forgotten.
const SWEEP_EVERY: u32 = 4096;

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// A limit on the process's monotonic clock.
    #[must_use]
    pub fn per_minute(count: NonZeroU32) -> Self {
        Self::with_clock(count, DefaultClock::default())
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Limiter<K, C> {
    /// A limit on a clock of the caller's.
    #[must_use]
    pub fn with_clock(count: NonZeroU32, clock: C) -> Self {
        let limiter = RateLimiter::new(Quota::per_minute(count), DashMapStateStore::default(), clock.clone());
        Self { limiter, clock, checks: AtomicU32::new(0) }
    }

    /// Counts one request of `key`.
    ///
    /// # Errors
    /// [`TooMany`] when it must not be served.
    pub fn check(&self, key: &K) -> Result<(), TooMany> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            TooMany { retry_after: wait.as_secs() + 1 }
        })
    }
}

impl<K: Hash + Eq + Clone, C: Clock> fmt::Debug for Limiter<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Limiter")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn the_burst_passes_then_one_each_interval_and_keys_do_not_share() {
        let clock = FakeRelativeClock::default();
        let limiter = Limiter::with_clock(NonZeroU32::new(2).unwrap(), clock.clone());
        assert_eq!(limiter.check(&"a"), Ok(()));
        assert_eq!(limiter.check(&"a"), Ok(()));
        let refused = limiter.check(&"a").unwrap_err();
        assert!((30..=31).contains(&refused.retry_after), "{refused:?}");
        assert_eq!(limiter.check(&"b"), Ok(()));
        clock.advance(Duration::from_secs(refused.retry_after));
        assert_eq!(limiter.check(&"a"), Ok(()));
        assert!(limiter.check(&"a").is_err());
    }
}
