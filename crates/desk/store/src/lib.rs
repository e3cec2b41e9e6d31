//! What the desk asks of its database: verbs of the domain, each atomic. No transaction object escapes, no SQL enters.
//!
//! A verb reads, decides by a pure function of `aside-desk-domain`, and writes, in one transaction with its entries, its
//! audit row and its errands to the vault. Repeating a verb with the same ids changes nothing. [`Store`] is all of them.

mod accounts;
mod aftermath;
mod attempts;
mod audit;
mod chain;
#[cfg(feature = "conformance")]
pub mod conformance;
mod conversations;
mod entries;
mod errands;
mod error;
mod factors;
mod history;
mod invitations;
mod keeping;
mod keys;
mod passwords;
mod people;
mod privacy;
mod security;
mod sessions;
mod stream;
mod trail;
mod transfers;
mod visitors;

pub use accounts::{Accounts, Creation, NewAgent};
pub use aftermath::{Aftermath, EndedSession, LockedSession};
pub use attempts::{Attempt, AttemptKey, Attempts, Charge, Failed, SolvedCaptcha};
pub use audit::AuditLog;
pub use chain::{AuditChain, Mirror, MirroredEntry, Overdue, VaultMirror};
pub use conversations::{AgentPost, Close, Conversations, Posted, VisitorPost};
pub use entries::{Entries, EntryPage};
pub use errands::Errands;
pub use error::{StoreError, VerbError};
pub use factors::{FactorRecords, FactorSet, NewFactor, SetUpFactor};
pub use history::History;
pub use invitations::{Begun, Invitations, Placed};
pub use keeping::SiteKeeping;
pub use keys::ApiKeys;
pub use passwords::{ChangePassword, LinkHolder, PasswordChanged, Passwords};
pub use people::{NewPerson, People, Person, ProfileUse};
pub use privacy::{Erasure, Privacy};
pub use security::{Security, SiteSecurity};
pub use sessions::{PassFactor, Sessions, SignIn, Unlock};
pub use stream::{Applied, Followed, Heard, VaultStream};
pub use trail::{Alerts, AuditTrail, ExportEntry, ExportPage, Looks};
pub use transfers::{Transfer, Transfers};
pub use visitors::Visitors;

/// All of the desk's verbs.
macro_rules! store {
    ($($part:ident),+ $(,)?) => {
        /// The desk's database: `Arc<dyn Store>` is what `http` holds.
        pub trait Store: $($part +)+ Send + Sync {}

        impl<S> Store for S where S: $($part +)+ Send + Sync {}
    };
}

store!(
    Accounts,
    Alerts,
    ApiKeys,
    Attempts,
    AuditChain,
    AuditLog,
    AuditTrail,
    Conversations,
    Entries,
    Errands,
    FactorRecords,
    History,
    Invitations,
    Passwords,
    People,
    Privacy,
    Security,
    Sessions,
    SiteKeeping,
    Transfers,
    VaultMirror,
    VaultStream,
    Visitors,
);
