//! Ways in for the fuzz targets, to parsers that no other room may see. Only with the feature `fuzzing`, which no program has.

use aside_vault_keys::ProviderError;
use http::StatusCode;

use crate::client::read;
use crate::provider::{bytes, understood, usable};

/// A reply of the service, as each of the three that wait for one takes it: how many bytes were sealed, how many were opened, and
/// whether the key can be used.
pub struct Replies {
    /// To `Encrypt`.
    pub sealed: Result<usize, ProviderError>,
    /// To `Decrypt`.
    pub opened: Result<usize, ProviderError>,
    /// To `DescribeKey`.
    pub usable: Result<(), ProviderError>,
}

/// Reads a reply with this status and body.
#[must_use]
pub fn replies(status: StatusCode, body: &[u8]) -> Replies {
    let answered = |operation| understood(operation, read(status, body));
    let held = |operation, field| bytes(&answered(operation)?, field).map(|bytes| bytes.len());
    Replies {
        sealed: held("Encrypt", "CiphertextBlob"),
        opened: held("Decrypt", "Plaintext"),
        usable: answered("DescribeKey").and_then(|answer| usable(&answer)),
    }
}
