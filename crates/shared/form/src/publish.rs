//! The publishing check (F1 to F5): a definition passes it whole or is refused with every fault and its place.
//!
//! Both zones run it. The vault believes nobody: it checks again and names the definition itself.

use std::collections::HashSet;

use aside_base::DefinitionHash;
use aws_lc_rs::digest;

use crate::definition::{Definition, Kind, Question, limits};
use crate::{canonical, text, wording};

/// A definition that passed the check: immutable, in NFC, named by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    definition: Definition,
    json: String,
    hash: DefinitionHash,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place, as `title` or `questions[2].label` (counted from 0).
    pub field: String,
    /// What is wrong there.
    pub kind: FaultKind,
}

/// What can be wrong with a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Nothing but white space.
    Empty,
    /// Longer than this many characters after NFC.
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// Holds a control or steering character.
    Unprintable,
    /// Not 1 to 40 of `a-z`, `0-9`, `-`, beginning with a letter.
    NotAnId,
    /// A form without questions.
    NoQuestions,
    /// More than 20 questions (F2).
    TooManyQuestions,
    /// A second question with an id that came before.
    DuplicateId,
    /// A security code that is not masked (F4).
    CvvNotMasked,
    /// A security code that would be kept (F4).
    CvvOnTheRecord,
    /// Words that ask for a security code in a question of another kind (F4).
    AsksForSecurityCode,
    /// A setting that only a text question has.
    OnlyForText,
    /// Answers would be kept longer than this many days (V5).
    KeptTooLong {
        /// The limit.
        limit: u16,
    },
    /// A time to keep what is never kept.
    NeverKept,
}

/// Why a definition was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishError {
    /// Not the JSON of a definition; the text says where, never what a visitor wrote (definitions hold no answers).
    NotADefinition(String),
    /// It breaks F2 to F5: every fault.
    Faults(Vec<Fault>),
}

impl Published {
    /// Checks a definition and names it.
    ///
    /// # Errors
    /// All faults, in the order of the definition.
    pub fn check(definition: Definition) -> Result<Self, PublishError> {
        let definition = normalised(definition);
        let faults = faults(&definition);
        if !faults.is_empty() {
            return Err(PublishError::Faults(faults));
        }
        let value =
            serde_json::to_value(&definition).map_err(|error| PublishError::NotADefinition(error.to_string()))?;
        let mut json = String::with_capacity(1024);
        canonical::write(&value, &mut json);
        let mut sha = [0; 32];
        sha.copy_from_slice(digest::digest(&digest::SHA256, json.as_bytes()).as_ref());
        Ok(Self { definition, hash: DefinitionHash::of_digest(&sha), json })
    }

    /// Reads and checks the JSON of a definition.
    ///
    /// # Errors
    /// When it is not one, or breaks a rule.
    pub fn from_json(json: &str) -> Result<Self, PublishError> {
        Self::check(serde_json::from_str(json).map_err(|error| PublishError::NotADefinition(error.to_string()))?)
    }

    /// The definition, in NFC.
    #[must_use]
    pub const fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Its name: the SHA-256 of [`Self::json`].
    #[must_use]
    pub const fn hash(&self) -> &DefinitionHash {
        &self.hash
    }

    /// Its canonical JSON: what is kept and hashed.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }
}

fn normalised(mut definition: Definition) -> Definition {
    let tidy = |text: &str| text::nfc(text.trim());
    definition.title = tidy(&definition.title);
    // An empty hint is no hint: one spelling, one hash.
    definition.description = definition.description.as_deref().map(tidy).filter(|text| !text.is_empty());
    for question in &mut definition.questions {
        question.label = tidy(&question.label);
        question.help = question.help.as_deref().map(tidy).filter(|text| !text.is_empty());
    }
    definition
}

fn faults(definition: &Definition) -> Vec<Fault> {
    let mut faults = Faults(Vec::new());
    faults.id("id", &definition.id);
    faults.words("title", &definition.title, limits::TITLE);
    if let Some(description) = &definition.description {
        faults.words("description", description, limits::HELP);
    }
    faults.keeping("keep_days", definition.keep_days);
    match definition.questions.len() {
        0 => faults.add("questions", FaultKind::NoQuestions),
        1..=limits::QUESTIONS => {}
        _ => {
            // Nothing more is looked at: a body of thousands earns one answer, not thousands.
            faults.add("questions", FaultKind::TooManyQuestions);
            return faults.0;
        }
    }
    let mut seen = HashSet::new();
    for (place, question) in definition.questions.iter().enumerate() {
        let at = |field: &str| format!("questions[{place}].{field}");
        faults.id(&at("id"), &question.id);
        if !seen.insert(question.id.as_str()) {
            faults.add(&at("id"), FaultKind::DuplicateId);
        }
        faults.words(&at("label"), &question.label, limits::LABEL);
        if let Some(help) = &question.help {
            faults.words(&at("help"), help, limits::HELP);
        }
        faults.kind(&at, question);
    }
    faults.0
}

struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, field: &str, kind: FaultKind) {
        self.0.push(Fault { field: field.to_owned(), kind });
    }

    fn id(&mut self, field: &str, id: &str) {
        let fits = (1..=limits::ID).contains(&id.len())
            && id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !fits {
            self.add(field, FaultKind::NotAnId);
        }
    }

    fn words(&mut self, field: &str, words: &str, limit: usize) {
        if words.is_empty() {
            self.add(field, FaultKind::Empty);
        }
        if words.chars().count() > limit {
            self.add(field, FaultKind::TooLong { limit });
        }
        if words.chars().any(text::unprintable) {
            self.add(field, FaultKind::Unprintable);
        }
    }

    fn keeping(&mut self, field: &str, days: Option<u16>) {
        if days.is_some_and(|days| days > limits::KEEP_DAYS) {
            self.add(field, FaultKind::KeptTooLong { limit: limits::KEEP_DAYS });
        }
    }

    fn kind(&mut self, at: &dyn Fn(&str) -> String, question: &Question) {
        if question.kind == Kind::Cvv {
            if !question.masked {
                self.add(&at("masked"), FaultKind::CvvNotMasked);
            }
            if !question.off_the_record {
                self.add(&at("off_the_record"), FaultKind::CvvOnTheRecord);
            }
        } else {
            let texts =
                [("id", Some(&question.id)), ("label", Some(&question.label)), ("help", question.help.as_ref())];
            for (field, words) in texts {
                if words.is_some_and(|words| wording::asks_for_security_code(words)) {
                    self.add(&at(field), FaultKind::AsksForSecurityCode);
                }
            }
        }
        self.keeping(&at("keep_days"), question.keep_days);
        if question.off_the_record && question.keep_days.is_some() {
            self.add(&at("keep_days"), FaultKind::NeverKept);
        }
        if question.kind != Kind::Text {
            if question.every_character {
                self.add(&at("every_character"), FaultKind::OnlyForText);
            }
            if question.autofill.is_some() {
                self.add(&at("autofill"), FaultKind::OnlyForText);
            }
        }
    }
}

#[cfg(test)]
mod tests;
