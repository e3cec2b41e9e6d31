//! What a hunt has seen: each find on a line, and at last one line that sums up.

use std::fmt;

use super::walk::Walked;
use crate::leak::{Finding, Image};

/// Both programs' memory.
#[derive(Debug, Clone)]
pub struct Memory {
    /// The desk's.
    pub desk: Image,
    /// The vault's.
    pub vault: Image,
}

/// What was hunted through, and what was found.
#[derive(Debug)]
pub struct Report {
    pub(super) walked: Walked,
    /// How often a program was killed and started again.
    pub crashes: u32,
    /// What was seen of memory.
    pub memory: Memory,
    /// Bytes in files.
    pub files: u64,
    /// Whether both programs ended in order.
    pub ended: bool,
    /// Every mark that lies where it must not.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether forms went round, and nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.lifecycles() > 0 && self.ended
    }

    /// Forms that went all the way round.
    #[must_use]
    pub fn lifecycles(&self) -> u64 {
        self.walked.lifecycles
    }

    /// Forms that were refused on purpose.
    #[must_use]
    pub fn refusals(&self) -> u64 {
        self.walked.refusals
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { mark, file } in &self.findings {
            writeln!(f, "FOUND {mark} in {}", file.display())?;
        }
        for (reason, times) in &self.walked.reasons {
            writeln!(f, "broken off {times} times: {reason}")?;
        }
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let Memory { desk, vault } = &self.memory;
        write!(
            f,
            "leak-hunt: {} found; {} forms round, {} refused on purpose, {} broken off by {} kills; searched {:.1} MiB of files, \
             {:.1} MiB of the desk's memory and {:.1} MiB of the vault's ({:.1} MiB that the system shows to nobody){}",
            self.findings.len(),
            self.walked.lifecycles,
            self.walked.refusals,
            self.walked.broken_off,
            self.crashes,
            mib(self.files),
            mib(desk.searched),
            mib(vault.searched),
            mib(desk.hidden + vault.hidden),
            if self.ended { "" } else { "; a program did not end in order" },
        )
    }
}
