//! The key file: a folder of its own (0700), a file of its own (0600); wider is refused. Written and synced, file and folder,
//! before its first use. Never part of a database's backup: whoever has both has what it seals.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use aside_base::Rng;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::{DerivedKey, Fingerprint};

const NAME: &str = "local.key";
const HEADING: &str = "aside local key 1";

/// Why there is no local key to work with. Each is a refusal to start.
#[derive(Debug, thiserror::Error)]
pub enum LocalKeyError {
    /// The database was used with a key file that is not there.
    #[error("the key file {0} is missing, and the database was used with it: put it back")]
    Missing(PathBuf),
    /// The key file is not the one that the database was used with.
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

/// The key of this machine, read from its file. Used only through [`LocalKey::derive`].
pub struct LocalKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey(…)")
    }
}

impl LocalKey {
    /// Opens `local.key` in `folder`. `known` is the fingerprint that the database keeps of its key: with none a missing file
    /// is made, synced before anything can be sealed with it; with one it must be that key.
    ///
    /// # Errors
    /// [`LocalKeyError`], never a key that might be wrong.
    pub fn open_or_create(folder: &Path, known: Option<&Fingerprint>, rng: &dyn Rng) -> Result<Self, LocalKeyError> {
        let path = folder.join(NAME);
        let key = match fs::symlink_metadata(&path) {
            Ok(_) => Self::open(folder, &path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => match known {
                None => return Self::create(folder, &path, rng),
                Some(_) => return Err(LocalKeyError::Missing(path)),
            },
            Err(error) => return Err(LocalKeyError::Io { path, error }),
        };
        if known.is_some_and(|known| *known != key.fingerprint()) {
            return Err(LocalKeyError::OfAnotherDatabase(path));
        }
        Ok(key)
    }

    /// A key that lives in no file, for tests of those who use one.
    #[must_use]
    pub fn generate(rng: &dyn Rng) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        rng.fill(key.as_mut());
        Self(key)
    }

    /// The key for `purpose`: a constant text, such as `totp secrets 1`.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> DerivedKey {
        let mut key = Zeroizing::new([0; 32]);
        self.expand(purpose, key.as_mut());
        DerivedKey::new(key)
    }

    /// Which key this is; says nothing about it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut fingerprint = [0; 16];
        self.expand("fingerprint", &mut fingerprint);
        fingerprint
    }

    fn expand(&self, purpose: &str, into: &mut [u8]) {
        let pseudo_random = Salt::new(HKDF_SHA256, HEADING.as_bytes()).extract(self.0.as_ref());
        let info = [purpose.as_bytes()];
        let filled = pseudo_random.expand(&info, Length(into.len())).and_then(|okm| okm.fill(into));
        // Cannot fail: only more than 255 blocks of 32 bytes are refused, and this asks for one at most.
        assert!(filled.is_ok(), "one block of HKDF");
    }

    fn open(folder: &Path, path: &Path) -> Result<Self, LocalKeyError> {
        refuse_wider(folder, 0o700)?;
        refuse_wider(path, 0o600)?;
        let mut text = Zeroizing::new(String::with_capacity(256));
        File::open(path)
            .and_then(|file| file.take(4096).read_to_string(&mut text))
            .map_err(|error| LocalKeyError::Io { path: path.into(), error })?;
        let unreadable = || LocalKeyError::Unreadable(path.into());
        let mut lines = text.lines();
        if lines.next() != Some(HEADING) {
            return Err(unreadable());
        }
        let mut key = Zeroizing::new([0; 32]);
        match lines.next().map(|line| STANDARD.decode_slice(line, key.as_mut())) {
            Some(Ok(32)) => Ok(Self(key)),
            _ => Err(unreadable()),
        }
    }

    fn create(folder: &Path, path: &Path, rng: &dyn Rng) -> Result<Self, LocalKeyError> {
        let io = |error| LocalKeyError::Io { path: path.into(), error };
        if !folder.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
        }
        refuse_wider(folder, 0o700)?;
        let key = Self::generate(rng);
        let encoded = Zeroizing::new(STANDARD.encode(key.0.as_ref()));
        let text = Zeroizing::new(format!("{HEADING}\n{}\n", encoded.as_str()));
        // Written under another name first: a crash leaves a whole key file or none.
        let unfinished = folder.join("local.key.new");
        if unfinished.exists() {
            fs::remove_file(&unfinished).map_err(io)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished).map_err(io)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
        fs::rename(&unfinished, path).map_err(io)?;
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        Ok(key)
    }
}

/// How many bytes HKDF shall give.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn refuse_wider(path: &Path, wanted: u32) -> Result<(), LocalKeyError> {
    let metadata = fs::symlink_metadata(path).map_err(|error| LocalKeyError::Io { path: path.into(), error })?;
    let mode = metadata.mode() & 0o777;
    // A link could point anywhere; its own mode says nothing.
    if metadata.file_type().is_symlink() || mode & !wanted != 0 {
        return Err(LocalKeyError::TooWide { path: path.into(), mode, wanted });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use aside_base::SeededRng;

    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let keys = root.path().join("keys");
        (root, keys)
    }

    #[test]
    fn the_file_is_made_once_for_its_owner_alone_and_found_again() {
        let (_root, keys) = folder();
        let made = LocalKey::open_or_create(&keys, None, &SeededRng::new(1)).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&keys), mode(&keys.join(NAME))), (0o700, 0o600));
        let found = LocalKey::open_or_create(&keys, Some(&made.fingerprint()), &SeededRng::new(2)).unwrap();
        assert_eq!(found.derive("a").seed(), made.derive("a").seed());
        assert_ne!(found.derive("a").seed(), found.derive("b").seed());
        assert_eq!(format!("{found:?}"), "LocalKey(…)");
    }

    #[test]
    fn a_file_that_others_may_reach_is_refused() {
        let (_root, keys) = folder();
        LocalKey::open_or_create(&keys, None, &SeededRng::new(1)).unwrap();
        let refused = || LocalKey::open_or_create(&keys, None, &SeededRng::new(1)).unwrap_err().to_string();
        fs::set_permissions(keys.join(NAME), Permissions::from_mode(0o640)).unwrap();
        assert!(refused().ends_with("chmod 600 it"), "{}", refused());
        fs::set_permissions(keys.join(NAME), Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(&keys, Permissions::from_mode(0o750)).unwrap();
        assert!(refused().ends_with("chmod 700 it"), "{}", refused());
        fs::set_permissions(&keys, Permissions::from_mode(0o700)).unwrap();
        fs::rename(keys.join(NAME), keys.join("elsewhere")).unwrap();
        symlink(keys.join("elsewhere"), keys.join(NAME)).unwrap();
        assert!(matches!(
            LocalKey::open_or_create(&keys, None, &SeededRng::new(1)),
            Err(LocalKeyError::TooWide { .. })
        ));
    }

    #[test]
    fn a_database_that_had_a_key_starts_with_that_key_only() {
        let (_root, keys) = folder();
        let missing = LocalKey::open_or_create(&keys, Some(&[7; 16]), &SeededRng::new(1));
        assert!(matches!(missing, Err(LocalKeyError::Missing(_))));
        assert!(!keys.join(NAME).exists());
        LocalKey::open_or_create(&keys, None, &SeededRng::new(1)).unwrap();
        let other = LocalKey::open_or_create(&keys, Some(&[7; 16]), &SeededRng::new(1));
        assert!(matches!(other, Err(LocalKeyError::OfAnotherDatabase(_))));
    }

    #[test]
    fn a_file_of_another_format_is_refused() {
        let (_root, keys) = folder();
        LocalKey::open_or_create(&keys, None, &SeededRng::new(1)).unwrap();
        for bad in ["", "aside local key 2\nAAAA\n", "aside local key 1\n", "aside local key 1\nAAAA\n"] {
            fs::write(keys.join(NAME), bad).unwrap();
            let error = LocalKey::open_or_create(&keys, None, &SeededRng::new(1)).unwrap_err();
            assert!(matches!(error, LocalKeyError::Unreadable(_)), "{bad:?}");
        }
    }
}
