//! What a running program costs: CPU time and memory, as the kernel counts them.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The kernel tells CPU time to programs in hundredths of a second (`USER_HZ`), whatever its own clock does.
const TICK: Duration = Duration::from_millis(10);

/// A process to look at.
#[derive(Debug, Clone)]
pub(super) struct Process {
    folder: PathBuf,
}

/// What a process has in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    /// Bytes now.
    pub(super) now: u64,
    /// Bytes at its fullest.
    pub(super) most: u64,
}

impl Process {
    pub(super) fn of(id: u32) -> Self {
        Self { folder: Path::new("/proc").join(id.to_string()) }
    }

    /// CPU time so far, all threads, in user and kernel.
    ///
    /// # Errors
    /// When the process is gone.
    pub(super) fn cpu(&self) -> io::Result<Duration> {
        let text = std::fs::read_to_string(self.folder.join("stat"))?;
        cpu_in(&text).ok_or_else(|| unreadable("stat"))
    }

    /// Memory in use, shared pages included.
    ///
    /// # Errors
    /// When the process is gone.
    pub(super) fn memory(&self) -> io::Result<Memory> {
        let text = std::fs::read_to_string(self.folder.join("status"))?;
        let kibibytes = |name: &str| -> Option<u64> {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()
        };
        let memory = kibibytes("VmRSS:").zip(kibibytes("VmHWM:"));
        memory.map(|(now, most)| Memory { now: now * 1024, most: most * 1024 }).ok_or_else(|| unreadable("status"))
    }
}

fn unreadable(file: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("/proc/PID/{file} is not what it was"))
}

/// User and system time of a `stat` line (proc(5)): fields 14 and 15, counted after the name, which may hold anything.
fn cpu_in(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(11);
    let ticks: u32 = fields.next()?.parse::<u32>().ok()?.checked_add(fields.next()?.parse().ok()?)?;
    Some(TICK * ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_add_up_whatever_the_program_is_called() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 2 3 4 250 50 9 9 20 0 1 0 1 1 1";
        assert_eq!(cpu_in(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu_in("7 (a"), None);
    }

    #[test]
    fn this_process_has_memory_and_used_the_processor() {
        let own = Process::of(std::process::id());
        let memory = own.memory().unwrap();
        assert!(memory.now > 100_000 && memory.most >= memory.now, "{memory:?}");
        let start = own.cpu().unwrap();
        let mut sum = 0_u64;
        while own.cpu().unwrap() < start + 2 * TICK {
            sum = (0..1_000_000_u64).fold(sum, u64::wrapping_add);
        }
        assert!(Process::of(u32::MAX).cpu().is_err());
    }
}
