//! What the desk is watched with, and what was seen last: its own chain, the vault's, and the disk (A8).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aside_base::Timestamp;
use aside_chain::{Fault, Notary, Place};
use aside_desk_domain::Zone;

/// What the desk is watched with.
#[derive(Clone, Default)]
pub struct Outlook {
    /// Signs checkpoints; none in a test that looks at none.
    pub notary: Option<Notary>,
    /// Whether the space kept for authenticated acts is touched.
    pub low_space: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
}

/// What was seen of one zone's chain.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// When it was last proved.
    pub(crate) checked_at: Option<Timestamp>,
    /// How far.
    pub(crate) proved: Option<Place>,
    /// What is wrong, and in which entry; none while it is whole.
    pub(crate) fault: Option<Wrong>,
    /// The last checkpoint: its entry, and when it was signed.
    pub(crate) checkpoint: Option<(i64, Timestamp)>,
}

/// A fault of a chain, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// A constant word.
    pub(crate) word: &'static str,
    /// The entry at which it shows.
    pub(crate) sequence: i64,
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        let (word, sequence) = match fault {
            Fault::Missing { found, .. } => ("missing", found),
            Fault::OutOfOrder { found, .. } => ("out_of_order", found),
            Fault::Changed { sequence } => ("changed", sequence),
            Fault::Rebuilt { sequence } => ("rebuilt", sequence),
            Fault::Cut { last, .. } => ("cut", last),
            Fault::NoBeginning { first } => ("no_beginning", first),
            Fault::OtherChain { sequence, .. } => ("other_chain", sequence),
            Fault::NotSigned { sequence } => ("not_signed", sequence),
        };
        Self { word, sequence }
    }
}

/// What was seen last.
pub(crate) struct Watch {
    pub(crate) outlook: Outlook,
    seen: Mutex<[Seen; 2]>,
}

impl Watch {
    pub(crate) fn new(outlook: Outlook) -> Self {
        Self { outlook, seen: Mutex::default() }
    }

    /// What was seen of a zone's chain.
    pub(crate) fn seen(&self, zone: Zone) -> Seen {
        self.lock()[zone as usize].clone()
    }

    /// Notes what was seen.
    pub(crate) fn note(&self, zone: Zone, change: impl FnOnce(&mut Seen)) {
        change(&mut self.lock()[zone as usize]);
    }

    fn lock(&self) -> MutexGuard<'_, [Seen; 2]> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
