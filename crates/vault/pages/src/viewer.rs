//! The agent's frame before a view is on screen, and where there is none (S8).

use aside_base::Origin;
use aside_language::Words;
use askama::Template;

use crate::assets::{VIEWER_SCRIPT, VIEWER_STYLE};
use crate::icon::Icon;
use crate::shell::render;
use crate::{Page, Pages};

/// What stands around every page of the agent's frame.
pub(crate) struct Frame<'a> {
    pub(crate) words: Words<'a>,
    /// The exact origins of the desks that may speak with it, apart by spaces.
    pub(crate) desks: String,
    /// What the desk is told once the page is there.
    pub(crate) tell: &'static str,
    /// Told with it: whether the agent has a second factor, on the pages that are about it.
    pub(crate) ready: Option<bool>,
    /// Told with it: why there is nothing just now, where that is of this moment alone.
    pub(crate) kind: Option<&'static str>,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(words: Words<'a>, desks: &[&Origin], tell: &'static str) -> Self {
        let desks = desks.iter().map(|origin| origin.as_str()).collect::<Vec<_>>().join(" ");
        Self { words, desks, tell, ready: None, kind: None, style: &VIEWER_STYLE.text, script: &VIEWER_SCRIPT.text }
    }

    pub(crate) fn ready(mut self, ready: bool) -> Self {
        self.ready = Some(ready);
        self
    }

    pub(crate) fn page(html: String, shows_answers: bool) -> Page {
        Page { html, style: &VIEWER_STYLE, script: &VIEWER_SCRIPT, connects: true, seals: None, echoes: shows_answers }
    }
}

/// Why no answers are shown. An agent is told no more than this; the audit row knows the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CouldNotLoad {
    /// The right is not there, or lost for good; or the key was used, late or not valid.
    NoRight,
    /// The vault cannot just now.
    Unavailable,
    /// Nor while its keys cannot be used (V2).
    Sealed,
    /// This browser has no session that may set up a factor.
    SignedOut,
    /// The vault cannot set up a factor just now.
    FactorUnavailable,
    /// Nothing is to be exported here: no right, or the key was used, late or not valid.
    NoExport,
    /// Every factor of the agent is too new to confirm an export.
    FactorTooNew,
}

#[derive(Template)]
#[template(path = "waiting.html")]
struct Waiting<'a> {
    frame: Frame<'a>,
}

#[derive(Template)]
#[template(path = "could-not-load.html")]
struct NotLoaded<'a> {
    frame: Frame<'a>,
    icon: Icon,
    heading: String,
    text: String,
}

impl Pages {
    /// The frame's first page: it waits for the desk's word.
    #[must_use]
    pub fn viewer(&self, locale: &str, desks: &[&Origin]) -> Page {
        let frame = Frame::new(self.words(locale), desks, "viewer-ready");
        Frame::page(render(&Waiting { frame }), false)
    }

    /// No answers, and what the agent can do.
    #[must_use]
    pub fn could_not_load(&self, locale: &str, desks: &[&Origin], why: CouldNotLoad) -> Page {
        let words = self.words(locale);
        let (heading, text) = match why {
            CouldNotLoad::NoRight => ("viewer-could-not-load", "viewer-could-not-load-right"),
            CouldNotLoad::Unavailable | CouldNotLoad::Sealed => ("viewer-could-not-load", "viewer-could-not-load-now"),
            CouldNotLoad::FactorUnavailable => ("factor-unavailable", "factor-unavailable-lead"),
            CouldNotLoad::NoExport => ("export-none", "export-none-lead"),
            CouldNotLoad::FactorTooNew => ("export-too-new", "export-too-new-lead"),
            CouldNotLoad::SignedOut => ("factor-signed-out", "factor-signed-out-lead"),
        };
        let (heading, text) = (words.say(heading), words.say(text));
        let mut frame = Frame::new(words, desks, "could-not-load");
        frame.kind = match why {
            CouldNotLoad::Unavailable => Some("busy"),
            CouldNotLoad::Sealed => Some("sealed"),
            _ => None,
        };
        Frame::page(render(&NotLoaded { frame, icon: Icon::SHIELD_OFF, heading, text }), false)
    }
}
