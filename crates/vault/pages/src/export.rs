//! What an agent takes along of what is stored (V8): said before, in one file after.

use aside_base::Origin;
use askama::Template;

use crate::icon::Icon;
use crate::shell::render;
use crate::viewer::Frame;
use crate::{Page, Pages};

/// An export, as its page says it.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// How many forms were answered.
    pub forms: u32,
    /// In how many conversations.
    pub conversations: usize,
    /// Which case it belongs to.
    pub reference: Option<&'a str>,
    /// Whether card numbers are in it in full.
    pub card_numbers: bool,
}

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage<'a> {
    frame: Frame<'a>,
    icon: Icon,
    heading: String,
    what: String,
    cards: String,
    case: Option<String>,
}

impl Pages {
    /// Says what is exported, and hands it out with one button.
    #[must_use]
    pub fn export(&self, locale: &str, desks: &[&Origin], export: &Export<'_>) -> Page {
        let words = self.words(locale);
        let (forms, conversations) = (export.forms.to_string(), export.conversations.to_string());
        let what = words.tell(
            "export-what",
            &[
                ("count", u64::from(export.forms).into()),
                ("forms", (&forms).into()),
                ("conversations", (&conversations).into()),
            ],
        );
        let cards = if export.card_numbers { "export-cards" } else { "export-cards-masked" };
        let page = ExportPage {
            icon: Icon::LOCK,
            heading: words.say("export-heading"),
            what,
            cards: words.say(cards),
            case: export.reference.map(|reference| words.tell("export-case", &[("reference", reference.into())])),
            frame: Frame::new(words, desks, "viewing"),
        };
        Frame::page(render(&page), false)
    }
}
