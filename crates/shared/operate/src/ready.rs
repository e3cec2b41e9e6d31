//! The one line on stdout that tells a supervisor where the program listens.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::SocketAddr;

/// Prints `{"ready":{"public":"127.0.0.1:8081",…}}`.
pub fn say_ready(listeners: &[(&str, SocketAddr)]) {
    let addresses: BTreeMap<_, _> = listeners.iter().map(|(name, address)| (*name, address.to_string())).collect();
    let line = serde_json::json!({ "ready": addresses });
    let mut stdout = std::io::stdout().lock();
    // A supervisor that closed the pipe does not want the line.
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
