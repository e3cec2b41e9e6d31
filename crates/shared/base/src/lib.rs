//! The ground both zones stand on: typed ids, time and randomness as arguments, secrets, one-time keys.
//!
//! Pure: no clock, no environment, no I/O. [`Clock`] and [`Rng`] are traits; the programs hand the real ones in.

mod address;
mod clock;
mod host;
mod id;
mod otk;
mod rng;
mod secret;
mod site;

pub use address::AddressPrefix;
pub use clock::{Clock, ManualClock, Timestamp};
pub use host::{Origin, OriginError};
pub use id::{
    AgentId, AnswerToken, ApiKeyId, AuditId, ConversationId, DefinitionHash, InvitationId, MessageId, ParseIdError,
    PasskeyId, ProfileId, SessionId, SubmissionId, VisitorId,
};
pub use otk::{KeyHash, OneTimeKey, ParseKeyError, Purpose};
pub use rng::{Rng, SeededRng};
pub use secret::Secret;
pub use site::{ParseSiteError, SiteId};
