//! The real clock and the real generator.

use std::time::{SystemTime, UNIX_EPOCH};

use aside_base::{Clock, Rng, Timestamp};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The file that this very program was started from: its sister programs lie beside it.
///
/// # Errors
/// The system does not say.
pub fn own_program() -> std::io::Result<std::path::PathBuf> {
    std::env::current_exe()
}

/// The operating system's generator, through the house's one cryptographic core.
#[derive(Debug, Default)]
pub struct SystemRng(SystemRandom);

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        if self.0.fill(bytes).is_err() {
            // A key made without randomness would be worse than no program.
            tracing::error!("the system gives no randomness");
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ_and_time_has_begun() {
        let rng = SystemRng::default();
        let rng: &dyn Rng = &rng;
        assert_ne!(rng.bytes::<32>(), rng.bytes::<32>());
        assert!(SystemClock.now() > Timestamp(1_700_000_000_000));
    }
}
