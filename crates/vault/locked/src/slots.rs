//! Slots of one size, each with one owner at a time.

use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroize as _;

use crate::mapping::Mapping;
use crate::{Lock, limit};

/// Slots of one size in one mapping.
pub struct Slots(Arc<Shared>);

struct Shared {
    mapping: Mapping,
    size: usize,
    count: usize,
    /// The numbers of the slots that nobody has.
    free: Mutex<Vec<usize>>,
}

impl Slots {
    /// Obtains `count` slots of `size` bytes, under `best` or the next lock that the system allows. Where what may be locked is
    /// less than that, there are fewer slots: at least one, or the next lock is tried.
    ///
    /// # Errors
    /// There is not even ordinary memory for them.
    ///
    /// # Panics
    /// Never: a size or count of nought counts as one.
    pub fn obtain(best: Lock, size: usize, count: usize) -> io::Result<Self> {
        let (size, count) = (size.max(1), count.max(1));
        let mut lock = best;
        loop {
            match Self::under(lock, size, count) {
                Ok(slots) => return Ok(slots),
                Err(error) => lock = lock.worse().ok_or(error)?,
            }
        }
    }

    fn under(lock: Lock, size: usize, count: usize) -> io::Result<Self> {
        let bytes = size.checked_mul(count).ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?;
        // Asked first, counted after: whoever may lock without limit (`CAP_IPC_LOCK`) is not told so anywhere.
        let (mapping, count) = match Mapping::new(bytes, lock) {
            Ok(mapping) => (mapping, count),
            Err(error) => {
                let fewer = fewer(limit::left(), size, count).ok_or(error)?;
                (Mapping::new(size * fewer, lock)?, fewer)
            }
        };
        debug_assert!(size * count <= mapping.length(), "every slot lies within the mapping");
        // The last number is taken first: give them out from the start.
        let free = (0..count).rev().collect();
        Ok(Self(Arc::new(Shared { mapping, size, count, free: Mutex::new(free) })))
    }

    /// The lock that was obtained.
    #[must_use]
    pub fn lock(&self) -> Lock {
        self.0.mapping.lock()
    }

    /// How many bytes each slot has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.size
    }

    /// How many slots there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.count
    }

    /// How many of them nobody has.
    #[must_use]
    pub fn free(&self) -> usize {
        self.0.free().len()
    }

    /// A slot of zeros; `None` when all are taken.
    #[must_use]
    pub fn take(&self) -> Option<Slot> {
        let number = self.0.free().pop()?;
        Some(Slot { shared: Arc::clone(&self.0), number })
    }
}

/// How many slots fit into what may still be locked, if that is less than `count` and not nothing.
fn fewer(left: Option<u64>, size: usize, count: usize) -> Option<usize> {
    // Whole pages are locked: the last one may be begun and cannot be had. 64 KiB is the largest page there is.
    const PAGE: u64 = 64 * 1024;
    let left = left?;
    let left = if left >= 2 * PAGE { left - PAGE } else { left / 4096 * 4096 };
    let fit = usize::try_from(left).ok()? / size;
    (1..count).contains(&fit).then_some(fit)
}

impl Shared {
    fn free(&self) -> MutexGuard<'_, Vec<usize>> {
        // A list of numbers is whole after any panic.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of a locked mapping that nobody else has. Zeros at first; zeroed when dropped. No `Debug`, no `Clone`.
pub struct Slot {
    shared: Arc<Shared>,
    number: usize,
}

impl Deref for Slot {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: numbers are below `count`, so the slot lies within the mapping. A number is in one slot or in the list of
        // free ones, never in two: nobody but this slot has these bytes, and who writes them borrows it mutably.
        unsafe { self.shared.mapping.bytes(self.number * self.shared.size, self.shared.size) }
    }
}

impl DerefMut for Slot {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `deref`; and whoever has `&mut self` is the only one.
        unsafe { self.shared.mapping.bytes_mut(self.number * self.shared.size, self.shared.size) }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.zeroize();
        self.shared.free().push(self.number);
    }
}

#[cfg(test)]
mod tests;
