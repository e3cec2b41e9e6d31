//! One question as the form page draws it.

use aside_base::Secret;
use aside_form::{Kind, Question};
use aside_language::Words;

use crate::icon::Icon;
use crate::open::open;

/// A question with what is wrong with its answer, and the answer itself where it may be shown again.
pub(crate) struct Field<'a> {
    words: Words<'a>,
    pub(crate) question: &'a Question,
    pub(crate) problem: Option<String>,
    echo: Option<&'a Secret>,
}

impl<'a> Field<'a> {
    /// A field. An echo of an answer that is masked, off the record or a card's is dropped here, whoever handed it in
    /// (`architecture.md`, step 3).
    pub(crate) fn new(
        words: Words<'a>,
        question: &'a Question,
        problem: Option<String>,
        echo: Option<&'a Secret>,
    ) -> Self {
        Self { words, question, problem, echo: echo.filter(|_| question.echoable()) }
    }

    /// The answer, opened at the last moment.
    pub(crate) fn value(&self) -> &str {
        self.echo.map_or("", open)
    }

    pub(crate) fn name(&self) -> String {
        format!("q-{}", self.question.id)
    }

    /// What describes the input, in reading order: hint, then error.
    pub(crate) fn described_by(&self) -> Option<String> {
        let name = self.name();
        let parts = [
            self.question.help.as_ref().map(|_| format!("{name}-hint")),
            self.problem.as_ref().map(|_| format!("{name}-problem")),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    pub(crate) fn is_note(&self) -> bool {
        self.question.kind == Kind::Note
    }

    /// Digits stand from left to right in every language.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.question.kind, Kind::CardNumber | Kind::Expiry | Kind::Cvv)
    }

    /// What the page's script may do for this field.
    pub(crate) fn eases(&self) -> &'static str {
        match self.question.kind {
            Kind::CardNumber => "card",
            Kind::Expiry => "expiry",
            Kind::Cvv | Kind::Text | Kind::Note => "",
        }
    }

    /// A text field's type: dots for what is masked. A note has several lines, which no browser can dot.
    pub(crate) fn input_type(&self) -> &'static str {
        if self.question.masked { "password" } else { "text" }
    }

    pub(crate) fn show(&self) -> String {
        self.words.say("form-show")
    }

    pub(crate) fn hide(&self) -> String {
        self.words.say("form-hide")
    }

    /// A text about this field.
    pub(crate) fn label(&self, key: &str) -> String {
        self.words.tell(key, &[("label", (&self.question.label).into())])
    }

    pub(crate) fn optional(&self) -> String {
        self.words.say("form-optional")
    }

    pub(crate) fn alert(&self) -> Icon {
        Icon::ALERT
    }

    pub(crate) fn eye(&self) -> Icon {
        Icon::EYE
    }

    pub(crate) fn eye_off(&self) -> Icon {
        Icon::EYE_OFF
    }

    /// Whether two such fields fit beside one another.
    fn short(&self) -> bool {
        matches!(self.question.kind, Kind::Expiry | Kind::Cvv)
    }
}

/// The fields in rows: short ones that follow one another stand side by side.
pub(crate) fn rows<'a>(fields: Vec<Field<'a>>) -> Vec<Vec<Field<'a>>> {
    let mut rows: Vec<Vec<Field<'a>>> = Vec::new();
    for field in fields {
        match rows.last_mut() {
            Some(row) if field.short() && row.len() == 1 && row[0].short() => row.push(field),
            _ => rows.push(vec![field]),
        }
    }
    rows
}
