//! What is wrong with an answer, in words that say what to do.

use aside_form::{AnswerError, Brand, CardError, ExpiryError, Kind, Question};
use aside_language::Words;

/// The sentence that stands at the field.
pub(crate) fn sentence(words: Words<'_>, question: &Question, error: AnswerError) -> String {
    match error {
        AnswerError::Missing => words.say("form-problem-missing"),
        AnswerError::TooLong { limit } => words.tell("form-problem-too-long", &[("shown", (limit as u64).into())]),
        AnswerError::Character(character) => {
            let key = match question.kind {
                Kind::CardNumber | Kind::Expiry | Kind::Cvv => "form-problem-digits",
                Kind::Text | Kind::Note => "form-problem-character",
            };
            words.tell(key, &[("character", (&character.to_string()).into())])
        }
        AnswerError::Unprintable => words.say("form-problem-unprintable"),
        AnswerError::Card(error) => card(words, error),
        AnswerError::Expiry(error) => words.say(match error {
            ExpiryError::NotADate => "form-problem-expiry",
            ExpiryError::Month => "form-problem-expiry-month",
            ExpiryError::Past => "form-problem-expiry-past",
            ExpiryError::TooFar => "form-problem-expiry-far",
        }),
        AnswerError::CvvLength { brand: None } => words.say("form-problem-code"),
        AnswerError::CvvLength { brand: Some(brand) } => {
            let args = [("card", brand.name().into()), ("shown", (brand.cvv_length() as u64).into())];
            words.tell("form-problem-code-card", &args)
        }
        AnswerError::UnknownQuestion | AnswerError::Repeated => words.say("form-problem-form"),
    }
}

fn card(words: Words<'_>, error: CardError) -> String {
    let counted =
        |key, brand: Brand| words.tell(key, &[("card", brand.name().into()), ("shown", usual_length(brand).into())]);
    match error {
        CardError::UnknownBrand => words.say("form-problem-card-unknown"),
        CardError::TooShort(brand) => counted("form-problem-card-short", brand),
        CardError::TooLong(brand) => counted("form-problem-card-long", brand),
        CardError::CheckDigit => words.say("form-problem-card-digit"),
    }
}

/// The length that nearly all cards of a brand have: what helps a person who counts digits. Rare ones are accepted too.
const fn usual_length(brand: Brand) -> u64 {
    match brand {
        Brand::AmericanExpress => 15,
        Brand::DinersClub => 14,
        _ => 16,
    }
}
