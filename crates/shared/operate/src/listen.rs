//! Binding listeners, with a clear line when the port is taken.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::StartError;

/// Listens on `address`; `key` is the configuration key that chose it.
///
/// # Errors
/// A line that names address and key.
pub async fn bind(address: SocketAddr, key: &str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => StartError(format!("{address} is taken by another program; stop it or set {key}")),
        _ => StartError(format!("cannot listen on {address} ({key}): {error}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_says_which_key_to_change() {
        let first = bind("127.0.0.1:0".parse().unwrap(), "listen.public").await.unwrap();
        let address = first.local_addr().unwrap();
        let error = bind(address, "listen.public").await.unwrap_err().to_string();
        assert_eq!(error, format!("{address} is taken by another program; stop it or set listen.public"));
    }
}
