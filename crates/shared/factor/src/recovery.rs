//! Recovery codes: for whoever lost the app and the passkey. Each works once; only its hash is kept.

use std::fmt;

use aside_base::Rng;
use aws_lc_rs::{constant_time, digest};
use zeroize::Zeroizing;

/// How many a person gets.
pub const RECOVERY_CODES: usize = 10;
/// Crockford's base32: no I, L, O, U. Exactly 32 letters, so that a byte picks one without bias.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 125 random bits: from 112 on a plain hash is enough (NIST SP 800-63B, look-up secrets).
const LENGTH: usize = 25;

/// A code, as it is shown once. No `Display`, no `Serialize`: it reaches the page that shows it and nothing else.
pub struct RecoveryCode(Zeroizing<String>);

/// What a store may keep of a code.
#[derive(Clone, Copy)]
pub struct RecoveryHash(pub [u8; 32]);

impl RecoveryCode {
    /// A fresh one.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        let bytes = Zeroizing::new(rng.bytes::<LENGTH>());
        Self(Zeroizing::new(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()))
    }

    /// Reads what a person typed: capitals or not, with or without dashes and spaces, O for 0, I or L for 1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = Zeroizing::new(String::with_capacity(LENGTH));
        for character in text.chars().filter(|character| !character.is_whitespace() && *character != '-') {
            let letter = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            if code.len() == LENGTH || !u8::try_from(letter).is_ok_and(|byte| LETTERS.contains(&byte)) {
                return None;
            }
            code.push(letter);
        }
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// The code as it is shown: five groups of five.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / 5));
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place % 5 == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }

    /// What a store keeps.
    #[must_use]
    pub fn hash(&self) -> RecoveryHash {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(b"aside recovery code 1");
        context.update(self.0.as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        RecoveryHash(hash)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// Compared in constant time.
impl PartialEq for RecoveryHash {
    fn eq(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl Eq for RecoveryHash {}

impl fmt::Debug for RecoveryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn a_code_is_read_however_a_person_types_it() {
        let code = RecoveryCode::generate(&SeededRng::new(9));
        let text = code.to_text();
        assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [5; 5]);
        for typed in [
            text.to_string(),
            text.to_lowercase(),
            text.replace('-', ""),
            format!("  {}\n", text.replace('-', " ")),
            text.replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(RecoveryCode::parse(&typed).unwrap().hash(), code.hash(), "{typed}");
        }
    }

    #[test]
    fn another_code_or_none_is_another_hash_or_none() {
        let rng = SeededRng::new(10);
        let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| RecoveryCode::generate(&rng)).collect();
        for (place, code) in codes.iter().enumerate() {
            assert!(codes[..place].iter().all(|other| other.hash() != code.hash()));
        }
        let text = codes[0].to_text();
        for bad in ["", "U", &text[1..], &format!("{}2", text.as_str()), &text.replacen(&text[..1], "u", 1), "é"] {
            assert!(RecoveryCode::parse(bad).is_none(), "{bad:?}");
        }
        assert_eq!(format!("{:?}", codes[0]), "RecoveryCode(…)");
    }
}
