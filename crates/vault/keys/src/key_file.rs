//! The local key file: the embedded default of a key provider.
//!
//! A folder of its own (0700), a file of its own (0600); wider is refused. Written and synced, file and folder, before its
//! first use. Never part of a database backup: whoever has both has everything.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use aside_base::Rng;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::place::place;
use crate::seal::Key;
use crate::{KeyError, KeyProvider};

const NAME: &str = "vault.key";
const HEADING: &str = "aside vault key 1";

/// Why the vault has no key to work with. Each is a refusal to start.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The database has sealed answers, but its key file is not there.
    #[error(
        "the key file {0} is missing, and the database was sealed with it: put it back, or start with an empty data folder"
    )]
    Missing(PathBuf),
    /// The key file belongs to another database.
    #[error("the key file {0} belongs to another database: put the right one in its place")]
    OfAnotherDatabase(PathBuf),
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
    /// The file is not a key file of a known format.
    #[error("{0} is not a key file that this version can read")]
    Unreadable(PathBuf),
    /// The file system refused.
    #[error("{path}: {error}")]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

/// The provider key, read from its file.
pub struct KeyFile {
    key: Key,
    database: Uuid,
}

impl KeyFile {
    /// Opens the key file of `database` in `folder`. When the database is `fresh` and there is no file yet, makes one and
    /// syncs it before anything can be sealed with it.
    ///
    /// # Errors
    /// [`KeyFileError`], never a key that might be wrong.
    pub fn open_or_create(folder: &Path, database: Uuid, fresh: bool, rng: &dyn Rng) -> Result<Self, KeyFileError> {
        let path = folder.join(NAME);
        match fs::symlink_metadata(&path) {
            Ok(_) => Self::open(folder, &path, database),
            Err(error) if error.kind() == io::ErrorKind::NotFound && fresh => {
                Self::create(folder, &path, database, rng)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(KeyFileError::Missing(path)),
            Err(error) => Err(KeyFileError::Io { path, error }),
        }
    }

    fn open(folder: &Path, path: &Path, database: Uuid) -> Result<Self, KeyFileError> {
        refuse_wider(folder, 0o700)?;
        refuse_wider(path, 0o600)?;
        let mut text = Zeroizing::new(String::with_capacity(256));
        File::open(path)
            .and_then(|mut file| file.read_to_string(&mut text))
            .map_err(|error| KeyFileError::Io { path: path.into(), error })?;
        let unreadable = || KeyFileError::Unreadable(path.into());
        let mut lines = text.lines();
        if lines.next() != Some(HEADING) {
            return Err(unreadable());
        }
        let of = lines.next().and_then(|line| line.parse::<Uuid>().ok()).ok_or_else(unreadable)?;
        if of != database {
            return Err(KeyFileError::OfAnotherDatabase(path.into()));
        }
        let mut bytes = Zeroizing::new([0; 32]);
        let length = lines.next().and_then(|line| STANDARD.decode_slice(line, bytes.as_mut()).ok());
        if length != Some(32) {
            return Err(unreadable());
        }
        let key = Key::from_bytes(bytes.as_ref()).map_err(|_| unreadable())?;
        Ok(Self { key, database })
    }

    fn create(folder: &Path, path: &Path, database: Uuid, rng: &dyn Rng) -> Result<Self, KeyFileError> {
        let io = |error| KeyFileError::Io { path: path.into(), error };
        if !folder.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
        }
        refuse_wider(folder, 0o700)?;
        let key = Key::generate(rng);
        let encoded = Zeroizing::new(STANDARD.encode(key.bytes()));
        let text = Zeroizing::new(format!("{HEADING}\n{database}\n{}\n", encoded.as_str()));
        // Written under another name first: a crash leaves a whole key file or none.
        let unfinished = folder.join("vault.key.new");
        if unfinished.exists() {
            fs::remove_file(&unfinished).map_err(io)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished).map_err(io)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
        fs::rename(&unfinished, path).map_err(io)?;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        Ok(Self { key, database })
    }

    fn bound(&self, inner: &[u8]) -> Vec<u8> {
        place("key file", &[self.database.as_bytes(), inner])
    }
}

impl KeyProvider for KeyFile {
    fn seal(&self, place: &[u8], clear: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, KeyError> {
        self.key.seal(&self.bound(place), clear, rng)
    }

    fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.key.open(&self.bound(place), sealed)
    }
}

fn refuse_wider(path: &Path, wanted: u32) -> Result<(), KeyFileError> {
    let metadata = fs::symlink_metadata(path).map_err(|error| KeyFileError::Io { path: path.into(), error })?;
    let mode = metadata.mode() & 0o777;
    // A link could point anywhere; its own mode says nothing.
    if metadata.file_type().is_symlink() || mode & !wanted != 0 {
        return Err(KeyFileError::TooWide { path: path.into(), mode, wanted });
    }
    Ok(())
}
