//! The first page in the chat's hidden frame: it tells the chat that the vault is there, and shows nothing.

use aside_base::Origin;
use aside_language::Words;
use askama::Template;

use crate::assets::{Asset, FORM_SCRIPT, FORM_STYLE};
use crate::shell::render;
use crate::{Page, Pages};

#[derive(Template)]
#[template(path = "begin.html")]
struct Begin<'a> {
    words: Words<'a>,
    chats: String,
    style: &'static Asset,
    script: &'static Asset,
}

impl Pages {
    /// The frame's first page. `chats` are the exact origins of the chats that may be told.
    #[must_use]
    pub fn begin(&self, chats: &[&Origin]) -> Page {
        let page = Begin {
            words: self.words("en"),
            chats: chats.iter().map(|origin| origin.as_str()).collect::<Vec<_>>().join(" "),
            style: &FORM_STYLE,
            script: &FORM_SCRIPT,
        };
        Page {
            html: render(&page),
            style: page.style,
            script: page.script,
            connects: false,
            seals: None,
            echoes: false,
        }
    }
}
