//! Words for people, from the `.ftl` files under `translations/`, through Fluent.
//!
//! Holds no words of its own and does no I/O: the files are compiled in. What a language does not say is said in English,
//! so that a page is never without its words; a key that nobody says comes back as itself, which a test of every room
//! that uses words keeps from happening.

mod args;
mod catalog;
mod embedded;
mod words;

pub use args::Value;
pub use catalog::{Catalog, LoadError, Source};
pub use words::{Direction, Words};
