//! Envelope encryption (V2): a data key per submission, under the site's key, under a key provider.
//!
//! Everything sealed here is AES-256-GCM with a random nonce, and its associated data names the one place where it opens:
//! purpose, format, site, submission, question, key version; meanings, never tables. A value of one place opens in no other.
//! Keys never leave this crate; they are wiped when dropped. Deleting a sealed data key erases its answers.

mod data_key;
mod key_file;
mod place;
mod provider;
mod seal;
mod site_key;

pub use data_key::DataKey;
pub use key_file::{KeyFile, KeyFileError};
pub use provider::KeyProvider;
pub use seal::KeyError;
pub use site_key::SiteKey;
