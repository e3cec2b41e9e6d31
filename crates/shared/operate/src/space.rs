//! Free space where a database lies. Some of it is kept for authenticated acts, so that strangers cannot fill the disk and stop
//! the audit log, and with it everybody's work (A8).

use std::path::PathBuf;

use nix::sys::statvfs::statvfs;

/// The least that is kept, in megabytes of 2^20 bytes.
pub const LEAST_RESERVE_MB: u64 = 256;

/// The space kept in a folder's file system.
#[derive(Debug, Clone)]
pub struct Reserve {
    folder: PathBuf,
    bytes: u64,
}

impl Reserve {
    /// Keeps `megabytes` free for authenticated acts in the file system of `folder`; never less than [`LEAST_RESERVE_MB`].
    #[must_use]
    pub fn in_folder(folder: PathBuf, megabytes: u64) -> Self {
        Self { folder, bytes: megabytes.max(LEAST_RESERVE_MB).saturating_mul(1 << 20) }
    }

    /// Whether less than the reserve is free. What cannot be measured counts as low: nothing is promised that is not known.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        match statvfs(&self.folder) {
            // What only the system's administrator may use does not count.
            Ok(found) => found.blocks_available().saturating_mul(found.fragment_size()) < self.bytes,
            Err(error) => {
                tracing::error!(%error, "free space cannot be measured");
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_larger_than_the_disk_is_touched_and_a_small_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let reserve = |megabytes| Reserve::in_folder(folder.path().to_owned(), megabytes);
        assert!(reserve(u64::MAX).is_touched());
        assert!(reserve(1 << 40).is_touched());
        assert!(!reserve(LEAST_RESERVE_MB).is_touched());
        assert_eq!(reserve(0).bytes, 256 << 20, "never less");
    }

    #[test]
    fn a_folder_that_cannot_be_measured_counts_as_full() {
        assert!(Reserve::in_folder(PathBuf::from("/nowhere/at/all"), 256).is_touched());
    }
}
