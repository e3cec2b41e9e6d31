//! The proof of a stored chain: what `aside audit verify` and the programs themselves run.

use aside_chain::{Checkpoint, Fault, Place, Proof, PublicKey, Verifier};
use rusqlite::Connection;

use crate::{ChainError, anchor, chain_id, checkpoints, page};

/// Entries read at a time.
const PAGE: u32 = 5_000;

/// Proves the whole chain: from its first entry or its signed anchor, held against the checkpoints that are kept beside it and
/// those that were `shipped`. With `key` only that key's signatures count.
///
/// # Errors
/// The first [`Fault`], or the database cannot be read.
pub fn prove(connection: &Connection, shipped: &[Checkpoint], key: Option<&PublicKey>) -> Result<Proof, ChainError> {
    let chain = chain_id(connection)?;
    let mut verifier = match anchor(connection)? {
        Some(anchor) => Verifier::after_anchor(chain, &anchor, key)?,
        None => Verifier::from_first(chain),
    };
    let from = verifier.last();
    for checkpoint in checkpoints(connection)?.iter().chain(shipped) {
        verifier.expect(checkpoint.clone(), key)?;
    }
    // From below the first: an entry that somebody numbered 0 is one too many.
    let mut after = i64::MIN;
    loop {
        let entries = page(connection, after, PAGE)?;
        let Some(last) = entries.last() else { return Ok(verifier.finish()?) };
        after = last.place.sequence;
        for stored in &entries {
            let first = stored.place.sequence;
            if verifier.last() == from && from.sequence == 0 && first > 1 {
                return Err(Fault::NoBeginning { first }.into());
            }
            verifier.entry(&stored.entry())?;
        }
    }
}

/// Proves at most `limit` entries after `place`, which was proved before. Answers how far it came; `place` itself when there is
/// nothing more.
///
/// # Errors
/// The first [`Fault`], or the database cannot be read.
pub fn prove_from(connection: &Connection, place: Place, limit: u32) -> Result<Place, ChainError> {
    let mut verifier = Verifier::after(chain_id(connection)?, place);
    for stored in page(connection, place.sequence, limit)? {
        verifier.entry(&stored.entry())?;
    }
    Ok(verifier.last())
}
