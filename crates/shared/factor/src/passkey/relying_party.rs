//! Who asks, from where, and with which challenge.

use std::fmt;

use aside_base::{Origin, Rng};
use aws_lc_rs::constant_time;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The origin that asks. Its host is the relying party's id: no other host, not even one above it, can use its passkeys.
#[derive(Debug, Clone, Copy)]
pub struct RelyingParty<'a> {
    /// The page's origin, exact.
    pub origin: &'a Origin,
    /// The one origin whose pages may have the asking page in a frame, as its `frame-ancestors` says too; none when only a page
    /// of its own may ask.
    pub framed_by: Option<&'a Origin>,
}

impl RelyingParty<'_> {
    /// The relying party's id: the host without its port.
    #[must_use]
    pub fn id(&self) -> &str {
        let authority = self.origin.authority();
        match authority.rsplit_once(':') {
            // The colons of `[::1]` are no port.
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }
}

/// 256 random bits that an answer must be made for. Good for one answer and some minutes: the caller gives it to one session,
/// and takes it back when it looks at the answer, right or wrong.
#[derive(Clone)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// A fresh one.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        Self(rng.bytes())
    }

    /// One read back from where it was kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be kept.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Whether a client's data names this challenge.
    pub(super) fn is(&self, text: &str) -> bool {
        constant_time::verify_slices_are_equal(self.to_text().as_bytes(), text.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge(…)")
    }
}
