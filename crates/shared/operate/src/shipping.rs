//! `[audit]`: where the audit chain's checkpoints go beside the database (A8). Whoever can rewrite the database must not reach
//! them.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

/// Where checkpoints are shipped to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shipping {
    /// A file that they are appended to, one JSON object a line.
    pub checkpoint_file: Option<PathBuf>,
    /// A syslog that they are sent to (RFC 5424).
    pub checkpoint_syslog: Option<Syslog>,
}

/// A syslog.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Syslog {
    /// `udp://10.0.0.5:514`.
    Udp(SocketAddr),
    /// `unix:/dev/log`.
    Unix(PathBuf),
}

impl TryFrom<String> for Syslog {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const SHAPES: &str = "is udp://ADDRESS:PORT or unix:/PATH";
        if let Some(address) = text.strip_prefix("udp://") {
            address.parse().map(Self::Udp).map_err(|_| SHAPES)
        } else {
            let path = text.strip_prefix("unix:").map(PathBuf::from).filter(|path| path.is_absolute());
            path.map(Self::Unix).ok_or(SHAPES)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn syslog(text: &str) -> Result<Syslog, &'static str> {
        Syslog::try_from(text.to_owned())
    }

    #[test]
    fn a_syslog_is_an_address_or_a_socket() {
        assert_eq!(syslog("udp://[::1]:514"), Ok(Syslog::Udp("[::1]:514".parse().unwrap())));
        assert_eq!(syslog("unix:/dev/log"), Ok(Syslog::Unix("/dev/log".into())));
        for wrong in ["", "/dev/log", "unix:log", "tcp://10.0.0.5:514", "udp://10.0.0.5"] {
            assert!(syslog(wrong).is_err(), "{wrong}");
        }
    }
}
