//! The desk's HTTP face: the workspace's API and the visitor's, their live feeds, and what the desk does by itself.
//!
//! It sees the store's traits, never a back end, and the vault only through [`link`]. No answer to a form, and no part of
//! one, ever passes through here: there is no type for it. One-time keys are passed on unstored and unlogged.

pub mod api;
mod caller;
mod captcha;
mod chat;
mod desk;
mod document;
mod extract;
mod faces;
mod feed;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod guard;
pub mod link;
mod live;
mod may;
pub mod password;
mod pending;
mod refusal;
mod router;
mod shown;
mod tally;
mod tasks;
mod text;
mod watch;
mod workspace;

pub use desk::{Desk, Settings};
pub use router::{host_routers, openapi, router};
pub use tasks::Background;
pub use watch::Outlook;
