//! The client data: which page asked for what (Web Authentication section 5.8.1). Written by the browser, signed by the key.

use serde::Deserialize;

use super::{Challenge, PasskeyError, RelyingParty};

/// Which question it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ceremony {
    Create,
    Get,
}

impl Ceremony {
    const fn name(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// Members that we do not know are ignored: browsers add some at random so that nobody compares with a template.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: Option<bool>,
    #[serde(default)]
    top_origin: Option<String>,
}

/// Checks the client data against the question that was asked.
pub(super) fn check(
    json: &[u8],
    ceremony: Ceremony,
    party: RelyingParty<'_>,
    challenge: &Challenge,
) -> Result<(), PasskeyError> {
    let data: ClientData = serde_json::from_slice(json).map_err(|_| PasskeyError::Malformed)?;
    if data.kind != ceremony.name() {
        return Err(PasskeyError::Type);
    }
    if !challenge.is(&data.challenge) {
        return Err(PasskeyError::Challenge);
    }
    if data.origin != party.origin.as_str() {
        return Err(PasskeyError::Origin);
    }
    let framed = data.cross_origin.unwrap_or(false);
    let top_fits = match (framed, data.top_origin.as_deref(), party.framed_by) {
        // Our own page, in no foreign frame.
        (false, None, _) => true,
        (true, Some(top), Some(expected)) => top == expected.as_str(),
        // Not every browser says by whom: the page's own `frame-ancestors` lets nobody else frame it.
        (true, None, Some(_)) => true,
        _ => false,
    };
    if top_fits { Ok(()) } else { Err(PasskeyError::Origin) }
}
