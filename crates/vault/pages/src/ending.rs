//! Pages that say how it ended: sent, declined, closed, asked. Each tells the chat, never what was typed.

use aside_base::Timestamp;
use askama::Template;

use crate::icon::Icon;
use crate::shell::{Shell, render};
use crate::{Occasion, Page, Pages};

/// How the large mark at the top looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// It is done.
    Good,
    /// It is as it should be.
    Plain,
    /// Something ended that somebody may have wanted.
    Warning,
}

/// A form that asks for a new link.
pub(crate) struct Ask {
    pub(crate) key: String,
    pub(crate) text: String,
}

#[derive(Template)]
#[template(path = "ending.html")]
pub(crate) struct Ending<'a> {
    pub(crate) shell: Shell<'a>,
    pub(crate) tone: Tone,
    pub(crate) icon: Icon,
    pub(crate) heading: String,
    /// Markup.
    pub(crate) lead: String,
    /// Labels and values.
    pub(crate) facts: Vec<Fact>,
    pub(crate) points_heading: Option<String>,
    /// Markup.
    pub(crate) points: Vec<(Icon, String)>,
    pub(crate) ask: Option<Ask>,
}

/// A line of what was recorded.
pub(crate) struct Fact {
    label: String,
    value: String,
    /// Set on a moment, so that the page's script can say it in the visitor's own time.
    moment: Option<String>,
}

impl Ending<'_> {
    fn tone_class(&self) -> &'static str {
        match self.tone {
            Tone::Good => "good",
            Tone::Plain => "plain",
            Tone::Warning => "warning",
        }
    }

    pub(crate) fn page(&self) -> Page {
        self.shell.page(render(self), false)
    }
}

impl Pages {
    /// The answers arrived at `at`.
    #[must_use]
    pub fn sent(&self, occasion: &Occasion<'_>, at: Timestamp) -> Page {
        let words = self.words(occasion.locale);
        let args = [("agent", occasion.agent.into()), ("brand", occasion.brand.into())];
        let mut shell = Shell::new(words, Some(occasion), "sent");
        shell.footer = words.say("form-sent-footer");
        let (moment, value) = moment(at);
        let readers = if occasion.history {
            words.markup("form-sent-history", &args)
        } else {
            words.markup("form-sent-only", &args[..1])
        };
        Ending {
            shell,
            tone: Tone::Good,
            icon: Icon::CHECK,
            heading: words.tell("form-sent", &args[..1]),
            lead: words.markup("form-sent-lead", &args[1..]),
            facts: vec![
                Fact { label: words.say("form-sent-form"), value: occasion.title.to_owned(), moment: None },
                Fact { label: words.say("form-sent-at"), value, moment: Some(moment) },
            ],
            points_heading: Some(words.say("form-sent-next")),
            points: vec![
                (Icon::CHAT, words.markup("form-sent-uses", &args[..1])),
                (Icon::EYE, readers),
                (Icon::LOCK, words.markup("form-sent-once", &[])),
            ],
            ask: None,
        }
        .page()
    }

    /// The visitor chose not to answer.
    #[must_use]
    pub fn declined(&self, occasion: &Occasion<'_>) -> Page {
        let words = self.words(occasion.locale);
        Ending {
            shell: Shell::new(words, Some(occasion), "declined"),
            tone: Tone::Plain,
            icon: Icon::MINUS,
            heading: words.say("form-declined"),
            lead: words.markup("form-declined-lead", &[("agent", occasion.agent.into())]),
            facts: Vec::new(),
            points_heading: None,
            points: vec![(Icon::CHAT, words.markup("form-declined-next", &[]))],
            ask: None,
        }
        .page()
    }

    /// The visitor closed the form: `for_good`, or to come back (S9, S11).
    #[must_use]
    pub fn closed(&self, occasion: &Occasion<'_>, for_good: bool) -> Page {
        let words = self.words(occasion.locale);
        let mut shell = Shell::new(words, Some(occasion), "close");
        shell.once = for_good;
        let (heading, point) = if for_good {
            let agent = [("agent", occasion.agent.into())];
            ("form-left", (Icon::CHAT, words.markup("form-ask-chat", &agent)))
        } else {
            ("form-closed", (Icon::REFRESH, words.markup("form-closed-again", &[])))
        };
        Ending {
            shell,
            tone: Tone::Plain,
            icon: Icon::CROSS,
            heading: words.say(heading),
            lead: words.markup("form-closed-lead", &[]),
            facts: Vec::new(),
            points_heading: None,
            points: vec![point],
            ask: None,
        }
        .page()
    }

    /// The visitor asked for a new link (S14).
    #[must_use]
    pub fn asked(&self, occasion: &Occasion<'_>) -> Page {
        let words = self.words(occasion.locale);
        Ending {
            shell: Shell::new(words, Some(occasion), "asked"),
            tone: Tone::Good,
            icon: Icon::CHECK,
            heading: words.say("form-asked"),
            lead: words.markup("form-asked-lead", &[("agent", occasion.agent.into())]),
            facts: Vec::new(),
            points_heading: None,
            points: vec![(Icon::LINK, words.markup("form-asked-old", &[]))],
            ask: None,
        }
        .page()
    }
}

/// A moment for `datetime`, and in figures that every language reads. Of a moment outside the calendar, nothing.
pub(crate) fn moment(at: Timestamp) -> (String, String) {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return Default::default() };
    (instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), instant.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_for_machines_and_for_people() {
        let (machine, people) = moment(Timestamp(1_795_344_540_000));
        assert_eq!((machine.as_str(), people.as_str()), ("2026-11-22T10:49:00Z", "2026-11-22 10:49 UTC"));
        assert_eq!(moment(Timestamp(i64::MAX)), Default::default());
    }
}
