//! `[audit]`: where the audit chain's checkpoints go beside the database (A8). Whoever can rewrite the database must not reach
//! them.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

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

/// Facility log audit (13), severity notice (5).
const PRIORITY: u8 = 13 * 8 + 5;

impl Shipping {
    /// The same, relative paths counted from the configuration file's folder.
    #[must_use]
    pub fn beside<T>(&self, loaded: &crate::Loaded<T>) -> Self {
        let checkpoint_file = self.checkpoint_file.as_deref().map(|file| loaded.path(file));
        Self { checkpoint_file, checkpoint_syslog: self.checkpoint_syslog.clone() }
    }

    /// Ships one line for `program` to everywhere that is configured. Blocks: call it where that is allowed.
    ///
    /// # Errors
    /// What could not be reached, by its place in the configuration. The rest was shipped all the same.
    pub fn ship(&self, program: &str, line: &str) -> Result<(), String> {
        let mut failed = Vec::new();
        if let Some(file) = &self.checkpoint_file
            && let Err(error) = append(file, line)
        {
            failed.push(format!("audit.checkpoint_file {}: {error}", file.display()));
        }
        if let Some(syslog) = &self.checkpoint_syslog
            && let Err(error) = syslog.send(program, line)
        {
            failed.push(format!("audit.checkpoint_syslog: {error}"));
        }
        if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
    }
}

/// Appends the line and waits until it is on the disk.
fn append(file: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(0o640).open(file)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_data()
}

impl Syslog {
    /// One datagram of RFC 5424. Host and time are left to whoever receives it: the line has its own.
    fn send(&self, program: &str, line: &str) -> io::Result<()> {
        let message = format!("<{PRIORITY}>1 - - {program} - checkpoint - {line}");
        match self {
            Self::Udp(address) => {
                let own: SocketAddr = match address {
                    SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
                    SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
                };
                UdpSocket::bind(own)?.send_to(message.as_bytes(), address)?;
            }
            Self::Unix(path) => {
                UnixDatagram::unbound()?.send_to(message.as_bytes(), path)?;
            }
        }
        Ok(())
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

    #[test]
    fn a_line_goes_to_the_file_and_to_a_syslog_that_listens() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("checkpoints");
        let listener = UdpSocket::bind("127.0.0.1:0").unwrap();
        let to_udp = Shipping {
            checkpoint_file: Some(file.clone()),
            checkpoint_syslog: Some(Syslog::Udp(listener.local_addr().unwrap())),
        };
        to_udp.ship("aside-desk", "{\"first\":1}").unwrap();
        to_udp.ship("aside-desk", "{\"second\":2}").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\"first\":1}\n{\"second\":2}\n");
        let mut buffer = [0; 512];
        let (length, _) = listener.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"<109>1 - - aside-desk - checkpoint - {\"first\":1}");
        let socket = folder.path().join("log");
        let listener = UnixDatagram::bind(&socket).unwrap();
        Shipping { checkpoint_file: None, checkpoint_syslog: Some(Syslog::Unix(socket)) }
            .ship("aside-vault", "{}")
            .unwrap();
        let length = listener.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"<109>1 - - aside-vault - checkpoint - {}");
    }

    #[test]
    fn what_cannot_be_reached_is_named_and_the_rest_is_shipped() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("checkpoints");
        let nobody = Some(Syslog::Unix(folder.path().join("nobody")));
        let shipping = Shipping { checkpoint_file: Some(file.clone()), checkpoint_syslog: nobody };
        assert!(shipping.ship("aside-desk", "{}").unwrap_err().starts_with("audit.checkpoint_syslog: "));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{}\n");
        let nowhere = Shipping { checkpoint_file: Some(folder.path().join("no/folder")), checkpoint_syslog: None };
        assert!(nowhere.ship("aside-desk", "{}").unwrap_err().starts_with("audit.checkpoint_file "));
        assert!(Shipping::default().ship("aside-desk", "{}").is_ok());
    }
}
