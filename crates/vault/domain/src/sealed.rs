//! Sealed things as the stores keep them: opaque bytes with the numbers that say how to open them. Only `keys` can.

use aside_base::{AnswerToken, SubmissionId};

/// A site's key, sealed by the key provider (V2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSiteKey {
    /// Counts the site's keys; the newest seals, older ones still open.
    pub version: u32,
    /// The sealed key.
    pub sealed: Vec<u8>,
}

/// A submission's data key, sealed by the site's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedDataKey {
    /// The version of the site key that sealed it.
    pub version: u32,
    /// The sealed key.
    pub sealed: Vec<u8>,
}

/// One answer: its token, and its value sealed, or no value at all when it is off the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAnswer {
    /// Stands for the answer (V1).
    pub token: AnswerToken,
    /// The question's id.
    pub question: String,
    /// The sealed value; `None` is the marker of an off-the-record answer, whose value is in memory only (V3).
    pub sealed: Option<Vec<u8>>,
}

/// A visitor's answers, ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSubmission {
    /// Its name.
    pub id: SubmissionId,
    /// The key of its answers.
    pub data_key: SealedDataKey,
    /// The answers, in the form's order.
    pub answers: Vec<SealedAnswer>,
}
