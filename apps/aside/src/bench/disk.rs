//! The disk's floor: how many times a second it takes a block and says that it is there for good.

#![expect(clippy::disallowed_methods, reason = "a measuring tool looks at the wall")]

use std::fs::OpenOptions;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

/// What is written at a time: a page of a database.
const BLOCK: usize = 4096;
/// Blocks before the file is written from its start again, so that its size stays and only data has to be synced.
const BLOCKS: u64 = 256;

/// `fdatasync` calls a second on the disk that `folder` is on, one after the other, each after a block was written.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn syncs_per_second(folder: &Path, span: Duration) -> io::Result<f64> {
    let path = folder.join("sync.probe");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
    let block = [0x5A; BLOCK];
    for _ in 0..BLOCKS {
        file.write_all(&block)?;
    }
    file.sync_all()?;
    let (start, mut syncs) = (Instant::now(), 0_u64);
    while start.elapsed() < span {
        if syncs % BLOCKS == 0 {
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(&block)?;
        file.sync_data()?;
        syncs += 1;
    }
    let took = start.elapsed();
    drop(file);
    std::fs::remove_file(path)?;
    Ok(syncs as f64 / took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_syncs_and_nothing_stays() {
        let folder = tempfile::tempdir().unwrap();
        assert!(syncs_per_second(folder.path(), Duration::from_millis(20)).unwrap() > 1.0);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
