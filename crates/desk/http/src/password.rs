//! Passwords of agents: argon2id, off the async threads, never more at once than the machine has cores.
//!
//! An unknown name costs the same work as a known one. Nothing here keeps, logs or compares a password itself.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use aside_base::Rng;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The most bytes of a password; longer ones are refused before any work.
pub const LONGEST: usize = 1_024;
/// How long a login may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// A password that cannot be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than twelve characters (A2's default) or more than [`LONGEST`] bytes.
    #[error("a password has 12 characters or more, and at most 1024 bytes")]
    Length,
    /// The hasher refused.
    #[error("the password could not be hashed")]
    Hasher,
}

/// Too many logins at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowded;

/// Hashes a new password for storing, as a PHC string.
///
/// # Errors
/// See [`PasswordError`].
pub fn hash(password: &str, rng: &dyn Rng) -> Result<String, PasswordError> {
    if password.chars().count() < 12 || password.len() > LONGEST {
        return Err(PasswordError::Length);
    }
    hash_any(password, rng)
}

fn hash_any(password: &str, rng: &dyn Rng) -> Result<String, PasswordError> {
    let salt = rng.bytes::<16>();
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(normal(password).as_bytes(), &salt)
        .map_err(|_| PasswordError::Hasher)?;
    Ok(hash.to_string())
}

/// One keyboard's é is another's e + accent: NFKC, as NIST SP 800-63B asks.
fn normal(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

/// Checks passwords at login.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash that an unknown name is checked against.
    nobody: Arc<str>,
}

impl Passwords {
    /// As many at once as there are cores.
    ///
    /// # Errors
    /// When the hasher refuses to work at all.
    pub fn new(rng: &dyn Rng) -> Result<Self, PasswordError> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let random = rng.bytes::<32>().map(|byte| char::from(b'a' + byte % 26));
        let nobody = hash_any(&random.iter().collect::<String>(), rng)?;
        Ok(Self { turns: Arc::new(Semaphore::new(cores)), nobody: nobody.into() })
    }

    /// Whether `password` is the one that `stored` is the hash of. Without `stored` the answer is no, after the same work.
    ///
    /// # Errors
    /// [`Crowded`] when its turn did not come in time.
    pub async fn check(&self, password: Zeroizing<String>, stored: Option<String>) -> Result<bool, Crowded> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Crowded) };
        let nobody = Arc::clone(&self.nobody);
        let checked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let known = stored.is_some();
            let fits = PasswordHash::new(stored.as_deref().unwrap_or(&nobody))
                .is_ok_and(|hash| Argon2::default().verify_password(normal(&password).as_bytes(), &hash).is_ok());
            fits && known && password.len() <= LONGEST
        });
        checked.await.map_err(|_| Crowded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aside_base::SeededRng;

    fn clear(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_no_other() {
        let rng = SeededRng::new(3);
        let stored = hash("correct horse battery", &rng).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let passwords = Passwords::new(&rng).unwrap();
        assert_eq!(passwords.check(clear("correct horse battery"), Some(stored.clone())).await, Ok(true));
        assert_eq!(passwords.check(clear("correct horse batterz"), Some(stored)).await, Ok(false));
        assert_eq!(passwords.check(clear("correct horse battery"), None).await, Ok(false));
    }

    #[tokio::test]
    async fn a_broken_stored_hash_opens_nothing() {
        let passwords = Passwords::new(&SeededRng::new(3)).unwrap();
        assert_eq!(passwords.check(clear(""), Some(String::new())).await, Ok(false));
    }

    #[tokio::test]
    async fn both_spellings_of_an_accent_are_one_password() {
        let rng = SeededRng::new(4);
        let stored = hash("caf\u{e9} au lait noir", &rng).unwrap();
        let passwords = Passwords::new(&rng).unwrap();
        assert_eq!(passwords.check(clear("cafe\u{301} au lait noir"), Some(stored)).await, Ok(true));
    }

    #[test]
    fn a_short_or_a_giant_password_is_refused() {
        let rng = SeededRng::new(5);
        assert_eq!(hash("elevenchars", &rng), Err(PasswordError::Length));
        assert_eq!(hash(&"x".repeat(LONGEST + 1), &rng), Err(PasswordError::Length));
    }
}
