//! The page behind a link: it says whose it is and has one button. Showing it changes nothing (S14).

use askama::Template;

use crate::icon::Icon;
use crate::shell::{Shell, render};
use crate::{Occasion, Page, Pages, span};

/// What the page behind a link says beside the occasion.
pub struct Landing<'a> {
    /// The `open` OTK's text, which the button posts to `/open`.
    pub key: &'a str,
    /// The form's own line about itself.
    pub description: Option<&'a str>,
    /// The host that the visitor should see in the address bar.
    pub host: &'a str,
    /// How long the link still works, in seconds.
    pub opens_for_seconds: u64,
    /// How long the form stays open once it is, in seconds.
    pub submit_limit_seconds: u32,
}

#[derive(Template)]
#[template(path = "landing.html")]
struct LandingPage<'a> {
    shell: Shell<'a>,
    landing: &'a Landing<'a>,
    lead: String,
    points: [(Icon, String); 3],
    real: String,
    real_how: String,
}

impl Pages {
    /// The page behind a link.
    #[must_use]
    pub fn landing(&self, occasion: &Occasion<'_>, landing: &Landing<'_>) -> Page {
        let words = self.words(occasion.locale);
        let agent_and_brand = [("agent", occasion.agent.into()), ("brand", occasion.brand.into())];
        let timed = |key, seconds| words.markup(key, &[("time", (&span::span(words, seconds)).into())]);
        let page = LandingPage {
            shell: Shell::new(words, Some(occasion), "landed"),
            landing,
            lead: words.markup("form-landing-lead", &agent_and_brand),
            points: [
                (Icon::TIMER, timed("form-landing-time", u64::from(landing.submit_limit_seconds))),
                (Icon::PHONE, words.markup("form-landing-device", &[])),
                (Icon::CLOCK, timed("form-landing-until", landing.opens_for_seconds)),
            ],
            real: words.tell("form-landing-real", &[("brand", occasion.brand.into())]),
            real_how: words.markup(
                "form-landing-real-how",
                &[("reference", occasion.reference.into()), ("host", landing.host.into())],
            ),
        };
        page.shell.page(render(&page), false)
    }
}
