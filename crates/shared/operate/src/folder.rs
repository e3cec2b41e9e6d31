//! A data folder has one program at a time that serves it.

use std::fmt::Display;
use std::fs::{File, TryLockError};
use std::path::Path;

use crate::StartError;

/// Takes `folder` for `program`, until what this answers is dropped or the process ends, however it ends.
///
/// # Errors
/// [`StartError`] when another process serves the folder, or the lock file cannot be made.
pub fn take_folder(folder: &Path, program: &str) -> Result<File, StartError> {
    let wrong = |error: &dyn Display| StartError(format!("data.folder {}: {error}", folder.display()));
    let lock = File::create(folder.join(format!("{program}.lock"))).map_err(|error| wrong(&error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(wrong(&format!("another {program} serves it; stop that one first"))),
        Err(TryLockError::Error(error)) => Err(wrong(&error)),
    }
}
