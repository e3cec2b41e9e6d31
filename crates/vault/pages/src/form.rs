//! The form itself (P1): empty, or with what is wrong with it.

use aside_base::{OneTimeKey, Secret};
use aside_form::{AnswerError, AnswerFault, Definition, Kind};
use aside_language::Words;
use askama::Template;

use crate::assets::{Asset, SEAL_SCRIPT};
use crate::field::{Field, rows};
use crate::icon::Icon;
use crate::shell::{Shell, render};
use crate::{Occasion, Page, Pages, problem, span};

/// A form to fill in.
pub struct Form<'a> {
    /// Where its posts go: `/form/<invitation>`.
    pub path: &'a str,
    /// The `submit` OTK.
    pub key: &'a OneTimeKey,
    /// The questions.
    pub definition: &'a Definition,
    /// Whether the device's cookie stuck, so that a closed form can be opened again.
    pub kept: bool,
    /// Whether it opens once: whoever leaves it cannot come back (S11).
    pub once: bool,
    /// How long the visitor has, in seconds.
    pub seconds_left: u64,
    /// What is wrong with what was sent; nothing on a fresh form.
    pub problems: &'a [AnswerFault],
    /// What was sent. Only answers that are neither masked nor off the record nor of a card are shown again.
    pub echoes: &'a [Echo<'a>],
}

/// An answer that comes back to the browser that sent it.
pub struct Echo<'a> {
    /// The question's id.
    pub question: &'a str,
    /// What was typed.
    pub text: &'a Secret,
}

/// A line of the error summary.
struct Line {
    /// The field it leads to; none for what belongs to no field.
    target: Option<String>,
    text: String,
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage<'a> {
    shell: Shell<'a>,
    form: &'a Form<'a>,
    key: String,
    rows: Vec<Vec<Field<'a>>>,
    problems: Vec<Line>,
    problem_heading: String,
    safe: String,
    left: String,
    soon: String,
    over_what: String,
    decline_what: String,
    leave_what: String,
    offline: String,
    unsent: String,
    sealing: Option<&'static Asset>,
    clock: Icon,
    alert: Icon,
    offline_icon: Icon,
}

impl Pages {
    /// The form, fresh or with its problems. A page with echoes is not compressible.
    #[must_use]
    pub fn form(&self, occasion: &Occasion<'_>, form: &Form<'_>) -> Page {
        let words = self.words(occasion.locale);
        let mut shell = Shell::new(words, Some(occasion), "opened");
        shell.once = form.once;
        if form.definition.questions.iter().any(|q| q.kind == Kind::Cvv) {
            shell.footer = format!("{} {}", shell.footer, words.say("form-footer-code"));
        }
        let problems = lines(words, form);
        let count = problems.len() as u64;
        let problem_heading = words.tell("form-problems", &[("count", count.into()), ("shown", count.into())]);
        if !problems.is_empty() {
            let args = [("problems", (&problem_heading).into()), ("title", (&shell.title).into())];
            shell.title = words.tell("form-problems-title", &args);
        }
        let fields = form.definition.questions.iter().map(|question| {
            let fault = form.problems.iter().find(|fault| fault.question == question.id);
            let problem = fault.map(|fault| problem::sentence(words, question, fault.error));
            let echo = form.echoes.iter().find(|echo| echo.question == question.id).map(|echo| echo.text);
            Field::new(words, question, problem, echo)
        });
        let agent = [("agent", occasion.agent.into())];
        let page = FormPage {
            form,
            key: form.key.to_text(),
            rows: rows(fields.collect()),
            problems,
            problem_heading,
            safe: words.markup("form-safe", &[("brand", occasion.brand.into())]),
            left: span::left(words, form.seconds_left),
            soon: words.tell("form-soon", &agent),
            over_what: words.tell("form-over-what", &agent),
            leave_what: match form {
                Form { once: true, .. } => words.tell("form-leave-once", &agent),
                Form { kept: false, .. } => words.tell("form-leave-not-kept", &agent),
                _ => words.say("form-leave-what"),
            },
            decline_what: words.tell("form-decline-what", &agent),
            offline: words.markup("form-offline", &[]),
            unsent: words.markup("form-unsent", &[]),
            sealing: SEAL_SCRIPT.as_ref(),
            clock: Icon::CLOCK,
            alert: Icon::ALERT,
            offline_icon: Icon::OFFLINE,
            shell,
        };
        let echoes = !form.echoes.is_empty() || !form.problems.is_empty();
        Page { seals: page.sealing, ..page.shell.page(render(&page), echoes) }
    }
}

impl FormPage<'_> {
    /// The counting texts for the page's script, one attribute for each plural form.
    fn countdown(&self) -> Vec<(String, String)> {
        let units = [("h", "form-hours-left"), ("m", "form-minutes-left"), ("s", "form-seconds-left")];
        let forms = units.into_iter().flat_map(|(unit, key)| {
            let forms = self.shell.words.forms(key, "#");
            forms.into_iter().map(move |(category, text)| (format!("data-{unit}-{category}"), text))
        });
        forms.collect()
    }

    fn is_soon(&self) -> bool {
        self.form.seconds_left <= 120
    }
}

/// One line for each question at fault; what belongs to no question is said once.
fn lines(words: Words<'_>, form: &Form<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for fault in form.problems {
        let question = form.definition.question(&fault.question).filter(|_| fault.error != AnswerError::Repeated);
        match question {
            Some(question) => {
                let problem = problem::sentence(words, question, fault.error);
                let args = [("label", (&question.label).into()), ("problem", (&problem).into())];
                let text = words.tell("form-problem-line", &args);
                lines.push(Line { target: Some(format!("q-{}", question.id)), text });
            }
            None if lines.iter().all(|line| line.target.is_some()) => {
                lines.push(Line { target: None, text: words.say("form-problem-form") });
            }
            None => {}
        }
    }
    lines
}
