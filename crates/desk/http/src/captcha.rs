//! The CAPTCHA (A3): a proof of work that a browser does by itself. Nothing to see, nothing to solve; it costs a person
//! nothing and whoever tries a million passwords a million times as much.
//!
//! ALTCHA's protocol, version 2. Challenges are signed and live five minutes; that each works once is the store's to hold.

use std::collections::BTreeMap;

use altcha::{Challenge, CreateChallengeOptions, Payload, VerifySolutionOptions, create_challenge, verify_solution};
use aside_base::{Rng, Timestamp};
use aside_desk_store::SolvedCaptcha;
use aside_local_key::DerivedKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// How long a challenge may be answered, in seconds.
const LIFE: u32 = 300;
/// Iterations of one try.
const ITERATIONS: u32 = 1_000;
/// The fewest tries of a challenge of cost 1; the most are twice as many. About half a second in a browser.
const TRIES: u32 = 400;
/// The greatest cost there is; each doubles the work of the one before.
const GREATEST_COST: u8 = 8;
/// The longest answer that is read.
const LONGEST_ANSWER: usize = 4_096;

/// Where a challenge says until when it may be answered, in milliseconds since 1970.
const UNTIL: &str = "until";
/// Where a challenge says what it costs.
const COST: &str = "cost";

/// A challenge that cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("no challenge could be made: {0}")]
pub(crate) struct CaptchaError(#[from] altcha::Error);

/// An answer that is not accepted: wrong, stale or forged. Never said which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotSolved;

/// Makes challenges and checks answers.
pub(crate) struct Captcha {
    challenge_key: String,
    answer_key: String,
    key: DerivedKey,
}

impl Captcha {
    /// With keys made of `key`.
    pub(crate) fn new(key: DerivedKey) -> Self {
        let text = |part: &[u8]| STANDARD.encode(key.mac(&[part]));
        Self { challenge_key: text(b"challenge"), answer_key: text(b"answer"), key }
    }

    /// A fresh challenge. `cost` goes from 1 to 8.
    ///
    /// # Errors
    /// When the library refuses its own parameters.
    pub(crate) fn challenge(&self, cost: u8, now: Timestamp, rng: &dyn Rng) -> Result<Challenge, CaptchaError> {
        let cost = cost.clamp(1, GREATEST_COST);
        let tries = TRIES << (cost - 1);
        let spread = u32::from_be_bytes(rng.bytes::<4>()) % tries;
        let data = BTreeMap::from([
            (COST.to_owned(), Value::from(cost)),
            // Not the library's own `expiresAt`: it asks the machine's clock.
            (UNTIL.to_owned(), Value::from(now.plus_seconds(LIFE).0)),
        ]);
        Ok(create_challenge(CreateChallengeOptions {
            cost: ITERATIONS,
            counter: Some(tries + spread),
            data: Some(data),
            hmac_signature_secret: Some(self.challenge_key.clone()),
            hmac_key_signature_secret: Some(self.answer_key.clone()),
            ..CreateChallengeOptions::default()
        })?)
    }

    /// What an answer is worth. The store takes it once.
    ///
    /// # Errors
    /// [`NotSolved`].
    pub(crate) fn solved(&self, answer: &str, now: Timestamp) -> Result<SolvedCaptcha, NotSolved> {
        if answer.len() > LONGEST_ANSWER {
            return Err(NotSolved);
        }
        let json = STANDARD.decode(answer).map_err(|_| NotSolved)?;
        let Payload { challenge, solution } = serde_json::from_slice(&json).map_err(|_| NotSolved)?;
        let checked = verify_solution(VerifySolutionOptions {
            hmac_key_signature_secret: Some(self.answer_key.clone()),
            ..VerifySolutionOptions::new(&challenge, &solution, self.challenge_key.clone())
        });
        if !checked.is_ok_and(|checked| checked.verified) {
            return Err(NotSolved);
        }
        // Signed, so these are ours.
        let said = |name| challenge.parameters.data.as_ref().and_then(|data| data.get(name)?.as_i64());
        let (Some(until), Some(cost)) = (said(UNTIL).map(Timestamp), said(COST)) else { return Err(NotSolved) };
        if now >= until {
            return Err(NotSolved);
        }
        // Of the nonce, not of the signature: that one may be written in capitals too.
        let name = self.key.mac(&[b"name", challenge.parameters.nonce.as_bytes()]);
        Ok(SolvedCaptcha { name, ends_at: until, cost: u8::try_from(cost).map_err(|_| NotSolved)? })
    }
}

#[cfg(test)]
mod tests {
    use altcha::{SolveChallengeOptions, solve_challenge};
    use aside_base::SeededRng;
    use aside_local_key::LocalKey;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn captcha(seed: u64) -> Captcha {
        Captcha::new(LocalKey::generate(&SeededRng::new(seed)).derive("captcha 1"))
    }

    fn solve(challenge: &Challenge) -> Payload {
        let solution = solve_challenge(SolveChallengeOptions::new(challenge)).unwrap().unwrap();
        Payload { challenge: challenge.clone(), solution }
    }

    fn text(payload: &Payload) -> String {
        STANDARD.encode(serde_json::to_vec(payload).unwrap())
    }

    #[test]
    fn an_answer_has_one_name_however_it_is_written() {
        let captcha = captcha(1);
        let answer = solve(&captcha.challenge(1, NOW, &SeededRng::new(2)).unwrap());
        let solved = captcha.solved(&text(&answer), NOW).unwrap();
        assert_eq!((solved.cost, solved.ends_at), (1, NOW.plus_seconds(LIFE)));
        let mut shouted = answer;
        shouted.challenge.signature = shouted.challenge.signature.map(|signature| signature.to_uppercase());
        assert!(captcha.solved(&text(&shouted), NOW).is_err() || captcha.solved(&text(&shouted), NOW) == Ok(solved));
    }

    #[test]
    fn a_wrong_stale_forged_or_foreign_answer_is_worth_nothing() {
        let ours = captcha(1);
        let answer = solve(&ours.challenge(1, NOW, &SeededRng::new(2)).unwrap());
        let refused = |payload: &Payload, now| ours.solved(&text(payload), now) == Err(NotSolved);

        let mut wrong = answer.clone();
        wrong.solution.derived_key = "00".repeat(32);
        assert!(refused(&wrong, NOW));
        assert!(refused(&answer, NOW.plus_seconds(LIFE)));
        for (field, value) in [(UNTIL, i64::MAX), (COST, 8)] {
            let mut forged = answer.clone();
            forged.challenge.parameters.data.as_mut().unwrap().insert(field.to_owned(), Value::from(value));
            assert!(refused(&forged, NOW), "{field}");
        }
        let mut easy = answer.clone();
        easy.challenge.parameters.key_prefix = String::new();
        easy.challenge.parameters.key_signature = None;
        assert!(refused(&easy, NOW));
        let mut unsigned = answer.clone();
        unsigned.challenge.signature = None;
        assert!(refused(&unsigned, NOW));
        assert_eq!(captcha(3).solved(&text(&answer), NOW), Err(NotSolved));
        for text in ["", "{}", "e30=", &"A".repeat(LONGEST_ANSWER + 4)] {
            assert_eq!(ours.solved(text, NOW), Err(NotSolved), "{text:.20}");
        }
        assert!(ours.solved(&text(&answer), NOW).is_ok());
    }

    #[test]
    fn each_cost_doubles_the_work() {
        let (captcha, rng) = (captcha(1), SeededRng::new(2));
        for cost in [1, 2] {
            let challenge = captcha.challenge(cost, NOW, &rng).unwrap();
            let tries = solve(&challenge).solution.counter;
            let least = TRIES << (cost - 1);
            assert!((least..2 * least).contains(&tries), "{cost}: {tries}");
        }
    }
}
