//! Reading what a visitor submitted: every question's answer checked and normalised, or every fault with its question.
//!
//! Errors are typed and hold no part of an answer but the one character that was at fault; the pages hold the words.

use aside_base::{Secret, Timestamp};
use zeroize::Zeroizing;

use crate::card::{self, Brand, CardError};
use crate::definition::{Definition, Kind, Question};
use crate::expiry::{self, ExpiryError};
use crate::{digits, text};

/// One field as it came in the request.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The question's id.
    pub question: &'a str,
    /// What was typed.
    pub value: &'a str,
}

/// One answer, checked and in the form in which it is kept.
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// Never written anywhere (F4).
    pub off_the_record: bool,
    /// A card number in digits alone, an expiry as `MM/YY`, a security code in digits, a text in NFC.
    pub value: Secret,
}

/// What is wrong with the answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerFault {
    /// The question's id, as the definition or the request wrote it.
    pub question: String,
    /// What is wrong.
    pub error: AnswerError,
}

/// What can be wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerError {
    /// Nothing was given, and it is required.
    Missing,
    /// More than this many characters after NFC.
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// A character that this question does not take: one of `< > ( ) \ ' " &` (F5), or not a digit.
    Character(char),
    /// A control or steering character, which cannot be shown by name.
    Unprintable,
    /// The card number is wrong (F7).
    Card(CardError),
    /// The expiry date is wrong.
    Expiry(ExpiryError),
    /// The security code has not this many digits; with a known brand the brand's number, else 3 or 4 fit.
    CvvLength {
        /// The brand of the card number beside it, when that was right.
        brand: Option<Brand>,
    },
    /// The form has no such question.
    UnknownQuestion,
    /// The same question came twice.
    Repeated,
}

/// The characters that a text question refuses unless it allows them (F5).
const REFUSED: [char; 8] = ['<', '>', '(', ')', '\\', '\'', '"', '&'];

/// Reads a submission as of `now`. Answers come in the definition's order; a question left empty that is not required has none.
///
/// # Errors
/// Every fault: those of the definition's questions in its order, then the fields that belong to none.
pub fn parse(definition: &Definition, given: &[Given<'_>], now: Timestamp) -> Result<Vec<Answer>, Vec<AnswerFault>> {
    let mut answers = Vec::with_capacity(definition.questions.len());
    let mut faults = Vec::new();
    let brand = card_brand(definition, given);
    for question in &definition.questions {
        let mut values = given.iter().filter(|field| field.question == question.id).map(|field| field.value);
        let value = values.next().unwrap_or_default();
        let read = if values.next().is_some() { Err(AnswerError::Repeated) } else { read(question, value, brand, now) };
        match read {
            Ok(Some(value)) => {
                answers.push(Answer {
                    question: question.id.clone(),
                    off_the_record: question.off_the_record,
                    value: Secret::new(value),
                });
            }
            Ok(None) => {}
            Err(error) => faults.push(AnswerFault { question: question.id.clone(), error }),
        }
    }
    for field in given {
        if definition.question(field.question).is_none() {
            faults.push(AnswerFault { question: field.question.to_owned(), error: AnswerError::UnknownQuestion });
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

/// The brand of the first card number in the submission, if it is right: the security code's length hangs on it.
fn card_brand(definition: &Definition, given: &[Given<'_>]) -> Option<Brand> {
    let question = definition.questions.iter().find(|question| question.kind == Kind::CardNumber)?;
    let value = given.iter().find(|field| field.question == question.id)?.value;
    if value.len() > question.max_length() * 4 {
        return None;
    }
    card::check(&digits::only(value).ok()?).ok()
}

fn read(
    question: &Question,
    value: &str,
    brand: Option<Brand>,
    now: Timestamp,
) -> Result<Option<Zeroizing<String>>, AnswerError> {
    let limit = question.max_length();
    // White space around an answer is a paste's, not the person's.
    let value = text::nfc_secret(value.trim());
    if value.chars().all(|c| c.is_whitespace() || digits::invisible(c)) {
        return if question.required { Err(AnswerError::Missing) } else { Ok(None) };
    }
    if value.chars().count() > limit {
        return Err(AnswerError::TooLong { limit });
    }
    match question.kind {
        Kind::Text => text_answer(question, value),
        Kind::Note => note(value),
        Kind::CardNumber => card_number(&value),
        Kind::Expiry => expiry::read(&value, now).map_err(AnswerError::Expiry),
        Kind::Cvv => cvv(&value, brand),
    }
    .map(Some)
}

fn text_answer(question: &Question, value: Zeroizing<String>) -> Result<Zeroizing<String>, AnswerError> {
    if value.chars().any(text::unprintable) {
        return Err(AnswerError::Unprintable);
    }
    match value.chars().find(|c| REFUSED.contains(c)) {
        Some(refused) if !question.every_character => Err(AnswerError::Character(refused)),
        _ => Ok(value),
    }
}

/// A note keeps its lines; browsers send them with a carriage return.
fn note(value: Zeroizing<String>) -> Result<Zeroizing<String>, AnswerError> {
    let mut lines = Zeroizing::new(String::with_capacity(value.len()));
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                rest.next_if_eq(&'\n');
                lines.push('\n');
            }
            '\n' | '\t' => lines.push(c),
            c if text::unprintable(c) => return Err(AnswerError::Unprintable),
            c => lines.push(c),
        }
    }
    Ok(lines)
}

fn card_number(value: &str) -> Result<Zeroizing<String>, AnswerError> {
    let digits = digits::only(value).map_err(foreign)?;
    card::check(&digits).map_err(AnswerError::Card)?;
    Ok(digits)
}

fn cvv(value: &str, brand: Option<Brand>) -> Result<Zeroizing<String>, AnswerError> {
    let digits = digits::only(value).map_err(foreign)?;
    let fits = match brand {
        Some(brand) => digits.len() == brand.cvv_length(),
        None => matches!(digits.len(), 3 | 4),
    };
    if fits { Ok(digits) } else { Err(AnswerError::CvvLength { brand }) }
}

fn foreign(c: char) -> AnswerError {
    if text::unprintable(c) { AnswerError::Unprintable } else { AnswerError::Character(c) }
}

#[cfg(test)]
mod tests;
