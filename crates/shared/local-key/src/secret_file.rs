//! A file with a secret: in a folder of its own (0700), for its owner alone (0600); wider is refused. Written whole or not at all,
//! and synced, file and folder, before it is used.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// The longest that a secret file may be, in bytes.
const LONGEST: u64 = 4096;

/// Why a secret file cannot be used. Each is a refusal to start.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// Others than the owner may reach it.
    #[error("{path} may be reached by others than its owner (mode {mode:o}): chmod {wanted:o} it")]
    TooWide {
        /// The folder or file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode it should have.
        wanted: u32,
    },
    /// The file system refused.
    #[error("{path}: {error}")]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

impl SecretFileError {
    fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::Io { path: path.into(), error }
    }
}

/// Reads `name` in `folder`; nothing when there is no such file.
///
/// # Errors
/// See [`SecretFileError`].
pub fn read(folder: &Path, name: &str) -> Result<Option<Zeroizing<String>>, SecretFileError> {
    let path = folder.join(name);
    match fs::symlink_metadata(&path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SecretFileError::Io { path, error }),
    }
    refuse_wider(folder, 0o700)?;
    refuse_wider(&path, 0o600)?;
    let mut text = Zeroizing::new(String::with_capacity(256));
    File::open(&path)
        .and_then(|file| file.take(LONGEST).read_to_string(&mut text))
        .map_err(SecretFileError::io(&path))?;
    Ok(Some(text))
}

/// Writes `name` in `folder`, which is made where it is missing.
///
/// # Errors
/// See [`SecretFileError`].
pub fn create(folder: &Path, name: &str, text: &str) -> Result<(), SecretFileError> {
    let path = folder.join(name);
    let io = SecretFileError::io(&path);
    if !folder.exists() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(&io)?;
    }
    refuse_wider(folder, 0o700)?;
    // Written under another name first: a crash leaves a whole file or none.
    let unfinished = folder.join(format!("{name}.new"));
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(&io)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished).map_err(&io)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(&io)?;
    fs::rename(&unfinished, &path).map_err(&io)?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(&io)
}

fn refuse_wider(path: &Path, wanted: u32) -> Result<(), SecretFileError> {
    let metadata = fs::symlink_metadata(path).map_err(SecretFileError::io(path))?;
    let mode = metadata.mode() & 0o777;
    // A link could point anywhere; its own mode says nothing.
    if metadata.file_type().is_symlink() || mode & !wanted != 0 {
        return Err(SecretFileError::TooWide { path: path.into(), mode, wanted });
    }
    Ok(())
}
