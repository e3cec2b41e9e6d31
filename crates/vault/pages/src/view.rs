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
    /// Whether the agent may copy an answer.
    pub copy: bool,
    /// Set where stored answers of a closed conversation are read (V6): why.
    pub history: Option<HistoryNote<'a>>,
    /// What the agent can confirm a reveal of these answers with.
    pub proofs: Proofs,
    /// The form's questions with their answers, in its order.
    pub rows: &'a [Row<'a>],
}

/// What was said to read what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryNote<'a> {
    /// Why.
    pub why: HistoryWhy,
    /// Which case it belongs to.
    pub reference: Option<&'a str>,
}

/// Why somebody reads what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryWhy {
    /// The visitor disputes what was agreed or paid.
    Dispute,
    /// A fraud is looked into.
    FraudCheck,
    /// A court or an authority asks.
    LegalRequest,
    /// The visitor asks what is stored of them.
    SubjectRequest,
    /// The agent's work is checked.
    QualityCheck,
}

impl HistoryNote<'_> {
    /// "Dispute, CASE-2026-0147".
    fn said(self, words: Words<'_>) -> String {
        let why = words.say(match self.why {
            HistoryWhy::Dispute => "viewer-why-dispute",
            HistoryWhy::FraudCheck => "viewer-why-fraud",
            HistoryWhy::LegalRequest => "viewer-why-legal",
            HistoryWhy::SubjectRequest => "viewer-why-subject",
            HistoryWhy::QualityCheck => "viewer-why-quality",
        });
        self.reference.map_or_else(
            || why.clone(),
            |reference| words.tell("viewer-why-case", &[("why", (&why).into()), ("reference", reference.into())]),
        )
    }
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
    /// Kept, and erased since.
    Erased,
    /// Off the record, and looked for in history, which never holds it.
    NotKept,
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
    /// Whether it may be copied once it is shown.
    may_copy: bool,
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
    /// What stands above the answers: who sees them, and in history why.
    said: String,
    mark: String,
    /// What *Done* does.
    done_what: String,
    lines: Vec<Line<'a>>,
    lock: Icon,
    eye: Icon,
    eye_off: Icon,
    timer: Icon,
    copy: Icon,
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
        let why = view.history.map(|history| history.said(words));
        // What is off the record goes with *Done*: said before it is pressed.
        let wipes = view.rows.iter().any(|row| matches!(row.state, State::InMemory { .. }));
        let page = ViewPage {
            frame: Frame::new(words, &[view.desk], "viewing"),
            view: view.view,
            proofs: view.proofs,
            heading: words
                .tell("viewer-heading", &[("title", view.title.into()), ("reference", view.reference.into())]),
            said: match &why {
                Some(why) => words.tell("viewer-said-history", &[("why", why.into())]),
                None => words.say("viewer-said"),
            },
            mark: match &why {
                Some(why) => words.tell(
                    "viewer-mark-history",
                    &[("agent", view.agent.into()), ("time", (&time).into()), ("why", why.into())],
                ),
                None => words.tell("viewer-mark", &[("agent", view.agent.into()), ("time", (&time).into())]),
            },
            done_what: words.say(if wipes { "viewer-done-wipes" } else { "viewer-done-what" }),
            lines: view.rows.iter().map(|row| Line::of(words, row, view)).collect(),
            lock: Icon::LOCK,
            eye: Icon::EYE,
            eye_off: Icon::EYE_OFF,
            timer: Icon::TIMER,
            copy: Icon::COPY,
            done: Icon::DONE,
            phone: Icon::PHONE,
            fingerprint: Icon::FINGERPRINT,
            alert: Icon::ALERT,
        };
        Frame::page(render(&page), true)
    }
}

impl<'a> Line<'a> {
    fn of(words: Words<'a>, row: &Row<'a>, view: &View<'_>) -> Self {
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
            State::Erased => (Text::None(words.say("viewer-erased")), None, None),
            State::NotKept => (Text::None(words.say("viewer-not-kept")), None, None),
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
            may_reveal: view.card_numbers || question.kind != Kind::CardNumber,
            may_copy: view.copy && question.kind != Kind::Cvv && matches!(row.state, State::Held(_) | State::Sealed),
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
