//! The audit chain's files: exports that somebody verifies, and checkpoints that come over the zone link.

use aside_chain::{Body, Checkpoint, ExportLine};

/// A line of an export: what is read is written as it was.
pub(crate) fn export_line(input: &[u8]) {
    let Some(text) = crate::text(input) else { return };
    if let Ok(line) = ExportLine::parse(text) {
        let written = line.to_line();
        assert!(ExportLine::parse(&written).is_ok(), "{written:?} was written and cannot be read");
    }
    if let Ok(body) = Body::parse(text) {
        assert!(Body::parse(&body.to_text()).is_ok(), "a body was written and cannot be read");
    }
}

/// A checkpoint in a line of a log.
pub(crate) fn checkpoint(input: &[u8]) {
    let Some(text) = crate::text(input) else { return };
    if let Some(checkpoint) = Checkpoint::in_line(text) {
        let again = Checkpoint::in_line(&checkpoint.to_line());
        assert!(again.is_some_and(|again| again.place() == checkpoint.place()), "a checkpoint is not what it was");
    }
}
