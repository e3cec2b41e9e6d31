//! The vault's store on SQLite: all its SQL, and no rule of its own (those are `aside-vault-domain`'s).
//!
//! One writer thread commits in groups; reads run on their own threads. A command decides before it writes: when the rules
//! refuse, the only thing it may leave behind is an audit row.

mod agents;
mod api_keys;
mod audit;
mod chain;
mod erasure;
mod events;
mod export;
mod factors;
mod fault;
mod former;
mod housekeeping;
mod invitations;
mod keeping;
mod key_ring;
mod off_the_record;
mod open;
mod otks;
mod right_to_view;
mod rows;
mod schema;
mod sessions;
mod sites;
mod store;
mod submissions;
mod views;
mod visitor;

pub use open::{OpenError, SqliteStore};
