//! Envelope encryption (V2): a data key per part of a submission, under the site's key, under a key provider.
//!
//! Everything sealed here is AES-256-GCM with a random nonce, and its associated data names the one place where it opens:
//! purpose, format, site, submission, question, key version; meanings, never tables. A value of one place opens in no other.
//! Keys never leave this crate; they are wiped when dropped. Deleting a sealed data key erases its answers.

mod credential;
mod data_key;
mod fingerprint;
mod key_file;
mod passphrase;
mod place;
mod provider;
mod seal;
mod site_key;

pub use credential::{CredentialError, read_credential};
pub use data_key::DataKey;
pub use fingerprint::FingerprintKey;
pub use key_file::{KeyFile, KeyFileError, KeyFilePlan, has_passphrase, set_passphrase};
pub use provider::{KeyProvider, ProviderError, ProviderKind, UnsealError, bound_place};
pub use seal::KeyError;
pub use site_key::SiteKey;
