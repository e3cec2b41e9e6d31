//! The life of an invitation at the vault: who may open, submit, view and end it, and when (S3 to S8, S14, V4).
//!
//! Pure: no I/O, no clock, no randomness, no SQL, no words for people. Keys occur as hashes only, answers only sealed. The
//! stores read these records, call the functions that decide, and write back what they changed, all in one transaction.

mod api_key;
mod audit;
mod decide;
mod export;
mod factor;
mod invitation;
mod keeping;
mod key_ring;
mod otk;
mod reference;
mod refusal;
mod sealed;
mod session;
mod view;

pub use api_key::{ApiKey, KIND_NAMES, LONGEST_KEY_DAYS, Network, NewApiKey, Presented, Scope, kind_name};
pub use audit::{Act, AuditRow, Caller, CallerKind, Occasion, On, Outcome};
pub use decide::{Left, Loaded, Opened, Repeat};
pub use export::{EXPORT_SECONDS, EXPORTED_FORMS, latest_factor_of_export};
pub use factor::{
    CONFIRMED_SECONDS, CodeApp, Factors, LOCKED_SECONDS, NewFactor, PASSKEYS, Passkey, Proof, Proved, SealedCodeSecret,
    TRIES, Tries, Usable,
};
pub use invitation::{Clock, Invitation, State};
pub use keeping::{Parts, earliest_kept, erased_at_latest, kept_days};
pub use key_ring::{
    KeyState, Moved, Retirement, Rewrap, SealedFingerprintKey, Sealing, SiteKeyVersion, ToMove, Wrapped,
};
pub use otk::Otk;
pub use reference::Reference;
pub use refusal::{KeyFault, NoRight, Refusal};
pub use sealed::{Fingerprint, SealedAnswer, SealedDataKey, SealedSiteKey, SealedSubmission};
pub use session::{Confirmation, Lease, Session};
pub use view::{Sight, Stated, View, ViewId, Wanted};
