//! Where one house keeps its things: one folder per zone, so that nothing of the vault lies beside the desk's.
//!
//! ```text
//! <root>/  desk/  desk-key/  vault/  vault-key/  checkpoints/  certificates/  logs/  desk.toml  vault.toml  people.toml
//! ```
//! Everything is readable by its owner only. `vault-key` belongs in no backup of `vault`, nor `desk-key` in one of `desk`.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The folders of one house.
#[derive(Debug, Clone)]
pub struct Folders {
    root: PathBuf,
}

impl Folders {
    /// Finds or makes the house in `root`. The path becomes absolute, because the programs' files name it.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn open(root: &Path) -> io::Result<Self> {
        make_private(root)?;
        let folders = Self { root: root.canonicalize()? };
        for folder in [folders.desk(), folders.vault(), folders.checkpoints(), folders.certificates(), folders.logs()] {
            make_private(&folder)?;
        }
        Ok(folders)
    }

    /// The whole house.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The desk's database.
    #[must_use]
    pub fn desk(&self) -> PathBuf {
        self.root.join("desk")
    }

    /// The desk's local key, in a folder of its own that the desk makes and checks itself.
    #[must_use]
    pub fn desk_key(&self) -> PathBuf {
        self.root.join("desk-key")
    }

    /// The vault's database.
    #[must_use]
    pub fn vault(&self) -> PathBuf {
        self.root.join("vault")
    }

    /// The vault's key file, in a folder of its own that the vault makes and checks itself.
    #[must_use]
    pub fn vault_key(&self) -> PathBuf {
        self.root.join("vault-key")
    }

    /// Where both zones ship the checkpoints of their audit chains.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.root.join("checkpoints")
    }

    /// The zone link's certificates and their keys.
    #[must_use]
    pub fn certificates(&self) -> PathBuf {
        self.root.join("certificates")
    }

    /// What both programs log.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// A file directly in the house.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes `text` so that only the owner can read it, and so that a crash leaves the old file or the new one whole.
///
/// # Errors
/// When the file cannot be written.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let fresh = path.with_extension("new");
    // A left-over of a crash may have been made by anything: its mode is not to be trusted.
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn nothing_in_a_house_is_open_to_others() {
        let temporary = tempfile::tempdir().unwrap();
        let folders = Folders::open(&temporary.path().join("house")).unwrap();
        let file = folders.file("people.toml");
        write_private(&file, "one").unwrap();
        write_private(&file, "two").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&file), 0o600);
        for folder in
            [folders.root().to_owned(), folders.desk(), folders.vault(), folders.certificates(), folders.logs()]
        {
            assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        }
    }
}
