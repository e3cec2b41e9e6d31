//! The people of a journey, over real HTTP: an [`Agent`] and a [`Visitor`], each with a [`Browser`] of their own, and the
//! desk's end of the zone link for what a desk could try.
//!
//! The tour, the bench and the journeys in `tests/` speak through this. A refusal is an error that keeps the whole answer,
//! so that a test can ask for exactly that refusal.

mod agent;
mod browser;
mod feed;
mod page;
mod sealing;
mod sign_in;
mod viewer;
mod visitor;
mod zone;

use std::sync::Arc;

use aside_base::{Clock, MessageId, Rng};

use crate::house::Origins;

pub use agent::{Agent, Form, Granted, Sent};
pub use browser::{Body, Browser, Initiator, JourneyError, Reply};
pub use feed::Feed;
pub use page::{FormPage, hidden_key};
pub use sign_in::{Session, Stage, give_password};
pub use viewer::{LiveView, View};
pub use visitor::{OpenKey, Visitor, press};
pub use zone::ZoneLink;

/// Where and when a journey takes place.
#[derive(Clone)]
pub struct Setting {
    /// The house's names.
    pub origins: Origins,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for the ids that clients make.
    pub rng: Arc<dyn Rng>,
}

impl Setting {
    /// A fresh id such as clients give to what they write, so that a repeat is known.
    #[must_use]
    pub fn fresh_id(&self) -> String {
        MessageId::generate(self.clock.now(), &*self.rng).to_string()
    }
}
