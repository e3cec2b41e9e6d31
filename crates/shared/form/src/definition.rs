//! What a form is: a title, perhaps a description, and its questions (F2 to F4). Plain data, as admins write it and as it
//! crosses the zone border; only [`crate::Published`] is a checked one.

use serde::{Deserialize, Serialize};

/// Lengths, counted in characters (Unicode scalar values) after NFC (F3).
pub mod limits {
    /// A form has at least one and at most this many questions (F2).
    pub const QUESTIONS: usize = 20;
    /// A form's or question's id.
    pub const ID: usize = 40;
    /// A form's title.
    pub const TITLE: usize = 100;
    /// A question's label: as long as a title.
    pub const LABEL: usize = 100;
    /// A form's description or a question's help.
    pub const HELP: usize = 300;
    /// An answer to a text question.
    pub const TEXT: usize = 500;
    /// A secure note.
    pub const NOTE: usize = 4_000;
    /// A secure note that is off the record.
    pub const NOTE_OFF_THE_RECORD: usize = 1_000;
    /// Answers are kept at most this many days: thirteen months (V5).
    pub const KEEP_DAYS: u16 = 395;
}

/// A form as an admin writes it, before any check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The form's name within its site: 1 to 40 of `a-z`, `0-9` and `-`, beginning with a letter. Versions share it.
    pub id: String,
    /// Fit to show the visitor.
    pub title: String,
    /// One line that says what it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// 1 to 20 questions, in order.
    pub questions: Vec<Question>,
    /// How many days its answers are kept at most, 0 for until the conversation closes; none for as long as the site keeps (V5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u16>,
}

impl Definition {
    /// The question with this id.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// How many answers will have to live in memory: what must be reserved when the form opens (V3).
    #[must_use]
    pub fn off_the_record(&self) -> usize {
        self.questions.iter().filter(|question| question.off_the_record).count()
    }
}

/// One question of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question's name within its form, written as a form's id. The form page names its input `q-<id>`.
    pub id: String,
    /// What is asked.
    pub label: String,
    /// A hint under the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What kind of answer it takes.
    pub kind: Kind,
    /// Whether it must be answered.
    #[serde(default)]
    pub required: bool,
    /// Whether it shows dots while typing, and to the agent until revealed.
    #[serde(default)]
    pub masked: bool,
    /// Whether the answer is never written anywhere (V3).
    #[serde(default)]
    pub off_the_record: bool,
    /// For [`Kind::Text`]: whether `< > ( ) \ ' " &` are allowed (F5).
    #[serde(default)]
    pub every_character: bool,
    /// For [`Kind::Text`]: what a browser may fill in, where the kind does not say it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autofill: Option<Autofill>,
    /// As [`Definition::keep_days`], for this answer alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u16>,
}

impl Question {
    /// The value of the input's `autocomplete` attribute (WCAG 1.3.5).
    #[must_use]
    pub const fn autocomplete(&self) -> &'static str {
        match (self.kind, self.autofill) {
            (Kind::CardNumber, _) => "cc-number",
            (Kind::Expiry, _) => "cc-exp",
            (Kind::Cvv, _) => "cc-csc",
            (Kind::Text, Some(Autofill::CardholderName)) => "cc-name",
            (Kind::Text, Some(Autofill::Name)) => "name",
            (Kind::Text | Kind::Note, _) => "off",
        }
    }

    /// The most characters an answer may have after NFC, separators included.
    #[must_use]
    pub const fn max_length(&self) -> usize {
        match self.kind {
            Kind::Text => limits::TEXT,
            Kind::Note if self.off_the_record => limits::NOTE_OFF_THE_RECORD,
            Kind::Note => limits::NOTE,
            // Generous: digits, separators and what a paste brings along.
            Kind::CardNumber => 64,
            Kind::Expiry | Kind::Cvv => 32,
        }
    }

    /// Whether the answer shows masked to the agent until it is revealed (V11).
    #[must_use]
    pub const fn sensitive(&self) -> bool {
        self.masked || self.off_the_record || !matches!(self.kind, Kind::Text)
    }

    /// Whether a refused answer may stand in the form again, so that the visitor need not write it twice (step 3): nothing
    /// masked, off the record or of a card.
    #[must_use]
    pub const fn echoable(&self) -> bool {
        !self.masked && !self.off_the_record && matches!(self.kind, Kind::Text | Kind::Note)
    }
}

/// The kinds of answer. A kind that needs more (the options of a choice) becomes a variant with fields: in JSON a name now,
/// an object with that name as its key then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line.
    Text,
    /// A payment card's number (F7).
    CardNumber,
    /// A payment card's month and year of expiry.
    Expiry,
    /// A payment card's security code: always masked and off the record (F4).
    Cvv,
    /// Several lines of anything.
    Note,
}

/// What a browser may fill into a text question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Autofill {
    /// The name as it stands on the card.
    CardholderName,
    /// The visitor's own name.
    Name,
}
