//! What the desk asks of its database: verbs of the domain, each atomic. No transaction object escapes, no SQL enters.
//!
//! A verb reads, decides by a pure function of `aside-desk-domain`, and writes, in one transaction with its entries, its
//! audit row and its errands to the vault. Repeating a verb with the same ids changes nothing. [`Store`] is all of them.

mod accounts;
mod audit;
#[cfg(feature = "conformance")]
pub mod conformance;
mod conversations;
mod entries;
mod errands;
mod error;
mod invitations;
mod sessions;
mod stream;
mod visitors;

pub use accounts::{Accounts, Creation, NewAgent};
pub use audit::AuditLog;
pub use conversations::{AgentPost, Close, Conversations, Posted, VisitorPost};
pub use entries::{Entries, EntryPage};
pub use errands::Errands;
pub use error::{StoreError, VerbError};
pub use invitations::{Begun, Invitations, Placed};
pub use sessions::{EndedSession, Sessions};
pub use stream::{Applied, Followed, Heard, VaultStream};
pub use visitors::Visitors;

/// The desk's database: `Arc<dyn Store>` is what `http` holds.
pub trait Store:
    Accounts + AuditLog + Conversations + Entries + Errands + Invitations + Sessions + VaultStream + Visitors
{
}

impl<S> Store for S where
    S: Accounts + AuditLog + Conversations + Entries + Errands + Invitations + Sessions + VaultStream + Visitors
{
}
