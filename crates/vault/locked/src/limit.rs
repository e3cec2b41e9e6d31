//! How much memory the system lets this process lock (`RLIMIT_MEMLOCK`, 8 MiB for everybody unless changed).

use std::{fs, io};

use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit, setrlimit};

/// Raises the soft limit to the hard one, which needs no right, and answers the limit in bytes; `None` where there is none.
///
/// # Errors
/// When the system does not tell or does not let itself be told.
pub fn raise_limit() -> io::Result<Option<u64>> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_MEMLOCK)?;
    if soft < hard {
        setrlimit(Resource::RLIMIT_MEMLOCK, hard, hard)?;
    }
    Ok((hard != RLIM_INFINITY).then_some(hard))
}

/// How many bytes may still be locked; `None` where there is no limit or nobody says.
pub(crate) fn left() -> Option<u64> {
    let (soft, _) = getrlimit(Resource::RLIMIT_MEMLOCK).ok()?;
    if soft == RLIM_INFINITY {
        return None;
    }
    Some(soft.saturating_sub(locked(&fs::read_to_string("/proc/self/status").ok()?)?))
}

/// The bytes locked by now, from `/proc/self/status`.
fn locked(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmLck:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_locked_is_read_from_the_kernels_own_words() {
        assert_eq!(locked("VmPeak:\t  100 kB\nVmLck:\t    4612 kB\nVmPin:\t 0 kB\n"), Some(4612 * 1024));
        assert_eq!(locked("VmPeak:\t  100 kB\n"), None);
        assert!(locked(&fs::read_to_string("/proc/self/status").unwrap()).is_some());
    }

    #[test]
    fn the_soft_limit_is_the_hard_one_afterwards() {
        raise_limit().unwrap();
        let (soft, hard) = getrlimit(Resource::RLIMIT_MEMLOCK).unwrap();
        assert_eq!(soft, hard);
    }
}
