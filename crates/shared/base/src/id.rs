//! Typed ids: mixing two kinds does not compile. Ids are names, never credentials (ASVS 11.5.1).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Rng, Timestamp};

/// A text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct ParseIdError;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh UUIDv7: time-ordered, so that tables grow at their end.
            #[must_use]
            pub fn generate(now: Timestamp, rng: &dyn Rng) -> Self {
                Self(uuid_v7(now, rng))
            }

            /// The id of a known UUID.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself, for the stores.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| ParseIdError)
            }
        }
    )*};
}

uuid_ids! {
    /// An agent's account.
    AgentId,
    /// A key by which another program calls.
    ApiKeyId,
    /// An audit row.
    AuditId,
    /// A conversation between one visitor and a site.
    ConversationId,
    /// One form sent once in one conversation.
    InvitationId,
    /// A message, named by the client that wrote it so that a repeat is known.
    MessageId,
    /// A passkey of an account.
    PasskeyId,
    /// A named set of permissions of a site.
    ProfileId,
    /// A login of an agent, from login to logout.
    SessionId,
    /// A visitor's answers to an invitation.
    SubmissionId,
    /// A visitor's browser, as the desk knows it.
    VisitorId,
}

fn uuid_v7(now: Timestamp, rng: &dyn Rng) -> Uuid {
    let millis = u64::try_from(now.0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &rng.bytes::<10>()).into_uuid()
}

/// A published form definition, named by the SHA-256 of its canonical JSON, in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DefinitionHash(String);

impl DefinitionHash {
    /// Names the definition with this digest.
    #[must_use]
    pub fn of_digest(digest: &[u8; 32]) -> Self {
        use fmt::Write as _;
        let mut hex = String::with_capacity(64);
        for byte in digest {
            // Cannot fail: writing to a String.
            let _ = write!(hex, "{byte:02x}");
        }
        Self(hex)
    }

    /// The hex text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DefinitionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DefinitionHash {
    type Error = ParseIdError;

    fn try_from(text: String) -> Result<Self, ParseIdError> {
        let hex = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if hex { Ok(Self(text)) } else { Err(ParseIdError) }
    }
}

impl FromStr for DefinitionHash {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        text.to_owned().try_into()
    }
}

impl From<DefinitionHash> for String {
    fn from(hash: DefinitionHash) -> Self {
        hash.0
    }
}

/// Stands for one stored answer and says nothing about it (V1): the second in which it was made, in 32 bits, and 128 random
/// bits, written `tok_` + base64url. The second keeps an index of many million tokens growing at one place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnswerToken(String);

impl AnswerToken {
    /// A fresh token.
    #[must_use]
    pub fn generate(now: Timestamp, rng: &dyn Rng) -> Self {
        let second = u32::try_from(now.0.div_euclid(1_000)).unwrap_or(0);
        let mut bytes = [0; 20];
        bytes[..4].copy_from_slice(&second.to_be_bytes());
        bytes[4..].copy_from_slice(&rng.bytes::<16>());
        Self(format!("tok_{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// A token read back from a store.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The token's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let rng = SeededRng::new(1);
        let early = InvitationId::generate(Timestamp(1_000), &rng);
        let late = InvitationId::generate(Timestamp(2_000), &rng);
        assert!(early < late);
        assert_eq!(early.to_string().parse::<InvitationId>(), Ok(early));
    }

    #[test]
    fn tokens_of_one_second_share_its_name_and_no_more() {
        let rng = SeededRng::new(1);
        let [one, other] = [1_000, 1_999].map(|millis| AnswerToken::generate(Timestamp(millis), &rng));
        assert_eq!(one.as_str().len(), 31);
        assert_eq!(one.as_str()[..9], other.as_str()[..9]);
        let bytes = |token: &AnswerToken| URL_SAFE_NO_PAD.decode(&token.as_str()[4..]).unwrap();
        let (one, other) = (bytes(&one), bytes(&other));
        let equal = one[4..].iter().zip(&other[4..]).filter(|(one, other)| one == other).count();
        assert!(equal < 4, "{equal} of 16 random bytes are the same");
    }

    #[test]
    fn a_definition_hash_is_64_lower_case_hex_digits() {
        let hash = DefinitionHash::of_digest(&[0xAB; 32]);
        assert_eq!(hash.as_str().parse::<DefinitionHash>(), Ok(hash.clone()));
        assert!("AB".repeat(32).parse::<DefinitionHash>().is_err());
        assert!("ab".parse::<DefinitionHash>().is_err());
    }
}
