//! The audit chain of a zone (A8): entries bound to what came before, checkpoints that are signed, and the proof that nothing was
//! changed, removed, inserted or put in another order. Pure: it knows no table, no clock, no file.
//!
//! An entry's hash is `SHA-256("aside audit 1" ‖ previous ‖ sequence ‖ SHA-256(body))`, so that an export can leave out the body
//! of another site's entry and still be proved. Whoever can write the table can also compute hashes: what they cannot do is
//! sign. A checkpoint kept elsewhere shows a chain that was rebuilt or cut.

mod body;
mod checkpoint;
mod entry;
mod export;
mod hash;
mod notary;
mod verify;

pub use body::{Body, Who};
pub use checkpoint::{Anchor, Checkpoint, PublicKey, Signed, Signer, SignerError};
pub use entry::{ChainId, Content, Entry, Place};
pub use export::{Beginning, CSV_HEADING, ExportError, ExportLine, csv_row};
pub use hash::{Hash, ParseHashError};
pub use notary::{Notary, Ship};
pub use verify::{Fault, Proof, Verifier};
