//! One-time codes of authenticator apps (RFC 6238): SHA-1, six digits, 30 seconds, the only form every app reads.

use std::fmt;

use aside_base::{Rng, Timestamp};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

/// How long a code is shown, in seconds.
pub const STEP_SECONDS: u32 = 30;
/// 160 bits, as RFC 4226 section 4 recommends.
const LENGTH: usize = 20;

/// The secret cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TotpError {
    /// It has another length than this program writes.
    #[error("a code app's secret has {LENGTH} bytes")]
    Length,
    /// The names beside it are empty or cannot stand in its address.
    #[error("the code app's names cannot be written")]
    Names,
}

/// What a person's authenticator app and the server share. Wiped when dropped, never shown by accident.
pub struct TotpSecret(Zeroizing<[u8; LENGTH]>);

impl TotpSecret {
    /// A fresh one.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        rng.fill(bytes.as_mut());
        Self(bytes)
    }

    /// One read back from where it was sealed.
    ///
    /// # Errors
    /// [`TotpError::Length`] for anything but 20 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TotpError> {
        let mut own = Zeroizing::new([0; LENGTH]);
        if bytes.len() != LENGTH {
            return Err(TotpError::Length);
        }
        own.copy_from_slice(bytes);
        Ok(Self(own))
    }

    /// One that a person typed or pasted: base32 as [`TotpSecret::to_text`] writes it, blanks between and lower case allowed.
    ///
    /// # Errors
    /// [`TotpError::Length`] for anything but 20 bytes in base32.
    pub fn from_text(text: &str) -> Result<Self, TotpError> {
        let mut bare = Zeroizing::new(String::with_capacity(text.len()));
        bare.extend(text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()));
        let secret = Secret::try_from_base32(bare.as_str()).map_err(|_| TotpError::Length)?;
        Self::from_bytes(secret.as_bytes())
    }

    /// The bytes, to be sealed and nothing else.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    /// The secret as people type it where no camera is at hand: base32 without padding.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.secret().to_base32())
    }

    /// The `otpauth://` address that an app scans. Colons in the names become spaces: the format has no place for them.
    ///
    /// # Errors
    /// [`TotpError::Names`] when a name is blank.
    pub fn uri(&self, issuer: &str, account: &str) -> Result<Zeroizing<String>, TotpError> {
        let (issuer, account) = (issuer.replace(':', " "), account.replace(':', " "));
        if issuer.trim().is_empty() || account.trim().is_empty() {
            return Err(TotpError::Names);
        }
        let named = self.builder().with_issuer(Some(issuer)).with_account_name(account);
        let totp = named.build().map_err(|_| TotpError::Names)?;
        totp.to_url().map(Zeroizing::new).map_err(|_| TotpError::Names)
    }

    /// Checks a code at `now`, one step of 30 seconds early or late allowed. Answers its step when it is right and newer than
    /// `last_step`: a step works once (RFC 6238 section 5.2), so the caller moves `last_step` forward in the transaction that
    /// believes the code. Spaces between the digits are allowed, as apps show them.
    #[must_use]
    pub fn verify(&self, code: &str, now: Timestamp, last_step: Option<u64>) -> Option<u64> {
        let mut digits = Zeroizing::new(String::with_capacity(6));
        for character in code.chars().filter(|character| !character.is_whitespace()) {
            if digits.len() == 6 {
                return None;
            }
            digits.push(character);
        }
        let seconds = u64::try_from(now.0).ok()? / 1000;
        let totp = self.totp()?;
        // Not the library's own window: it would answer the oldest step that fits, also one that was used already.
        let step = seconds / u64::from(STEP_SECONDS);
        let mut fits = None;
        for candidate in step.saturating_sub(1)..=step.saturating_add(1) {
            let exact = self.exact(&totp, &digits, candidate);
            if exact && last_step.is_none_or(|last| candidate > last) && fits.is_none() {
                fits = Some(candidate);
            }
        }
        fits
    }

    /// The code that an app shows at `now`: for the test of a set-up and for clients that play a person.
    #[must_use]
    pub fn code(&self, now: Timestamp) -> Zeroizing<String> {
        let seconds = u64::try_from(now.0).unwrap_or(0) / 1000;
        Zeroizing::new(self.totp().map(|totp| totp.generate(seconds).to_string()).unwrap_or_default())
    }

    fn exact(&self, totp: &Totp, digits: &str, step: u64) -> bool {
        let shown = Zeroizing::new(totp.generate(step.saturating_mul(u64::from(STEP_SECONDS))).to_string());
        aws_lc_rs::constant_time::verify_slices_are_equal(shown.as_bytes(), digits.as_bytes()).is_ok()
    }

    fn totp(&self) -> Option<Totp> {
        self.builder().build().ok()
    }

    fn builder(&self) -> Builder {
        // SHA-1, 6 digits and 30 seconds are the library's defaults; the test vectors hold it to them.
        Builder::new().with_secret(self.secret())
    }

    fn secret(&self) -> Secret {
        Secret::new_stack(*self.0)
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    fn rfc() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1000)
    }

    /// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(rfc().code(at(seconds)).as_str(), code);
            assert_eq!(rfc().verify(code, at(seconds), None), Some(seconds.unsigned_abs() / 30));
        }
    }

    #[test]
    fn a_secret_is_read_back_as_it_was_typed() {
        let text = rfc().to_text();
        for typed in [
            text.to_string(),
            text.to_lowercase(),
            text.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join(" "),
        ] {
            assert_eq!(TotpSecret::from_text(&typed).unwrap().as_bytes(), rfc().as_bytes(), "{typed}");
        }
        for wrong in ["", "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", "not base32"] {
            assert!(TotpSecret::from_text(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_late_and_no_longer() {
        let secret = TotpSecret::generate(&SeededRng::new(5));
        let now = at(1_795_348_800);
        let code = secret.code(now);
        for (seconds, good) in [(-31, false), (-30, true), (-1, true), (0, true), (59, true), (60, false)] {
            let asked = Timestamp(now.0 + seconds * 1000);
            assert_eq!(secret.verify(&code, asked, None).is_some(), good, "{seconds} s");
        }
    }

    #[test]
    fn a_step_works_once_and_older_ones_never_again() {
        let secret = TotpSecret::generate(&SeededRng::new(6));
        let now = at(1_795_348_800);
        let (before, code) = (secret.code(at(1_795_348_770)), secret.code(now));
        let step = secret.verify(&code, now, None).unwrap();
        assert_eq!(secret.verify(&code, now, Some(step)), None);
        assert_eq!(secret.verify(&before, now, Some(step)), None);
        assert_eq!(secret.verify(&before, now, None), Some(step - 1));
        assert_eq!(secret.verify(&code, now, Some(step - 1)), Some(step));
    }

    #[test]
    fn spaces_are_forgiven_and_nothing_else() {
        let (now, secret) = (at(59), rfc());
        assert!(secret.verify("287 082", now, None).is_some());
        for bad in ["", "28708", "2870820", "+87082", "28708a", "２８７０８２", "287082 1", "-1"] {
            assert_eq!(secret.verify(bad, now, None), None, "{bad:?}");
        }
        assert_eq!(secret.verify("287082", Timestamp(-1), None), None);
        assert_eq!(secret.verify("287082", Timestamp(i64::MAX), None), None);
    }

    #[test]
    fn the_address_names_house_and_person_and_escapes_them() {
        let uri = rfc().uri("Northwind: Support", "dana & co").unwrap();
        assert!(uri.starts_with("otpauth://totp/Northwind%20%20Support:dana%20%26%20co?secret=GEZDGNBVGY3TQOJQ"));
        assert!(uri.ends_with("&issuer=Northwind%20%20Support"), "{}", uri.as_str());
        assert_eq!(rfc().uri(" ", "dana"), Err(TotpError::Names));
        assert_eq!(rfc().uri("Northwind", ":"), Err(TotpError::Names));
    }

    #[test]
    fn a_secret_is_twenty_bytes_and_never_printed() {
        assert!(TotpSecret::from_bytes(&[1; 19]).is_err());
        assert!(TotpSecret::from_bytes(&[1; 21]).is_err());
        assert_eq!(format!("{:?}", rfc()), "TotpSecret(…)");
        assert_eq!(rfc().to_text().as_str(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
