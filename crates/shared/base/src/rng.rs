//! Randomness as an argument. Keys and tokens come from the operating system's generator, tests from a seed.

use std::sync::Mutex;

use aws_lc_rs::digest;

/// Where randomness comes from.
pub trait Rng: Send + Sync {
    /// Fills `bytes`. An implementation that cannot must abort the program: there is no safe answer without randomness.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Rng + '_ {
    /// `N` fresh bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// Repeatable bytes for tests: SHA-256 over seed and counter. Never for keys.
#[derive(Debug)]
pub struct SeededRng {
    seed: u64,
    counter: Mutex<u64>,
}

impl SeededRng {
    /// The generator that `seed` names.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, counter: Mutex::new(0) }
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        let mut counter = self.counter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in bytes.chunks_mut(32) {
            let mut input = [0; 16];
            input[..8].copy_from_slice(&self.seed.to_be_bytes());
            input[8..].copy_from_slice(&counter.to_be_bytes());
            *counter += 1;
            let block = digest::digest(&digest::SHA256, &input);
            chunk.copy_from_slice(&block.as_ref()[..chunk.len()]);
        }
    }
}
