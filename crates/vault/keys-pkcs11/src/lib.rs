//! A key provider in a hardware security module, by PKCS#11 (V2, PCI 3.6.1.2).
//!
//! The key is an AES-256 key of the token: sensitive and not extractable, or it is refused. It seals by AES-GCM inside the token,
//! with the place as associated data. Calls into a module may take as long as they like: they run on one thread apart, each is
//! waited for so long and no longer, and while one is stuck no other is begun.

mod device;
mod provider;

pub use device::{KeyPlan, MakeKeyError, make_key};
pub use provider::Pkcs11Provider;
