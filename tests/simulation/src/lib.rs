//! Both zones in one process, on one mock clock, driven by random lists of operations; after each operation the
//! [`invariant`]s must hold.
//!
//! Real are: both stores on disk, both zones' routers, the desk's link with its TLS, its tasks and the vault's sweeper. Played
//! are the clock, the randomness, the browsers, and the wire between the zones, which can be cut before a call reaches the
//! vault or after it was done there. A crash drops a zone and opens it again from its files; the vault's keys are sealed then,
//! until somebody types the passphrase.
//!
//! A list that broke something is shrunk and its seed kept in `seeds.txt`, whose lists are run first, each time.

mod browser;
mod house;
mod invariant;
mod ledger;
mod link;
mod many;
mod operation;
mod person;
mod world;

pub use aside_wire::Reopen;
pub use house::Setting;
pub use ledger::Played;
pub use many::{Chance, many};
pub use operation::{Operation, operations};
pub use world::run;
