//! Signs for a zone, and hands what was signed to somewhere else.

use std::fmt;
use std::sync::Arc;

use aside_base::Timestamp;

use crate::{Anchor, ChainId, Checkpoint, Place, PublicKey, Signer};

/// Takes a checkpoint's line to where whoever can rewrite the database cannot reach it; may block. Answers what failed.
pub type Ship = Arc<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

/// Signs for one zone. Clones sign alike.
#[derive(Clone)]
pub struct Notary {
    signer: Arc<Signer>,
    zone: &'static str,
    ship: Ship,
}

impl fmt::Debug for Notary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notary({}, {})", self.zone, self.signer.public_key())
    }
}

impl Notary {
    /// Signs for `zone`, and ships what it signed by `ship`.
    #[must_use]
    pub fn new(signer: Signer, zone: &'static str, ship: Ship) -> Self {
        Self { signer: Arc::new(signer), zone, ship }
    }

    /// Whose signatures these are.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    /// Signs that `chain` has come to `place`.
    #[must_use]
    pub fn checkpoint(&self, chain: ChainId, place: Place, at: Timestamp) -> Checkpoint {
        Checkpoint::sign(&self.signer, self.zone, chain, place, at)
    }

    /// Signs that the entries of `chain` up to `place` are gone.
    #[must_use]
    pub fn anchor(&self, chain: ChainId, place: Place, last_at: Timestamp, at: Timestamp) -> Anchor {
        Anchor::sign(&self.signer, self.zone, chain, place, last_at, at)
    }

    /// Ships a checkpoint; may block.
    ///
    /// # Errors
    /// What failed, in one line.
    pub fn ship(&self, checkpoint: &Checkpoint) -> Result<(), String> {
        (self.ship)(&checkpoint.to_line())
    }
}
