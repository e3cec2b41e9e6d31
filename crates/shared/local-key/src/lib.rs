//! A key of this machine's own, in a file that only its program may read: seals small secrets and signs checkpoints. Not for answers:
//! those are the vault's key provider's.
//!
//! The file's key is used for nothing itself. Each purpose has a key derived from it (HKDF-SHA-256), so that what one purpose
//! gives away says nothing of another.

mod derived;
mod file;
pub mod secret_file;

pub use derived::{DerivedKey, SealError};
pub use file::{LocalKey, LocalKeyError};

/// Says which local key it is and nothing about it: what a database keeps, to refuse another's key file later.
pub type Fingerprint = [u8; 16];
