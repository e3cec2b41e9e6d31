//! The proof of a chain: entry after entry in order, each bound to the one before, and held against what was signed.

use std::collections::BTreeMap;

use crate::{Anchor, ChainId, Checkpoint, Entry, Place, PublicKey, Signed as _};

/// What is wrong, and where. The first fault is the last thing that can be said: what follows it is bound to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Entries between these two are not there.
    #[error("entries are missing: after {after} comes {found}")]
    Missing {
        /// The last entry that was proved.
        after: i64,
        /// The next one that is there.
        found: i64,
    },
    /// An entry stands where its number does not belong.
    #[error("an entry was inserted or moved: after {after} comes {found}")]
    OutOfOrder {
        /// The last entry that was proved.
        after: i64,
        /// The one that is there.
        found: i64,
    },
    /// An entry is not what was written, or not what followed the one before.
    #[error("entry {sequence} was changed")]
    Changed {
        /// Which.
        sequence: i64,
    },
    /// The chain holds together, but it is not the one that was signed: it was computed anew.
    #[error("the chain was rebuilt: entry {sequence} is not the one that was signed")]
    Rebuilt {
        /// The entry of the checkpoint.
        sequence: i64,
    },
    /// More entries were signed than there are.
    #[error("the end was cut off: the last entry is {last}, signed was {signed}")]
    Cut {
        /// The last entry that is there.
        last: i64,
        /// The last one that was signed.
        signed: i64,
    },
    /// The oldest entries are missing, and no signed anchor says that their time was over.
    #[error("the beginning was cut off: the first entry is {first}, and nothing signed says why")]
    NoBeginning {
        /// The first entry that is there.
        first: i64,
    },
    /// A checkpoint or anchor speaks of another chain.
    #[error("a checkpoint of another chain: entry {sequence} of chain {chain}")]
    OtherChain {
        /// Its chain.
        chain: ChainId,
        /// Its entry.
        sequence: i64,
    },
    /// A checkpoint or anchor is not signed by the key that it must be signed by.
    #[error("the signature over entry {sequence} is not right")]
    NotSigned {
        /// Its entry.
        sequence: i64,
    },
}

/// What was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The place before the first entry.
    pub after: Place,
    /// The last entry.
    pub last: Place,
    /// How many entries were proved.
    pub entries: u64,
    /// The last entry that a signature vouches for. What follows it holds together, but whoever can write the table could have
    /// written it, or have cut off what came after.
    pub signed: Option<Checkpoint>,
}

/// Proves a chain, entry after entry, in bounded memory but for the checkpoints it is told of.
#[derive(Debug, Clone)]
pub struct Verifier {
    chain: ChainId,
    after: Place,
    last: Place,
    entries: u64,
    waiting: BTreeMap<i64, Vec<Checkpoint>>,
    signed: Option<Checkpoint>,
}

impl Verifier {
    /// Proves `chain` from its first entry on.
    #[must_use]
    pub fn from_first(chain: ChainId) -> Self {
        Self::after(chain, Place::before_first(chain))
    }

    /// Proves `chain` from the entry after `place` on. That `place` is right is shown only by a checkpoint that comes later.
    #[must_use]
    pub const fn after(chain: ChainId, place: Place) -> Self {
        Self { chain, after: place, last: place, entries: 0, waiting: BTreeMap::new(), signed: None }
    }

    /// Proves `chain` from the entry after `anchor` on.
    ///
    /// # Errors
    /// It is another chain's, or `key` (its own when none is trusted yet) did not sign it.
    pub fn after_anchor(chain: ChainId, anchor: &Anchor, key: Option<&PublicKey>) -> Result<Self, Fault> {
        let sequence = anchor.sequence;
        if anchor.chain != chain {
            return Err(Fault::OtherChain { chain: anchor.chain, sequence });
        }
        if !anchor.is_signed_by(key.unwrap_or(&anchor.key)) {
            return Err(Fault::NotSigned { sequence });
        }
        Ok(Self::after(chain, anchor.place()))
    }

    /// Holds the chain against `checkpoint` too. Tell of checkpoints before the entries that they speak of.
    ///
    /// # Errors
    /// It is another chain's, `key` (its own when none is trusted yet) did not sign it, or it speaks of a place that was passed
    /// and is another.
    pub fn expect(&mut self, checkpoint: Checkpoint, key: Option<&PublicKey>) -> Result<(), Fault> {
        let sequence = checkpoint.sequence;
        if checkpoint.chain != self.chain {
            return Err(Fault::OtherChain { chain: checkpoint.chain, sequence });
        }
        if !checkpoint.is_signed_by(key.unwrap_or(&checkpoint.key)) {
            return Err(Fault::NotSigned { sequence });
        }
        if sequence == self.last.sequence {
            return self.hold(checkpoint);
        }
        // Of what is before the beginning nothing can be said here.
        if sequence > self.last.sequence {
            self.waiting.entry(sequence).or_default().push(checkpoint);
        }
        Ok(())
    }

    /// Proves the next entry.
    ///
    /// # Errors
    /// The first [`Fault`]; nothing can be said of what follows.
    pub fn entry(&mut self, entry: &Entry<'_>) -> Result<(), Fault> {
        let (after, found) = (self.last.sequence, entry.place.sequence);
        if found <= after {
            return Err(Fault::OutOfOrder { after, found });
        }
        if found > after.saturating_add(1) {
            return Err(Fault::Missing { after, found });
        }
        let next = self.last.next_of(entry.content.hash());
        if next != entry.place {
            return Err(Fault::Changed { sequence: found });
        }
        self.last = next;
        self.entries += 1;
        for checkpoint in self.waiting.remove(&found).unwrap_or_default() {
            self.hold(checkpoint)?;
        }
        Ok(())
    }

    /// How far the proof has come.
    #[must_use]
    pub const fn last(&self) -> Place {
        self.last
    }

    /// The proof, now that there are no more entries.
    ///
    /// # Errors
    /// [`Fault::Cut`] when more was signed than was there.
    pub fn finish(self) -> Result<Proof, Fault> {
        if let Some((signed, _)) = self.waiting.last_key_value() {
            return Err(Fault::Cut { last: self.last.sequence, signed: *signed });
        }
        Ok(Proof { after: self.after, last: self.last, entries: self.entries, signed: self.signed })
    }

    fn hold(&mut self, checkpoint: Checkpoint) -> Result<(), Fault> {
        if checkpoint.hash != self.last.hash {
            return Err(Fault::Rebuilt { sequence: checkpoint.sequence });
        }
        self.signed = Some(checkpoint);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
