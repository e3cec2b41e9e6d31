//! `aside audit verify`: proves an audit log offline, from a database file or an export, and says how far it can vouch (A8).

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use aside_chain::{Checkpoint, ExportLine, Fault, Place, Proof, PublicKey, Signed as _, Verifier};
use aside_chain_sqlite::{ChainError, chain_id, prove};
use aside_operate::StartError;
use rusqlite::{Connection, OpenFlags};

/// How a database's file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";
/// Marks a desk's database.
const DESK: i32 = 0x4173_446B;
/// The longest line of an export.
const LINE: u64 = 1 << 20;

/// What was found of one zone's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// `desk` or `vault`.
    pub zone: String,
    /// What was proved, or the first fault.
    pub proof: Result<Proof, Fault>,
    /// Where the log begins in the middle, nothing signed says what was before.
    pub begins_in_the_middle: bool,
    /// Whether it was held against something that was shipped.
    pub shipped: bool,
}

impl Found {
    /// Whether nothing was found.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.proof.is_ok()
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proof = match &self.proof {
            Ok(proof) => proof,
            Err(fault) => return write!(f, "{} log: NOT WHOLE: {fault}", self.zone),
        };
        let (first, last) = (proof.after.sequence + 1, proof.last.sequence);
        write!(f, "{} log: whole, {} entries", self.zone, proof.entries)?;
        if proof.entries > 0 {
            write!(f, ", {first} to {last}")?;
        }
        if self.begins_in_the_middle {
            write!(f, "\n  It begins after entry {}; of what was before, this file says nothing.", first - 1)?;
        }
        match &proof.signed {
            Some(signed) => {
                let at = jiff::Timestamp::from_millisecond(signed.at.0).map(|at| at.to_string()).unwrap_or_default();
                write!(f, "\n  Signed up to entry {} at {at} by key {}.", signed.sequence, signed.key)?;
                if signed.sequence < last {
                    write!(f, " What follows holds together, but nobody has signed it.")?;
                }
            }
            None => write!(f, "\n  Nothing in it was signed: whoever can write the file could have made it.")?,
        }
        if !self.shipped {
            write!(
                f,
                "\n  No shipped checkpoint was given: a log that was cut, or rebuilt and signed anew, looks the same."
            )?;
        }
        Ok(())
    }
}

/// The checkpoints in a file that they were shipped to, or in lines of a syslog, in their order.
///
/// # Errors
/// The file cannot be read, or there is none in it.
pub fn shipped(file: &Path) -> Result<Vec<Checkpoint>, StartError> {
    let opened = File::open(file).map_err(|error| wrong(file, &error))?;
    let mut found = Vec::new();
    for line in BufReader::new(opened).lines() {
        found.extend(Checkpoint::in_line(&line.map_err(|error| wrong(file, &error))?));
    }
    if found.is_empty() {
        return Err(wrong(file, &"there is no checkpoint in it"));
    }
    Ok(found)
}

/// Proves what is in `file`, held against what was `shipped`. With `key` only that key's signatures count.
///
/// # Errors
/// It is neither a database of Aside's nor an export, or cannot be read. Faults of the log are no errors: they are found.
pub fn verify(file: &Path, shipped: Option<&[Checkpoint]>, key: Option<&PublicKey>) -> Result<Vec<Found>, StartError> {
    let mut opened = File::open(file).map_err(|error| wrong(file, &error))?;
    let mut head = Vec::new();
    opened.by_ref().take(SQLITE.len() as u64).read_to_end(&mut head).map_err(|error| wrong(file, &error))?;
    if head == SQLITE {
        return Ok(vec![database(file, shipped, key).map_err(|error| wrong(file, &error))?]);
    }
    let opened = File::open(file).map_err(|error| wrong(file, &error))?;
    export(&mut BufReader::new(opened), shipped, key).map_err(|error| wrong(file, &error))
}

fn wrong(file: &Path, error: &dyn fmt::Display) -> StartError {
    StartError(format!("{}: {error}", file.display()))
}

fn database(file: &Path, shipped: Option<&[Checkpoint]>, key: Option<&PublicKey>) -> rusqlite::Result<Found> {
    let connection = open(file)?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let zone = if application == DESK { "desk" } else { "vault" };
    let of_zone = of_zone(shipped, zone);
    let chain = chain_id(&connection)?;
    // The last that was shipped must be this chain's; former chains of the same zone may stand before it in the file.
    let last = of_zone.last().filter(|last| last.chain != chain).map(|last| last.sequence);
    let proof = match last {
        Some(sequence) => Err(Fault::OtherChain { chain, sequence }),
        None => {
            let own: Vec<_> = of_zone.iter().filter(|shipped| shipped.chain == chain).cloned().collect();
            match prove(&connection, &own, key) {
                Ok(proof) => Ok(proof),
                Err(ChainError::Fault(fault)) => Err(fault),
                Err(ChainError::Database(error)) => return Err(error),
            }
        }
    };
    Ok(Found { zone: zone.to_owned(), proof, begins_in_the_middle: false, shipped: !of_zone.is_empty() })
}

/// Read only. A copy that lies alone, in a folder that may not be written, opens too.
fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(file, flags)?;
    if chain_id(&opened).is_ok() || file.with_extension("sqlite-wal").exists() {
        return Ok(opened);
    }
    let address = format!("file:{}?immutable=1", file.display().to_string().replace('?', "%3f").replace('#', "%23"));
    Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI)
}

fn of_zone(shipped: Option<&[Checkpoint]>, zone: &str) -> Vec<Checkpoint> {
    shipped.unwrap_or_default().iter().filter(|shipped| shipped.zone == zone).cloned().collect()
}

/// Why an export cannot be read at all.
#[derive(Debug, thiserror::Error)]
enum ExportTrouble {
    #[error("line {0} is no line of an audit export")]
    Line(usize),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("it is empty")]
    Empty,
}

/// One zone of an export, while it is proved.
struct Zone {
    verifier: Verifier,
    fault: Option<Fault>,
    begins: Place,
    anchored: bool,
    shipped: bool,
}

fn export(
    lines: &mut dyn std::io::BufRead,
    shipped: Option<&[Checkpoint]>,
    key: Option<&PublicKey>,
) -> Result<Vec<Found>, ExportTrouble> {
    let mut zones: BTreeMap<String, Zone> = BTreeMap::new();
    let (mut text, mut number) = (String::new(), 0);
    loop {
        text.clear();
        number += 1;
        if std::io::Read::take(&mut *lines, LINE).read_line(&mut text)? == 0 {
            break;
        }
        let line = ExportLine::parse(text.trim_end_matches('\n')).map_err(|_| ExportTrouble::Line(number))?;
        match line {
            ExportLine::Beginning(beginning) => {
                let zone = begin(beginning.chain, beginning.after, &of_zone(shipped, &beginning.zone), key);
                // A second beginning would let the first be forgotten.
                if zones.insert(beginning.zone, zone).is_some() {
                    return Err(ExportTrouble::Line(number));
                }
            }
            ExportLine::Anchor(anchor) => {
                let zone = zones.get_mut(&anchor.zone).ok_or(ExportTrouble::Line(number))?;
                let signed = anchor.is_signed_by(key.unwrap_or(&anchor.key));
                zone.anchored = signed && anchor.place() == zone.begins;
            }
            ExportLine::Checkpoint(checkpoint) => {
                let zone = zones.get_mut(&checkpoint.zone).ok_or(ExportTrouble::Line(number))?;
                let expected = zone.verifier.expect(checkpoint, key);
                zone.fault = zone.fault.or(expected.err());
            }
            ExportLine::Entry(name, entry) => {
                let zone = zones.get_mut(name).ok_or(ExportTrouble::Line(number))?;
                if zone.fault.is_none() {
                    zone.fault = zone.verifier.entry(&entry).err();
                }
            }
        }
    }
    if zones.is_empty() {
        return Err(ExportTrouble::Empty);
    }
    Ok(zones.into_iter().map(|(name, zone)| found(name, zone)).collect())
}

fn begin(chain: aside_chain::ChainId, begins: Place, shipped: &[Checkpoint], key: Option<&PublicKey>) -> Zone {
    let mut verifier = Verifier::after(chain, begins);
    let mut fault = None;
    if begins.sequence == 0 && begins != Place::before_first(chain) {
        fault = Some(Fault::Changed { sequence: 0 });
    }
    if let Some(last) = shipped.last().filter(|last| last.chain != chain) {
        fault = Some(Fault::OtherChain { chain, sequence: last.sequence });
    }
    for checkpoint in shipped.iter().filter(|shipped| shipped.chain == chain) {
        fault = fault.or(verifier.expect(checkpoint.clone(), key).err());
    }
    Zone { verifier, fault, begins, anchored: false, shipped: !shipped.is_empty() }
}

fn found(name: String, zone: Zone) -> Found {
    let begins_in_the_middle = zone.begins.sequence > 0 && !zone.anchored;
    let proof = match zone.fault {
        Some(fault) => Err(fault),
        None => zone.verifier.finish(),
    };
    Found { zone: name, proof, begins_in_the_middle, shipped: zone.shipped }
}

#[cfg(test)]
mod tests;
