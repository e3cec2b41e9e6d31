//! Web origins, compared exactly, never by prefix.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an origin is http:// or https://, a host and perhaps a port, without a path")]
pub struct OriginError;

/// A web origin such as `https://vault.example:8443`, in the form browsers send it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// The whole origin: scheme, host, port.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port as a `Host` header names them.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;

    fn try_from(text: String) -> Result<Self, OriginError> {
        let authority = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let plain = |authority: &str| {
            !authority.is_empty()
                && authority.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b':' | b'[' | b']'))
        };
        if authority.is_some_and(plain) { Ok(Self(text)) } else { Err(OriginError) }
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        text.to_owned().try_into()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path_no_capitals_no_quotes() {
        assert_eq!(
            "http://vault.localhost:8081".parse::<Origin>().map(|o| o.authority().to_owned()),
            Ok("vault.localhost:8081".into())
        );
        for bad in [
            "vault.localhost",
            "http://",
            "https://a/",
            "https://a'b",
            "https://A",
            "ftp://a",
            "https://a b",
            "https://*",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }
}
