//! The pages that the vault itself shows: the visitor's form and what surrounds it, and the agent's view of the answers.
//!
//! Pure rendering: plain data in, HTML out. No I/O, no clock, no decision about who may see what. A clear answer is taken
//! as a [`aside_base::Secret`] and opened at the last moment, only for what the form's own rules allow to be shown; it is
//! never kept. All words come from `translations/`, all colours from `web/tokens`. Every page carries its one style sheet
//! and its one script inside, and nothing of anybody else's: [`Page::content_security_policy`] names both by their hashes.

mod assets;
mod begin;
mod ending;
mod export;
mod factor;
mod field;
mod form;
mod icon;
mod landing;
mod occasion;
mod open;
mod page;
mod problem;
mod refusal;
mod shell;
mod span;
mod view;
mod viewer;

use aside_language::{Catalog, LoadError, Source, Words};

pub use assets::{Asset, inventory, seal_script};
pub use export::Export;
pub use factor::{CodeApp, Confirm, ConfirmTrouble, Factors};
pub use form::{Echo, Form};
pub use landing::Landing;
pub use occasion::{Look, Occasion};
pub use page::Page;
pub use refusal::{CancelCause, Clock, Refusal};
pub use view::{HistoryNote, HistoryWhy, Proofs, Row, State, View};
pub use viewer::CouldNotLoad;

/// Renders every page. Made once, shared by all requests.
pub struct Pages {
    catalog: Catalog,
}

impl Pages {
    /// Loads the words.
    ///
    /// # Errors
    /// When an embedded translation does not read; a test holds them to it.
    pub fn new() -> Result<Self, LoadError> {
        Ok(Self { catalog: Catalog::embedded()? })
    }

    /// Loads the words, and `more` languages than those compiled in.
    ///
    /// # Errors
    /// When one of them does not read.
    pub fn with(more: &[Source<'_>]) -> Result<Self, LoadError> {
        Ok(Self { catalog: Catalog::embedded_and(more)? })
    }

    fn words(&self, wanted: &str) -> Words<'_> {
        self.catalog.negotiate(wanted)
    }
}
