//! Passwords of agents: argon2id, off the async threads, never more at once than the machine has cores.
//!
//! An unknown name costs the same work as a known one. Nothing here keeps, logs or compares a password itself.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use aside_base::Rng;
use aside_desk_domain::{LONGEST_PASSWORD, PasswordFault, PasswordRules, password_faults};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// How long a login may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Fewer guesses than 10⁸ are too few: lists of known passwords, phrases, runs of keys and dates are tried first.
const COMMON_BELOW: Score = Score::Three;

/// What hashing a password costs whoever has the hash, and us at each login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory of one hash, in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Cost {
    /// The least that OWASP's password storage cheat sheet asks of argon2id.
    pub const LEAST: Self = Self { memory: 19_456, passes: 2 };

    fn argon(self) -> Result<Argon2<'static>, PasswordError> {
        let params = Params::new(self.memory, self.passes, 1, None).map_err(|_| PasswordError::Hasher)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

impl Default for Cost {
    /// 46 MiB and two passes, about 0.1 s: measured by `examples/password_cost.rs`. A verifier on each core takes 46 MiB.
    fn default() -> Self {
        Self { memory: 47_104, passes: 2 }
    }
}

/// A password that cannot be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than twelve characters (A2's default) or more than [`LONGEST_PASSWORD`].
    #[error("a password has 12 to 256 characters")]
    Length,
    /// The hasher refused.
    #[error("the password could not be hashed")]
    Hasher,
}

/// Too many logins at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crowded;

/// A turn at the hasher, taken before a try is charged: a crowd must not cost anybody a try.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

/// Hashes a first password that an operator gives, as a PHC string. Its person must change it at once.
///
/// # Errors
/// See [`PasswordError`].
pub fn hash(password: &str, rng: &dyn Rng) -> Result<String, PasswordError> {
    if !(12..=LONGEST_PASSWORD).contains(&password.chars().count()) {
        return Err(PasswordError::Length);
    }
    hash_any(password, Cost::default(), &rng.bytes())
}

fn hash_any(password: &str, cost: Cost, salt: &[u8; 16]) -> Result<String, PasswordError> {
    let hash: PasswordHash =
        cost.argon()?.hash_password_with_salt(normal(password).as_bytes(), salt).map_err(|_| PasswordError::Hasher)?;
    Ok(hash.to_string())
}

/// One keyboard's é is another's e + accent: NFKC, as NIST SP 800-63B asks.
fn normal(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

/// Everything wrong with a new password that can be said without its former ones. `names` must not stand in it.
#[must_use]
pub(crate) fn faults(password: &str, rules: &PasswordRules, names: &[&str]) -> Vec<PasswordFault> {
    let password = normal(password);
    let mut faults = password_faults(&password, rules, names);
    // The names weigh there too, also written with a 3 for an e. It reads 100 characters at most.
    if zxcvbn(&password, names).score() < COMMON_BELOW {
        faults.push(PasswordFault::Common);
    }
    faults
}

/// Whether a stored hash was made at another cost than the present one: it is made anew at the next login.
fn is_dated(stored: &PasswordHash, cost: Cost) -> bool {
    let params = Params::try_from(stored);
    params.map_or(true, |params| (params.m_cost(), params.t_cost(), params.p_cost()) != (cost.memory, cost.passes, 1))
}

/// What checking a password said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Checked {
    /// It is not the one.
    Wrong,
    /// It is.
    Right,
    /// It is; the hash was made at another cost, and this is it anew.
    RightAnew(String),
}

impl Checked {
    /// Whether it was the right one.
    #[must_use]
    pub(crate) const fn is_right(&self) -> bool {
        !matches!(self, Self::Wrong)
    }
}

/// Checks and hashes passwords, in turns.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    cost: Cost,
    rng: Arc<dyn Rng>,
    /// The hash that an unknown name is checked against.
    nobody: Arc<str>,
}

impl Passwords {
    /// As many at once as there are cores.
    ///
    /// # Errors
    /// When the hasher refuses to work at all.
    pub(crate) fn new(cost: Cost, rng: Arc<dyn Rng>) -> Result<Self, PasswordError> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let random = rng.bytes::<32>().map(|byte| char::from(b'a' + byte % 26));
        let nobody = hash_any(&random.iter().collect::<String>(), cost, &rng.bytes())?;
        Ok(Self { turns: Arc::new(Semaphore::new(cores)), cost, rng, nobody: nobody.into() })
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Crowded`] when it did not come in time.
    pub(crate) async fn turn(&self) -> Result<Turn, Crowded> {
        match tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn { _permit: permit }),
            Ok(Err(_)) | Err(_) => Err(Crowded),
        }
    }

    /// Whether `password` is the one that `stored` is the hash of. Without `stored` the answer is no, after the same work.
    ///
    /// # Errors
    /// [`Crowded`] when the program is stopping.
    pub(crate) async fn check(
        &self,
        turn: Turn,
        password: Zeroizing<String>,
        stored: Option<String>,
    ) -> Result<Checked, Crowded> {
        let (nobody, cost, salt) = (Arc::clone(&self.nobody), self.cost, self.rng.bytes());
        in_turn(turn, move || {
            let known = stored.is_some();
            // A longer one is nobody's; cutting it keeps the work the same.
            let fitting = password.chars().count() <= LONGEST_PASSWORD;
            let tried = if fitting { &*password } else { "" };
            let Ok(hash) = PasswordHash::new(stored.as_deref().unwrap_or(&nobody)) else { return Checked::Wrong };
            let fits = Argon2::default().verify_password(normal(tried).as_bytes(), &hash).is_ok();
            if !(fits && known && fitting) {
                return Checked::Wrong;
            }
            match is_dated(&hash, cost).then(|| hash_any(tried, cost, &salt)) {
                Some(Ok(anew)) => Checked::RightAnew(anew),
                Some(Err(_)) | None => Checked::Right,
            }
        })
        .await
    }

    /// Whether `password` is one that any of `former` is the hash of.
    ///
    /// # Errors
    /// [`Crowded`] when its turn did not come in time.
    pub(crate) async fn is_any_of(&self, password: Zeroizing<String>, former: Vec<String>) -> Result<bool, Crowded> {
        in_turn(self.turn().await?, move || {
            let password = normal(&password);
            let fits = |stored: &String| {
                PasswordHash::new(stored)
                    .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
            };
            former.iter().any(fits)
        })
        .await
    }

    /// Hashes a new password, as a PHC string.
    ///
    /// # Errors
    /// [`Crowded`] when its turn did not come in time.
    pub(crate) async fn hash(&self, password: Zeroizing<String>) -> Result<String, Crowded> {
        let (cost, salt) = (self.cost, self.rng.bytes());
        in_turn(self.turn().await?, move || hash_any(&password, cost, &salt)).await?.map_err(|_| Crowded)
    }
}

async fn in_turn<T: Send + 'static>(turn: Turn, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Crowded> {
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(|_| Crowded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aside_base::SeededRng;

    fn clear(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    async fn check(passwords: &Passwords, text: &str, stored: Option<String>) -> Checked {
        passwords.check(passwords.turn().await.unwrap(), clear(text), stored).await.unwrap()
    }

    fn passwords(cost: Cost) -> Passwords {
        Passwords::new(cost, Arc::new(SeededRng::new(3))).unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_no_other() {
        let passwords = passwords(Cost::LEAST);
        let stored = passwords.hash(clear("violet harbour 7 lamps")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let check = async |text, stored| check(&passwords, text, stored).await;
        assert_eq!(check("violet harbour 7 lamps", Some(stored.clone())).await, Checked::Right);
        assert_eq!(check("violet harbour 7 lampz", Some(stored)).await, Checked::Wrong);
        assert_eq!(check("violet harbour 7 lamps", None).await, Checked::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_made_anew_once_the_password_was_right() {
        let stored = hash("violet harbour 7 lamps", &SeededRng::new(4)).unwrap();
        let passwords = passwords(Cost::LEAST);
        let Checked::RightAnew(anew) = check(&passwords, "violet harbour 7 lamps", Some(stored.clone())).await else {
            panic!("it is right and dated")
        };
        assert_eq!(check(&passwords, "violet harbour 7 lamps", Some(anew)).await, Checked::Right);
        assert_eq!(check(&passwords, "violet harbour 7 lampz", Some(stored)).await, Checked::Wrong);
    }

    #[tokio::test]
    async fn a_broken_stored_hash_opens_nothing() {
        assert_eq!(check(&passwords(Cost::LEAST), "", Some(String::new())).await, Checked::Wrong);
    }

    #[tokio::test]
    async fn both_spellings_of_an_accent_are_one_password() {
        let passwords = passwords(Cost::LEAST);
        let stored = passwords.hash(clear("caf\u{e9} au lait noir")).await.unwrap();
        assert_eq!(check(&passwords, "cafe\u{301} au lait noir", Some(stored.clone())).await, Checked::Right);
        assert_eq!(passwords.is_any_of(clear("cafe\u{301} au lait noir"), vec![String::new(), stored]).await, Ok(true));
    }

    #[test]
    fn a_short_or_a_giant_first_password_is_refused() {
        let rng = SeededRng::new(5);
        assert_eq!(hash("elevenchars", &rng), Err(PasswordError::Length));
        assert_eq!(hash(&"x".repeat(LONGEST_PASSWORD + 1), &rng), Err(PasswordError::Length));
    }

    #[tokio::test]
    async fn the_longest_password_works_and_one_character_more_opens_nothing() {
        let passwords = passwords(Cost::LEAST);
        let longest = "ß".repeat(LONGEST_PASSWORD);
        let stored = passwords.hash(clear(&longest)).await.unwrap();
        assert_eq!(check(&passwords, &longest, Some(stored.clone())).await, Checked::Right);
        let empty = passwords.hash(clear("")).await.unwrap();
        assert_eq!(check(&passwords, &format!("{longest}x"), Some(empty)).await, Checked::Wrong);
    }

    #[test]
    fn what_stands_on_every_list_is_refused_however_it_is_dressed_up() {
        let rules = PasswordRules::default();
        let names = ["dana", "Dana", "Northwind"];
        for common in [
            "password1234",
            "Passw0rd1234",
            "qwertyuiop123",
            "111111111111a",
            "abcdefghijk1",
            "iloveyou2019",
            "D4na-D4na-D4na",
        ] {
            assert!(faults(common, &rules, &names).contains(&PasswordFault::Common), "{common}");
        }
        assert_eq!(faults("violet harbour 7 lamps", &rules, &names), []);
    }
}
