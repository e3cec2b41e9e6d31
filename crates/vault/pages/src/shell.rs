//! What stands around every visitor's page: document, bar, seam, footer.

use aside_language::Words;

use crate::assets::{Asset, FORM_SCRIPT, FORM_STYLE, LINK_STYLE};
use crate::icon::Icon;
use crate::{Look, Occasion, Page};

/// The surroundings of a page.
pub(crate) struct Shell<'a> {
    pub(crate) words: Words<'a>,
    pub(crate) occasion: Option<&'a Occasion<'a>>,
    /// What the browser's tab says.
    pub(crate) title: String,
    /// What the chat is told once the page is there.
    pub(crate) tell: &'static str,
    /// For a refusal: which kind, for the chat.
    pub(crate) kind: &'static str,
    /// Whether the form opens once.
    pub(crate) once: bool,
    /// The sentence at the foot.
    pub(crate) footer: String,
    pub(crate) shield: Icon,
    pub(crate) cross: Icon,
}

impl<'a> Shell<'a> {
    pub(crate) fn new(words: Words<'a>, occasion: Option<&'a Occasion<'a>>, tell: &'static str) -> Self {
        let title = match occasion {
            Some(o) => words.tell("form-title", &[("title", o.title.into()), ("brand", o.brand.into())]),
            None => words.say("form-secure"),
        };
        Self {
            words,
            occasion,
            title,
            tell,
            kind: "",
            once: false,
            footer: words.say("form-footer"),
            shield: Icon::SHIELD,
            cross: Icon::CROSS,
        }
    }

    /// The form's title, or what a page without one is called.
    pub(crate) fn name(&self) -> String {
        self.occasion.map_or_else(|| self.words.say("form-secure"), |o| o.title.to_owned())
    }

    pub(crate) fn style(&self) -> &'static Asset {
        match self.occasion.map(|o| o.look) {
            Some(Look::Link) => &LINK_STYLE,
            _ => &FORM_STYLE,
        }
    }

    pub(crate) fn script(&self) -> &'static Asset {
        &FORM_SCRIPT
    }

    pub(crate) fn classes(&self) -> &'static str {
        match self.occasion {
            Some(Occasion { framed: true, look: Look::Link, .. }) => "link framed",
            Some(Occasion { framed: true, .. }) => "framed",
            Some(Occasion { look: Look::Link, .. }) => "link",
            _ => "",
        }
    }

    /// The brand's privacy page, if it is a web page.
    pub(crate) fn privacy(&self) -> Option<&'a str> {
        self.occasion.and_then(|o| o.privacy_url).filter(|url| is_web(url))
    }

    /// The brand's contact page, if it is a web page.
    pub(crate) fn contact(&self) -> Option<&'a str> {
        self.occasion.and_then(|o| o.contact_url).filter(|url| is_web(url))
    }

    pub(crate) fn contact_text(&self) -> String {
        self.words.tell("form-contact", &[("brand", self.occasion.map_or("", |o| o.brand).into())])
    }

    /// "For Dana at Northwind", or the other way round: `key` says which.
    pub(crate) fn who(&self, key: &str) -> String {
        let (agent, brand) = self.occasion.map_or(("", ""), |o| (o.agent, o.brand));
        self.words.markup(key, &[("agent", agent.into()), ("brand", brand.into())])
    }

    /// The letter on the brand's tile.
    pub(crate) fn initial(&self) -> String {
        let letter = self.occasion.and_then(|o| o.brand.chars().find(|c| c.is_alphanumeric()));
        letter.map_or_else(String::new, |c| c.to_uppercase().collect())
    }

    pub(crate) fn reference(&self) -> String {
        let reference = self.occasion.map_or("", |o| o.reference);
        self.words.markup("form-reference", &[("reference", reference.into())])
    }

    /// Whether it stands in a frame. Browsers refuse `autofocus` there; the page's script does it then.
    pub(crate) fn framed(&self) -> bool {
        self.occasion.is_some_and(|o| o.framed)
    }

    /// A page with `html` in it.
    pub(crate) fn page(&self, html: String, echoes: bool) -> Page {
        Page { html, style: self.style(), script: self.script(), connects: false, seals: None, echoes }
    }
}

/// Whether a link leads to a web page: an admin's `javascript:` goes nowhere.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Renders a template.
pub(crate) fn render(template: &impl askama::Template) -> String {
    // Cannot fail: templates only write to a String, and hold no filter that can.
    #[expect(clippy::expect_used, reason = "writing to a String cannot fail")]
    template.render().expect("a template writes to a String")
}
