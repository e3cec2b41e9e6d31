//! A key under a passphrase: argon2id makes the key that seals it.

use argon2::{Algorithm, Argon2, Params, Version};
use aside_base::Rng;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::KeyError;
use crate::place::place;
use crate::seal::Key;

/// The fewest characters of a passphrase that is set.
pub(crate) const SHORTEST: usize = 16;
/// 64 MiB, three passes, one lane: about a tenth of a second, once a start.
const COST: Cost = Cost { memory_kib: 65_536, passes: 3, lanes: 1 };

/// What a guess costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// A key that a passphrase opens: cost, salt and the sealed key, as the key file keeps them.
#[derive(Debug, Clone)]
pub(crate) struct UnderPassphrase {
    cost: Cost,
    salt: [u8; 16],
    sealed: Vec<u8>,
}

impl UnderPassphrase {
    /// Seals `key`, which belongs to `owner`. Takes about a tenth of a second.
    pub(crate) fn seal(key: &Key, owner: &[u8], passphrase: &str, rng: &dyn Rng) -> Result<Self, KeyError> {
        let mut made = Self { cost: COST, salt: rng.bytes(), sealed: Vec::new() };
        made.sealed = made.derive(passphrase)?.seal(&made.place(owner), key.bytes(), rng)?;
        Ok(made)
    }

    /// Opens it. Takes as long, whatever the passphrase.
    pub(crate) fn open(&self, owner: &[u8], passphrase: &str) -> Result<Key, KeyError> {
        let clear = self.derive(passphrase)?.open(&self.place(owner), &self.sealed)?;
        Key::from_bytes(&clear)
    }

    /// Two lines of text.
    pub(crate) fn to_lines(&self) -> String {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let (salt, sealed) = (STANDARD.encode(self.salt), STANDARD.encode(&self.sealed));
        format!("argon2id {memory_kib} {passes} {lanes} {salt}\n{sealed}")
    }

    /// Reads the two lines; nothing when they are not what [`UnderPassphrase::to_lines`] writes.
    pub(crate) fn parse(how: &str, sealed: &str) -> Option<Self> {
        let mut words = how.strip_prefix("argon2id ")?.split(' ');
        let mut number = |most| number_of(words.next()?, most);
        let cost = Cost { memory_kib: number(1 << 20)?, passes: number(64)?, lanes: number(16)? };
        let salt = STANDARD.decode(words.next()?).ok()?.try_into().ok()?;
        let sealed = STANDARD.decode(sealed).ok()?;
        words.next().is_none().then_some(Self { cost, salt, sealed })
    }

    fn derive(&self, passphrase: &str) -> Result<Key, KeyError> {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let parameters = Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_| KeyError)?;
        let mut derived = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into(passphrase.as_bytes(), &self.salt, derived.as_mut())
            .map_err(|_| KeyError)?;
        Key::from_bytes(derived.as_ref())
    }

    /// Cost and salt belong to the place: whoever lowers them in the file opens nothing.
    fn place(&self, owner: &[u8]) -> Vec<u8> {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let numbers = [memory_kib, passes, lanes].map(u32::to_be_bytes).concat();
        place("key file passphrase", &[owner, &numbers, &self.salt])
    }
}

fn number_of(word: &str, most: u32) -> Option<u32> {
    word.parse().ok().filter(|number| (1..=most).contains(number))
}
