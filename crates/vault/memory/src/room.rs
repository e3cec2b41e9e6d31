//! The locked memory that the vault has, and what each part of it is for.

use std::io;

use aside_vault_locked::{Lock, Slot, Slots};

/// What one place holds, in bytes: a security code, a card number or a short text needs one, a longer answer several.
pub const PLACE: usize = 64;
/// What one desk holds, in bytes: a sealed form as large as a body may be.
pub const DESK: usize = 48 * 1024;
/// How many sealed forms can be opened at the same moment, at most. Each is open for less than a millisecond.
const DESKS: usize = 8;
/// Room for keys: one page of them.
const KEYS: usize = 64;

/// How many places an answer of so many bytes needs.
#[must_use]
pub const fn places_for(bytes: usize) -> usize {
    if bytes == 0 { 1 } else { bytes.div_ceil(PLACE) }
}

/// Locked memory: for keys, for forms that are being opened, and for answers.
pub struct Room {
    keys: Slots,
    desks: Slots,
    places: Slots,
}

impl Room {
    /// Obtains room for `places` answers of up to [`PLACE`] bytes, under `best` or the best lock that the system allows. Where
    /// less may be locked than that needs, there is less room.
    ///
    /// # Errors
    /// There is not enough memory of any kind.
    pub fn obtain(places: usize, best: Lock) -> io::Result<Self> {
        // In this order: without keys there is nothing, without a desk nothing can be opened in place.
        Ok(Self {
            keys: Slots::obtain(best, PLACE, KEYS)?,
            desks: Slots::obtain(best, DESK, DESKS)?,
            places: Slots::obtain(best, PLACE, places)?,
        })
    }

    /// How the memory is locked: the worst of its parts.
    #[must_use]
    pub fn lock(&self) -> Lock {
        self.keys.lock().max(self.desks.lock()).max(self.places.lock())
    }

    /// How many places there are.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places.count()
    }

    /// A slot of [`PLACE`] bytes for a key; `None` when there is none left.
    #[must_use]
    pub fn key(&self) -> Option<Slot> {
        self.keys.take()
    }

    /// A slot of [`DESK`] bytes to open a form in; `None` when all are in use.
    #[must_use]
    pub fn desk(&self) -> Option<Slot> {
        self.desks.take()
    }

    pub(crate) fn place(&self) -> Option<Slot> {
        self.places.take()
    }
}
