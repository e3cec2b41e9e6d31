//! A rendered page, and what its policy must allow.

use aside_base::Origin;

use crate::assets::Asset;

/// A rendered page.
///
/// Some hold an answer: no `Debug`, no `Clone`, and whoever sends it sends it once.
pub struct Page {
    /// The whole document.
    pub html: String,
    pub(crate) style: &'static Asset,
    pub(crate) script: &'static Asset,
    /// Whether it is a page of the agent's frame: its script calls the vault, and may ask for a passkey.
    pub(crate) connects: bool,
    /// What the page loads after it was drawn to seal what is typed: it is allowed too, and may ask the vault.
    pub(crate) seals: Option<&'static Asset>,
    pub(crate) echoes: bool,
}

impl Page {
    /// The value of the page's `Content-Security-Policy`. `ancestors` are the exact origins that may frame it; none means
    /// nobody.
    #[must_use]
    pub fn content_security_policy(&self, ancestors: &[&Origin]) -> String {
        let connect = if self.connects || self.seals.is_some() { "connect-src 'self'; " } else { "" };
        let seals = self.seals.map(|script| format!(" '{}'", script.source())).unwrap_or_default();
        let mut policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'{seals}; {connect}form-action 'self'; base-uri 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors",
            self.style.source(),
            self.script.source()
        );
        if ancestors.is_empty() {
            policy.push_str(" 'none'");
        }
        for origin in ancestors {
            policy.push(' ');
            policy.push_str(origin.as_str());
        }
        policy
    }

    /// Whether the page may ask for a passkey: in the agent's frame alone.
    #[must_use]
    pub const fn asks_for_passkeys(&self) -> bool {
        self.connects
    }

    /// Whether the reply may be compressed: not where it repeats what somebody typed or shows an answer beside a key,
    /// because the compressed length would tell of both (BREACH).
    #[must_use]
    pub const fn compressible(&self) -> bool {
        !self.echoes
    }
}
