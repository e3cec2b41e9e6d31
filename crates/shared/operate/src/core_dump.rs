//! No copy of the process's memory on a disk (V3).

use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};

use crate::StartError;

/// Forbids core dumps, and reading this process's memory by others of the same user.
///
/// # Errors
/// The system refuses; a program that holds answers must not start then.
pub fn forbid_core_dumps() -> Result<(), StartError> {
    let refused = |error| StartError(format!("core dumps cannot be forbidden: {error}"));
    setrlimit(Resource::RLIMIT_CORE, 0, 0).map_err(refused)?;
    prctl::set_dumpable(false).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn afterwards_the_process_cannot_be_dumped() {
        forbid_core_dumps().unwrap();
        assert!(!prctl::get_dumpable().unwrap());
    }
}
