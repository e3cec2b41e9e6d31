//! Measures what hashing a password costs on this machine, one row for each setting, so that the setting is chosen and not
//! guessed: `cargo run -p aside-desk-http --example password_cost`.

#![expect(clippy::print_stdout, reason = "it reports to a terminal")]

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};

/// How often each setting is run.
const RUNS: usize = 15;

#[expect(clippy::disallowed_methods, reason = "it measures")]
fn main() -> Result<(), argon2::Error> {
    println!("{:>9} {:>6} {:>9} {:>9} {:>9}", "KiB", "passes", "least ms", "median ms", "most ms");
    for (memory, passes) in [(19_456, 2), (32_768, 2), (47_104, 1), (47_104, 2), (47_104, 3), (65_536, 2), (65_536, 3)]
    {
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory, passes, 1, None)?);
        let mut times = Vec::with_capacity(RUNS);
        for _ in 0..RUNS {
            let mut hash = [0; 32];
            let begun = Instant::now();
            argon.hash_password_into(b"violet harbour 7 lamps", &[7; 16], &mut hash)?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        let (least, median, most) = (millis(times[0]), millis(times[RUNS / 2]), millis(times[RUNS - 1]));
        println!("{memory:>9} {passes:>6} {least:>9.1} {median:>9.1} {most:>9.1}");
    }
    Ok(())
}
