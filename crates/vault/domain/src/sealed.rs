//! Sealed things as the stores keep them: opaque bytes with the numbers that say how to open them. Only `keys` can.

use aside_base::{AnswerToken, SubmissionId, Timestamp};

/// A site's key, sealed by the key provider (V2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSiteKey {
    /// Counts the site's keys; the newest seals, older ones still open.
    pub version: u32,
    /// The provider that sealed it, by name; none where it was sealed before providers had names.
    pub provider: Option<String>,
    /// The sealed key.
    pub sealed: Vec<u8>,
}

/// A data key, sealed by the site's key. A submission has one for each *part* of its answers: those that are kept equally
/// long. Deleting it erases them (V2, V5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedDataKey {
    /// Which part, counted from 1; 0 was sealed when a submission had one key for all its answers.
    pub part: u8,
    /// The version of the site key that seals it now.
    pub version: u32,
    /// The version of the site key that it was made under, which its answers name. Never changes.
    pub born_version: u32,
    /// The sealed key.
    pub sealed: Vec<u8>,
    /// When it is erased at the latest.
    pub erase_at: Timestamp,
    /// Whether it is erased when the conversation closes.
    pub at_close: bool,
}

/// Finds equal card numbers and reveals none: the keyed hash of one, cut to 128 bits (PCI 3.5.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 16]);

/// One answer: its token, and its value sealed, or no value at all when it is off the record or was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAnswer {
    /// Stands for the answer (V1).
    pub token: AnswerToken,
    /// The question's id.
    pub question: String,
    /// The part of the submission that it belongs to: which data key seals it.
    pub part: u8,
    /// The sealed value. `None` is the marker of an answer that was erased, or else of one that is off the record, whose value
    /// is in memory only (V3).
    pub sealed: Option<Vec<u8>>,
    /// The fingerprint of a card number that is kept.
    pub fingerprint: Option<Fingerprint>,
    /// When it was erased.
    pub erased_at: Option<Timestamp>,
}

/// A visitor's answers, ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSubmission {
    /// Its name.
    pub id: SubmissionId,
    /// The keys of its answers, one a part; none when every answer is off the record.
    pub data_keys: Vec<SealedDataKey>,
    /// The answers, in the form's order.
    pub answers: Vec<SealedAnswer>,
}
