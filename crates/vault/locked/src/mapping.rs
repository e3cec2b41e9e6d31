//! Pages of the process's own, locked as well as the system allows, between two pages that nobody can touch.

use std::ffi::c_int;
use std::io;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::ptr::NonNull;

use crate::Lock;

/// Pages that are mapped until this is dropped. They are zero at first and zeroed at last.
pub(crate) struct Mapping {
    /// The first of our bytes; a guard page lies before it.
    start: NonNull<u8>,
    /// Our bytes: whole pages.
    length: usize,
    page: usize,
    lock: Lock,
}

// SAFETY: the pages belong to the process, not to a thread; nothing of a `Mapping` changes after it was made but the bytes
// themselves, and who may touch which of them is what `Mapping::bytes` and `Mapping::bytes_mut` leave to their callers.
unsafe impl Send for Mapping {}
// SAFETY: as above: a shared `&Mapping` gives nobody a byte without an `unsafe` promise.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps at least `bytes` bytes under exactly this lock.
    pub(crate) fn new(bytes: usize, lock: Lock) -> io::Result<Self> {
        let page = page_size()?;
        let too_much = || io::Error::from(io::ErrorKind::OutOfMemory);
        let length = bytes.max(1).checked_next_multiple_of(page).ok_or_else(too_much)?;
        let whole = length.checked_add(2 * page).ok_or_else(too_much)?;
        // A room of addresses with no memory behind it: what is left of it at both ends are the guard pages.
        let outer = map(None, whole, libc::PROT_NONE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, None)?;
        // SAFETY: `outer` is the start of `whole` mapped bytes and `page` is less than that.
        let start = unsafe { outer.add(page) };
        // From here on dropping it unmaps everything, whatever fails.
        let mapping = Self { start, length, page, lock };
        mapping.fill_in()?;
        Ok(mapping)
    }

    /// Puts locked pages between the guard pages.
    fn fill_in(&self) -> io::Result<()> {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        match self.lock {
            Lock::MemfdSecret => {
                let file = memfd_secret(self.length)?;
                map(Some(self.start), self.length, access, libc::MAP_SHARED | libc::MAP_FIXED, Some(&file))?;
                // The pages live as long as the mapping: the file itself is closed here. A child gets none of them.
                self.advise(libc::MADV_DONTFORK)?;
                // The kernel leaves them out of core dumps by itself; said once more, it costs nothing.
                self.advise(libc::MADV_DONTDUMP)?;
            }
            Lock::Mlock | Lock::None => {
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
                map(Some(self.start), self.length, access, flags, None)?;
                self.advise(libc::MADV_DONTDUMP)?;
                self.advise(libc::MADV_WIPEONFORK)?;
                if self.lock == Lock::Mlock {
                    // SAFETY: the range was mapped just now and is ours; locking changes no byte of it.
                    succeeded(unsafe { libc::mlock(self.start.as_ptr().cast(), self.length) })?;
                }
            }
        }
        // Each page is touched now: where there is not enough memory, it is found out before anybody relies on it.
        self.zero();
        Ok(())
    }

    pub(crate) const fn lock(&self) -> Lock {
        self.lock
    }

    /// How many bytes there are.
    pub(crate) const fn length(&self) -> usize {
        self.length
    }

    /// The bytes `at..at + length`.
    ///
    /// # Safety
    /// They lie within the mapping, and as long as the slice lives nobody writes them.
    pub(crate) unsafe fn bytes(&self, at: usize, length: usize) -> &[u8] {
        // SAFETY: within the mapping by the caller's promise, so the pointer is valid, and bytes have no alignment.
        let start = unsafe { self.start.add(at) };
        // SAFETY: mapped, readable, initialised (the kernel hands out zeros), not written meanwhile by the caller's promise,
        // and not longer mapped than `self` lives, which the slice borrows.
        unsafe { std::slice::from_raw_parts(start.as_ptr(), length) }
    }

    /// The bytes `at..at + length`, to write.
    ///
    /// # Safety
    /// They lie within the mapping, and as long as the slice lives nobody else reads or writes them.
    #[expect(
        clippy::mut_from_ref,
        reason = "who has which bytes is the caller's promise: slots of one mapping are apart"
    )]
    pub(crate) unsafe fn bytes_mut(&self, at: usize, length: usize) -> &mut [u8] {
        // SAFETY: within the mapping by the caller's promise, so the pointer is valid, and bytes have no alignment.
        let start = unsafe { self.start.add(at) };
        // SAFETY: mapped, readable, writable, initialised, nobody else's by the caller's promise, and not longer mapped than
        // `self` lives, which the slice borrows.
        unsafe { std::slice::from_raw_parts_mut(start.as_ptr(), length) }
    }

    fn advise(&self, advice: c_int) -> io::Result<()> {
        // SAFETY: the range is mapped and ours, and each advice given here changes only what core dumps and children see.
        succeeded(unsafe { libc::madvise(self.start.as_ptr().cast(), self.length, advice) })
    }

    /// Writes zeros that no compiler leaves out.
    fn zero(&self) {
        // SAFETY: the whole mapping; called only where there is no slot yet, or none any more.
        zeroize::Zeroize::zeroize(unsafe { self.bytes_mut(0, self.length) });
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: a guard page lies right before our bytes: both ends were mapped as one range by `new`.
        let outer = unsafe { self.start.sub(self.page) };
        // SAFETY: exactly the range that `new` mapped. Every slice of it borrows `self`, so none is left. Slots zero
        // themselves when they are given back, so there is nothing in it any more. It cannot fail for a range that is
        // mapped; if it did, pages of zeros would stay.
        unsafe { libc::munmap(outer.as_ptr().cast(), self.length + 2 * self.page) };
    }
}

fn page_size() -> io::Result<usize> {
    // SAFETY: asks for a number; no memory is involved.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).ok().filter(|size| size.is_power_of_two()).ok_or_else(io::Error::last_os_error)
}

/// Maps pages: somewhere, or exactly `at`, which must be part of a range of ours.
fn map(
    at: Option<NonNull<u8>>,
    length: usize,
    access: c_int,
    flags: c_int,
    file: Option<&OwnedFd>,
) -> io::Result<NonNull<u8>> {
    let (address, file) = (at.map_or(std::ptr::null_mut(), NonNull::as_ptr), file.map_or(-1, |file| file.as_raw_fd()));
    // SAFETY: without `at` the kernel chooses addresses that nobody uses. With it (and `MAP_FIXED`) the pages replaced are
    // the reserved, untouchable ones that `Mapping::new` made just before and that nobody knows of yet.
    let mapped = unsafe { libc::mmap(address.cast(), length, access, flags, file, 0) };
    if mapped == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    NonNull::new(mapped.cast()).ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))
}

/// A file of this length whose pages only this process can see.
fn memfd_secret(length: usize) -> io::Result<OwnedFd> {
    // SAFETY: makes a file and takes a number only; no memory is involved.
    let file = unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) };
    let file = c_int::try_from(file).ok().filter(|file| *file >= 0).ok_or_else(io::Error::last_os_error)?;
    // SAFETY: the kernel gave us this descriptor just now; nobody else owns it.
    let file = unsafe { OwnedFd::from_raw_fd(file) };
    let length = libc::off_t::try_from(length).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    // SAFETY: the descriptor is open as long as `file` lives; no memory is involved.
    succeeded(unsafe { libc::ftruncate(file.as_raw_fd(), length) })?;
    Ok(file)
}

fn succeeded(result: c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
