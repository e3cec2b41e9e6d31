//! What is noted of answers that are in memory only (V3): that there are some, until when, and once why they are gone. Never
//! what they are.

use aside_base::{KeyHash, SubmissionId};
use aside_vault_domain::{Occasion, ViewId};
use aside_wire::GoneReason;
use async_trait::async_trait;

use crate::{Ended, Result};

/// The end of off-the-record answers, told once a submission: event and audit row are written with the first note and by no
/// later one. Where a right ends, the verb that ends it notes it in its own transaction.
#[async_trait]
pub trait OffTheRecordNotes: Send + Sync {
    /// Notes that these submissions' answers were wiped, and why. Answers how many were not noted before.
    async fn note_gone(&self, on: Occasion, submissions: Vec<SubmissionId>, why: GoneReason) -> Result<u32>;

    /// Notes the end of up to `limit` submissions' answers whose time has ended. Answers how many.
    async fn note_due(&self, on: Occasion, limit: u32) -> Result<u32>;

    /// The vault starts, and its memory is empty: notes the end of everything that was in it (edge case 25). Answers how many
    /// submissions that were.
    async fn note_restart(&self, on: Occasion) -> Result<u32>;

    /// The agent is done with what the view shows (idempotent in its own browser): it closes as by
    /// [`crate::Store::finish_view`], and the answers that are in memory only are to be wiped.
    async fn finish_and_wipe(&self, on: Occasion, view: ViewId, viewer: KeyHash) -> Result<Ended>;
}
