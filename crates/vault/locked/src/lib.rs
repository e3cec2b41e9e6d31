//! Memory for what may never be written to a disk (V3): locked, left out of core dumps, hidden from the kernel's own view of
//! the process where it can be, cut into slots of one size that are zeroed when they are given back.
//!
//! This is the one room with unsafe code: the calls it makes have no safe wrapper. What it hands out is safe: a [`Slot`] is
//! bytes that nobody else has. It knows neither answers nor keys.
//!
//! Three locks, the best first ([`Lock`]). `memfd_secret` (Linux 5.14) takes the pages out of the kernel's own map: they
//! are never swapped, no core dump holds them, and reading them through `/proc/PID/mem` fails, also for root. `mlock` keeps
//! pages off the swap; with `MADV_DONTDUMP` and `MADV_WIPEONFORK` they are in no core dump and in no child. Where neither is
//! allowed, memory is ordinary, and whoever obtains it must say so loudly.

#![deny(missing_docs)]

mod limit;
#[expect(unsafe_code, reason = "maps and locks pages by system calls")]
mod mapping;
#[expect(unsafe_code, reason = "hands out parts of a mapping, each to one owner")]
mod slots;

pub use limit::raise_limit;
pub use slots::{Slot, Slots};

/// How memory is kept from disks and from other eyes; the best is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lock {
    /// `memfd_secret`: off the swap, out of core dumps, unreadable for the kernel on anybody's behalf.
    MemfdSecret,
    /// `mlock` with `MADV_DONTDUMP` and `MADV_WIPEONFORK`: off the swap, out of core dumps.
    Mlock,
    /// None: ordinary memory.
    None,
}

impl Lock {
    /// The lock's name, as logs and readiness show it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MemfdSecret => "memfd_secret",
            Self::Mlock => "mlock",
            Self::None => "none",
        }
    }

    /// The next worse one.
    const fn worse(self) -> Option<Self> {
        match self {
            Self::MemfdSecret => Some(Self::Mlock),
            Self::Mlock => Some(Self::None),
            Self::None => None,
        }
    }
}
