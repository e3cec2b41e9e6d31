//! Pages that say no: which clock ended, what was used, and what to do next. Never which part of a key was right.

use aside_language::Words;

use crate::ending::{Ask, Ending, Tone};
use crate::icon::Icon;
use crate::shell::Shell;
use crate::{Occasion, Page, Pages, span};

/// Which of the three clocks ended (S5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Send to first click.
    InvitationLife,
    /// Click to loaded.
    OpenLimit,
    /// First open to submit.
    SubmitLimit,
}

/// Why an invitation was cancelled, as far as a visitor is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelCause {
    /// The agent took it back.
    Agent,
    /// The sending session ended before submission (S8).
    SessionEnded,
    /// The conversation was closed.
    ConversationClosed,
    /// The conversation went to another agent (S8).
    Transferred,
    /// The site's secure forms were stopped (A10).
    Stopped,
    /// The visitor left a form that opens once (S11).
    FormClosed,
    /// Another form of the conversation was opened on this device (S11).
    AnotherForm,
}

/// Why a page is not what was hoped for.
#[derive(Debug, Clone, Copy)]
pub enum Refusal<'a> {
    /// A key or an address that is none: malformed, of another purpose, of another site, never said which.
    NotValid,
    /// A form's address without the device's cookie.
    NotHere,
    /// An `open` OTK that was used; with its text the page offers to ask for a new link.
    Used {
        /// The OTK's text, for `/ask`.
        ask: Option<&'a str>,
    },
    /// A link whose place a newer one took; with its text the page offers to ask for another.
    Replaced {
        /// The OTK's text, for `/ask`.
        ask: Option<&'a str>,
    },
    /// A page of the form whose place a newer one took: the same form, loaded again on this device.
    Stale,
    /// Opened on another device first.
    OtherDevice {
        /// The OTK's text, for `/ask`.
        ask: Option<&'a str>,
    },
    /// A clock ended.
    Expired {
        /// Which.
        clock: Clock,
        /// How long it ran, in seconds.
        seconds: u32,
        /// The OTK's text, for `/ask`.
        ask: Option<&'a str>,
    },
    /// Sent before; it cannot be reopened (S6).
    Submitted,
    /// Declined before.
    Declined,
    /// Cancelled.
    Cancelled(CancelCause),
    /// Too many posts from there.
    TooMany {
        /// When to try again, in seconds.
        retry_seconds: u32,
    },
    /// A body over the limit.
    TooLarge,
    /// The vault cannot just now.
    Unavailable,
    /// The vault's memory for answers that are never stored is full (V3).
    Full,
    /// The vault's keys cannot be used (V2).
    Sealed,
    /// The vault failed. The id is opaque.
    Failed {
        /// What to tell an operator.
        id: Option<&'a str>,
    },
}

impl Refusal<'_> {
    /// What the chat is told of it.
    const fn kind(&self) -> &'static str {
        match self {
            Self::NotValid | Self::NotHere => "not_valid",
            Self::Used { .. } | Self::Replaced { .. } | Self::Stale | Self::Submitted => "used",
            Self::Expired { .. } => "expired",
            Self::OtherDevice { .. } | Self::Declined | Self::Cancelled(_) => "wrong_state",
            Self::TooMany { .. } | Self::Unavailable => "busy",
            Self::Full => "full",
            Self::Sealed => "sealed",
            Self::TooLarge => "invalid",
            Self::Failed { .. } => "failed",
        }
    }
}

/// What a refusal says.
struct Said {
    tone: Tone,
    icon: Icon,
    heading: String,
    lead: String,
    points: Vec<(Icon, String)>,
}

impl Pages {
    /// A refusal. `occasion` where the invitation is known; else the page speaks `accept_language`.
    #[must_use]
    pub fn refused(&self, occasion: Option<&Occasion<'_>>, accept_language: &str, refusal: &Refusal<'_>) -> Page {
        let words = self.words(occasion.map_or(accept_language, |o| o.locale));
        let said = say(words, occasion, refusal);
        let ask = match refusal {
            Refusal::Used { ask }
            | Refusal::Replaced { ask }
            | Refusal::OtherDevice { ask }
            | Refusal::Expired { ask, .. } => *ask,
            _ => None,
        };
        let mut shell = Shell::new(words, occasion, "refused");
        shell.kind = refusal.kind();
        Ending {
            shell,
            tone: said.tone,
            icon: said.icon,
            heading: said.heading,
            lead: said.lead,
            facts: Vec::new(),
            points_heading: None,
            points: said.points,
            ask: ask.map(|key| Ask { key: key.to_owned(), text: words.say("form-ask-link") }),
        }
        .page()
    }
}

fn say(words: Words<'_>, occasion: Option<&Occasion<'_>>, refusal: &Refusal<'_>) -> Said {
    let plain = |key| words.markup(key, &[]);
    let timed = |key, seconds: u32| words.markup(key, &[("time", (&span::span(words, u64::from(seconds))).into())]);
    let said = |tone, icon, heading, lead, points| Said { tone, icon, heading: words.say(heading), lead, points };
    match *refusal {
        Refusal::NotValid => said(
            Tone::Plain,
            Icon::LINK,
            "form-not-valid",
            plain("form-not-valid-lead"),
            vec![(Icon::ARROW, plain("form-not-valid-whole")), again(words, occasion, false)],
        ),
        Refusal::NotHere => said(
            Tone::Plain,
            Icon::DEVICES,
            "form-not-here",
            plain("form-not-here-lead"),
            vec![(Icon::ARROW, plain("form-not-here-how"))],
        ),
        Refusal::Used { ask } => said(Tone::Plain, Icon::LINK, "form-used", plain("form-used-lead"), {
            let mut points = vec![(Icon::ARROW, plain("form-used-you"))];
            if ask.is_some() {
                points.push((Icon::REFRESH, plain("form-used-not-you")));
                points.push((Icon::MAIL, plain("form-used-apps")));
            } else {
                points.push(again(words, occasion, false));
            }
            points
        }),
        Refusal::Replaced { ask } => said(
            Tone::Plain,
            Icon::LINK,
            "form-replaced",
            plain("form-replaced-lead"),
            vec![(Icon::ARROW, plain("form-replaced-newest")), again(words, occasion, ask.is_some())],
        ),
        Refusal::Stale => said(
            Tone::Plain,
            Icon::REFRESH,
            "form-stale",
            plain("form-stale-lead"),
            vec![(Icon::DONE, plain("form-nothing-sent")), (Icon::ARROW, plain("form-stale-go-on"))],
        ),
        Refusal::OtherDevice { ask } => said(Tone::Plain, Icon::DEVICES, "form-device", plain("form-device-lead"), {
            let mut points = vec![(Icon::ARROW, plain("form-device-you"))];
            if ask.is_some() {
                points.push((Icon::REFRESH, plain("form-used-not-you")));
                points.push((Icon::MAIL, plain("form-used-apps")));
            } else {
                points.push((Icon::CHAT, plain("form-device-ask")));
            }
            points
        }),
        Refusal::Expired { clock, seconds, ask } => {
            let nothing = (Icon::DONE, plain("form-nothing-sent"));
            let (heading, lead, points) = match clock {
                Clock::InvitationLife => (
                    "form-expired-life",
                    timed("form-expired-life-lead", seconds),
                    vec![again(words, occasion, ask.is_some())],
                ),
                Clock::OpenLimit => (
                    "form-expired-open",
                    timed("form-expired-open-lead", seconds),
                    vec![match ask {
                        Some(_) => again(words, occasion, true),
                        None => (Icon::REFRESH, plain("form-expired-open-again")),
                    }],
                ),
                Clock::SubmitLimit => (
                    "form-expired-submit",
                    timed("form-expired-submit-lead", seconds),
                    vec![nothing, again(words, occasion, ask.is_some())],
                ),
            };
            said(Tone::Warning, Icon::CLOCK, heading, lead, points)
        }
        Refusal::Submitted => said(
            Tone::Good,
            Icon::CHECK,
            "form-submitted",
            plain("form-submitted-lead"),
            vec![
                (Icon::LOCK, plain("form-submitted-safe")),
                (
                    Icon::CHAT,
                    match occasion {
                        Some(o) => words.markup("form-submitted-more", &[("agent", o.agent.into())]),
                        None => plain("form-submitted-more-nobody"),
                    },
                ),
            ],
        ),
        Refusal::Declined => said(
            Tone::Plain,
            Icon::MINUS,
            "form-declined",
            match occasion {
                Some(o) => words.markup("form-declined-lead", &[("agent", o.agent.into())]),
                None => plain("form-nothing-sent"),
            },
            vec![(Icon::CHAT, plain("form-declined-next"))],
        ),
        Refusal::Cancelled(cause) => {
            let (heading, lead) = match cause {
                CancelCause::Agent => ("form-cancelled", "form-cancelled-lead"),
                CancelCause::SessionEnded => ("form-cancelled-session", "form-cancelled-session-lead"),
                CancelCause::ConversationClosed => ("form-cancelled-conversation", "form-cancelled-conversation-lead"),
                CancelCause::Transferred => ("form-cancelled-session", "form-cancelled-transferred-lead"),
                CancelCause::Stopped => ("form-cancelled-stopped", "form-cancelled-stopped-lead"),
                CancelCause::FormClosed => ("form-left", "form-left-lead"),
                CancelCause::AnotherForm => ("form-another", "form-another-lead"),
            };
            let next = match cause {
                CancelCause::FormClosed => again(words, occasion, false),
                CancelCause::AnotherForm => (Icon::ARROW, plain("form-another-go-on")),
                CancelCause::Stopped => (Icon::CHAT, plain("form-declined-next")),
                _ => (Icon::CHAT, plain("form-cancelled-new")),
            };
            let points = vec![(Icon::DONE, plain("form-nothing-sent")), next];
            said(Tone::Warning, Icon::SHIELD_OFF, heading, plain(lead), points)
        }
        Refusal::TooMany { retry_seconds } => {
            said(Tone::Warning, Icon::HOURGLASS, "form-many", timed("form-many-lead", retry_seconds), Vec::new())
        }
        Refusal::TooLarge => said(
            Tone::Warning,
            Icon::ALERT,
            "form-large",
            plain("form-large-lead"),
            vec![(Icon::DONE, plain("form-nothing-sent"))],
        ),
        Refusal::Unavailable => said(
            Tone::Warning,
            Icon::HOURGLASS,
            "form-unavailable",
            plain("form-unavailable-lead"),
            vec![(Icon::DONE, plain("form-unavailable-safe"))],
        ),
        Refusal::Full => said(
            Tone::Warning,
            Icon::HOURGLASS,
            "form-full",
            plain("form-full-lead"),
            vec![(Icon::DONE, plain("form-unavailable-safe")), (Icon::REFRESH, plain("form-full-again"))],
        ),
        Refusal::Sealed => said(
            Tone::Warning,
            Icon::LOCK,
            "form-sealed",
            plain("form-sealed-lead"),
            vec![(Icon::DONE, plain("form-unavailable-safe")), (Icon::CHAT, plain("form-sealed-chat"))],
        ),
        Refusal::Failed { id } => said(Tone::Warning, Icon::ALERT, "form-failed", plain("form-failed-lead"), {
            id.map(|id| (Icon::CHAT, words.markup("form-failed-id", &[("id", id.into())]))).into_iter().collect()
        }),
    }
}

/// The way to a new form: by the button below, or in the chat.
fn again(words: Words<'_>, occasion: Option<&Occasion<'_>>, button: bool) -> (Icon, String) {
    match occasion {
        Some(o) if button => (Icon::REFRESH, words.markup("form-ask-link-how", &[("agent", o.agent.into())])),
        Some(o) => (Icon::CHAT, words.markup("form-ask-chat", &[("agent", o.agent.into())])),
        None => (Icon::CHAT, words.markup("form-ask-chat-nobody", &[])),
    }
}
