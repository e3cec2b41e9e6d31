//! The vault's two faces: the zone link for desks, and the pages for visitors' and agents' browsers.
//!
//! They share one [`Vault`] and nothing else: the public router has no route of the zone link's. A clear answer passes
//! through here on its way in (body → form → keys or memory) and out (keys or memory → page); it is never logged, never in an
//! error, never in an address. Everything fails closed: what was not recorded did not happen, what cannot be checked is no.

mod api;
mod asked;
mod body;
mod desk;
mod document;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod lease;
pub mod operator;
mod public;
mod purge;
mod rewrap;
mod room;
mod screen;
mod sealing;
mod setting;
mod site_keys;
mod sweeper;
mod tally;
mod vault;
mod watch;
mod zone;

pub use desk::{Desk, Desks, DesksError};
pub use document::openapi;
pub use operator::serve_operator;
pub use public::public_router;
pub use purge::purge;
pub use rewrap::tend_keys;
pub use site_keys::KeysState;
pub use sweeper::sweep;
pub use vault::{Parts, Vault};
pub use watch::{Outlook, watch};
pub use zone::{serve_zone, zone_router};
