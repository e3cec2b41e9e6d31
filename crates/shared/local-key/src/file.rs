//! The key file. Never part of a database's backup: whoever has both has what it seals.

use std::fmt;
use std::path::{Path, PathBuf};

use aside_base::Rng;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::secret_file::{self, SecretFileError};
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
    /// The file is not a key file of a known format.
    #[error("{0} is not a key file that this version can read")]
    Unreadable(PathBuf),
    /// The file itself, or its folder.
    #[error(transparent)]
    File(#[from] SecretFileError),
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
        let key = match (secret_file::read(folder, NAME)?, known) {
            (Some(text), _) => Self::parse(&text).ok_or_else(|| LocalKeyError::Unreadable(path.clone()))?,
            (None, None) => return Self::create(folder, rng),
            (None, Some(_)) => return Err(LocalKeyError::Missing(path)),
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

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut key = Zeroizing::new([0; 32]);
        let known = lines.next() == Some(HEADING);
        let whole = known && STANDARD.decode_slice(lines.next()?, key.as_mut()) == Ok(32);
        whole.then_some(Self(key))
    }

    fn create(folder: &Path, rng: &dyn Rng) -> Result<Self, LocalKeyError> {
        let key = Self::generate(rng);
        let encoded = Zeroizing::new(STANDARD.encode(key.0.as_ref()));
        let text = Zeroizing::new(format!("{HEADING}\n{}\n", encoded.as_str()));
        secret_file::create(folder, NAME, &text)?;
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

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
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
            Err(LocalKeyError::File(SecretFileError::TooWide { .. }))
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
