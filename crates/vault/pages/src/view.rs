//! The answers, as the agent who asked sees them (V11): what is not sensitive is shown, the rest is masked until revealed.

use aside_base::{Origin, Secret, Timestamp};
use aside_form::{Brand, Kind, Question, Shown, shown};
use aside_language::Words;
use askama::Template;

use crate::icon::Icon;
use crate::open::open;
use crate::shell::render;
use crate::viewer::Frame;
use crate::{Page, Pages, ending};

/// A view of one submission.
pub struct View<'a> {
    /// The agent's language.
    pub locale: &'a str,
    /// The desk whose page frames this one.
    pub desk: &'a Origin,
    /// The view's name, for reveals, the live stream and the end. Not a credential.
    pub view: &'a str,
    /// Who looks, for the watermark.
    pub agent: &'a str,
    /// Since when, for the watermark.
    pub at: Timestamp,
    /// The form's title.
    pub title: &'a str,
    /// The invitation's reference.
    pub reference: &'a str,
    /// Whether the agent may see a card number in full.
    pub card_numbers: bool,
    /// What the agent can confirm a reveal of these answers with.
    pub proofs: Proofs,
    /// The form's questions with their answers, in its order.
    pub rows: &'a [Row<'a>],
}

/// The second factors that can confirm a reveal: set up before the form was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proofs {
    /// A code app.
    pub code: bool,
    /// A passkey.
    pub passkey: bool,
}

/// One question and what is there of its answer.
pub struct Row<'a> {
    /// The question. Its id names the answer in a reveal.
    pub question: &'a Question,
    /// What is there.
    pub state: State<'a>,
}

/// What is there of an answer.
pub enum State<'a> {
    /// The answer itself. The page shows no more of it than [`shown`] allows.
    Held(&'a Secret),
    /// A sensitive answer that was left sealed: dots.
    Sealed,
    /// Off the record, in memory for this many more seconds: dots.
    InMemory {
        /// How long it still lives.
        seconds: u64,
    },
    /// Off the record, and its time is over.
    Gone,
    /// The visitor left it empty.
    NotGiven,
}

/// A row as the page draws it.
struct Line<'a> {
    words: Words<'a>,
    answer: &'a str,
    label: &'a str,
    card: bool,
    text: Text<'a>,
    brand: Option<&'static str>,
    /// How long it still lives in memory.
    seconds: Option<u64>,
    /// Whether it may be revealed.
    may_reveal: bool,
}

/// What stands in a row.
enum Text<'a> {
    Clear(&'a Secret),
    /// Dots and digits, and what they say to someone who listens.
    Masked {
        drawn: String,
        said: String,
    },
    /// Words of ours instead of an answer.
    None(String),
}

#[derive(Template)]
#[template(path = "view.html")]
struct ViewPage<'a> {
    frame: Frame<'a>,
    view: &'a str,
    proofs: Proofs,
    heading: String,
    mark: String,
    lines: Vec<Line<'a>>,
    lock: Icon,
    eye: Icon,
    eye_off: Icon,
    timer: Icon,
    done: Icon,
    phone: Icon,
    fingerprint: Icon,
    alert: Icon,
}

impl Pages {
    /// The answers.
    #[must_use]
    pub fn view(&self, view: &View<'_>) -> Page {
        let words = self.words(view.locale);
        let (_, time) = ending::moment(view.at);
        let page = ViewPage {
            frame: Frame::new(words, &[view.desk], "viewing"),
            view: view.view,
            proofs: view.proofs,
            heading: words
                .tell("viewer-heading", &[("title", view.title.into()), ("reference", view.reference.into())]),
            mark: words.tell("viewer-mark", &[("agent", view.agent.into()), ("time", (&time).into())]),
            lines: view.rows.iter().map(|row| Line::of(words, row, view.card_numbers)).collect(),
            lock: Icon::LOCK,
            eye: Icon::EYE,
            eye_off: Icon::EYE_OFF,
            timer: Icon::TIMER,
            done: Icon::DONE,
            phone: Icon::PHONE,
            fingerprint: Icon::FINGERPRINT,
            alert: Icon::ALERT,
        };
        Frame::page(render(&page), true)
    }
}

impl<'a> Line<'a> {
    fn of(words: Words<'a>, row: &Row<'a>, card_numbers: bool) -> Self {
        let question = row.question;
        let dots = || Text::Masked { drawn: dots(question.kind).to_owned(), said: words.say("viewer-masked") };
        let (text, brand, seconds) = match row.state {
            State::Held(secret) => match shown(question, open(secret)) {
                Shown::Clear(_) => (Text::Clear(secret), None, None),
                Shown::Card { bin, hidden, last_four } => {
                    let said = words.tell("viewer-masked-card", &[("digits", last_four.into())]);
                    let drawn = grouped(&format!("{bin}{}{last_four}", "•".repeat(hidden)));
                    (Text::Masked { drawn, said }, Brand::of(open(secret)).map(Brand::name), None)
                }
                Shown::Hidden => (dots(), None, None),
            },
            State::Sealed => (dots(), None, None),
            State::InMemory { seconds } => (dots(), None, Some(seconds)),
            State::Gone => (Text::None(words.say("viewer-gone")), None, None),
            State::NotGiven => (Text::None(words.say("viewer-not-given")), None, None),
        };
        Self {
            words,
            answer: &question.id,
            label: &question.label,
            card: question.kind == Kind::CardNumber,
            text,
            brand,
            seconds,
            may_reveal: card_numbers || question.kind != Kind::CardNumber,
        }
    }

    fn is_masked(&self) -> bool {
        matches!(self.text, Text::Masked { .. })
    }

    /// "Gone in 8:42".
    fn gone_in(&self) -> String {
        let seconds = self.seconds.unwrap_or(0);
        let shown = format!("{}:{:02}", seconds / 60, seconds % 60);
        self.words.tell("viewer-gone-in", &[("shown", (&shown).into())])
    }

    /// A text about this answer.
    fn about(&self, key: &str) -> String {
        self.words.tell(key, &[("label", self.label.into())])
    }
}

impl ViewPage<'_> {
    /// An answer that is not sensitive, opened at the last moment.
    fn clear<'s>(&self, secret: &'s Secret) -> &'s str {
        open(secret)
    }

    /// A text with a place for a number that the page's script counts.
    fn counting(&self, key: &str) -> String {
        self.frame.words.tell(key, &[("shown", "#".into())])
    }

    /// A counting text in each of its forms, as attributes: `data-<name>-<form>`.
    fn forms(&self, name: &str, key: &str) -> Vec<(String, String)> {
        let forms = self.frame.words.forms(key, "#").into_iter();
        forms.map(|(category, text)| (format!("data-{name}-{category}"), text)).collect()
    }
}

/// Dots in the shape that the kind has, never in the length that the answer has.
const fn dots(kind: Kind) -> &'static str {
    match kind {
        Kind::Expiry => "•• / ••",
        Kind::Cvv => "•••",
        Kind::CardNumber => "•••• •••• •••• ••••",
        Kind::Text | Kind::Note => "••••••••",
    }
}

/// Digits in the groups that stand on a card.
fn grouped(digits: &str) -> String {
    let amex = digits.chars().count() == 15;
    let mut text = String::with_capacity(digits.len() + 4);
    for (place, character) in digits.chars().enumerate() {
        let gap = if amex { matches!(place, 4 | 10) } else { place > 0 && place % 4 == 0 };
        if gap {
            text.push(' ');
        }
        text.push(character);
    }
    text
}
