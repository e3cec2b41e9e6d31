//! A key provider in a cloud: the key service of AWS, or whatever speaks its JSON 1.1 protocol (V2, PCI 3.6.1.2).
//!
//! The key never leaves the service. What is sealed carries the place as its encryption context, which the service checks and
//! writes into its own log. Requests are signed by version 4 of the published algorithm and go over TLS to the one address that is
//! configured: the only connection that a vault begins.

mod client;
mod credentials;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod provider;

pub use client::KmsClientError;
pub use provider::{KmsPlan, KmsProvider};
