//! The local key file: the embedded default of a key provider.
//!
//! Never part of a database backup: whoever has both has everything.

use std::path::{Path, PathBuf};

use aside_base::Rng;
use aside_local_key::secret_file::{self, SecretFileError};
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
    /// The file is not a key file of a known format.
    #[error("{0} is not a key file that this version can read")]
    Unreadable(PathBuf),
    /// The file itself, or its folder.
    #[error(transparent)]
    File(#[from] SecretFileError),
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
        match secret_file::read(folder, NAME)? {
            Some(text) => Self::parse(&text, &path, database),
            None if fresh => Self::create(folder, database, rng),
            None => Err(KeyFileError::Missing(path)),
        }
    }

    fn parse(text: &str, path: &Path, database: Uuid) -> Result<Self, KeyFileError> {
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

    fn create(folder: &Path, database: Uuid, rng: &dyn Rng) -> Result<Self, KeyFileError> {
        let key = Key::generate(rng);
        let encoded = Zeroizing::new(STANDARD.encode(key.bytes()));
        let text = Zeroizing::new(format!("{HEADING}\n{database}\n{}\n", encoded.as_str()));
        secret_file::create(folder, NAME, &text)?;
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
