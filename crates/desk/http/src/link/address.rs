//! Where the vault is, as opposed to what its certificate calls it.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Answers every name with the configured address, so that the certificate can carry the name `vault` wherever the vault
/// runs.
pub(super) struct FixedAddress(String);

impl FixedAddress {
    pub(super) fn new(address: &str) -> Self {
        Self(address.to_owned())
    }
}

impl Resolve for FixedAddress {
    fn resolve(&self, _name: Name) -> Resolving {
        let address = self.0.clone();
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host(address).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
