//! What the operating system hands a service: a file such as systemd's `$CREDENTIALS_DIRECTORY/NAME`, with a passphrase or a PIN
//! in it. Read each time it is needed: it may come later than the program, or change.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// The longest that a credential may be, in bytes.
const LONGEST: u64 = 4096;

/// Why a credential cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// There is no such file, not now.
    #[error("the credential {0} is not there")]
    Missing(PathBuf),
    /// Others than its owner may reach it.
    #[error("the credential {path} may be reached by others than its owner (mode {mode:o}): chmod 600 it")]
    TooWide {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Nothing is in it, or more than a passphrase.
    #[error("the credential {0} is empty, too long or no text")]
    Unreadable(PathBuf),
    /// The file system refused.
    #[error("the credential {path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

/// Reads the credential at `path`: its text without the line's end.
///
/// # Errors
/// [`CredentialError`]; never a part of what is in the file.
pub fn read_credential(path: &Path) -> Result<Zeroizing<String>, CredentialError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => CredentialError::Missing(path.into()),
        _ => CredentialError::Io { path: path.into(), error },
    };
    let mode = fs::metadata(path).map_err(failed)?.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(CredentialError::TooWide { path: path.into(), mode });
    }
    let mut text = Zeroizing::new(String::with_capacity(256));
    let read = File::open(path).map_err(failed)?.take(LONGEST + 1).read_to_string(&mut text);
    let length = text.trim_end_matches(['\r', '\n']).len();
    match read {
        Ok(read) if length > 0 && read as u64 <= LONGEST => {
            text.truncate(length);
            Ok(text)
        }
        Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(failed(error)),
        _ => Err(CredentialError::Unreadable(path.into())),
    }
}
