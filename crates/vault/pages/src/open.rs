//! The one place of this room where a clear answer is opened.

use aside_base::Secret;

/// The clear text, for writing it into the page that may show it, and for nothing else.
#[expect(clippy::disallowed_methods, reason = "this room shows answers; every opening of one goes through here")]
pub(crate) fn open(secret: &Secret) -> &str {
    secret.expose()
}
