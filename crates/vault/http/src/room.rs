//! How much of the locked memory a form needs.

use aside_form::{Definition, Kind, Question};
use aside_vault_memory::places_for;

/// The places that the form's off-the-record answers need at most: what is reserved when it opens (V3).
pub(crate) fn places(definition: &Definition) -> usize {
    definition.questions.iter().filter(|question| question.off_the_record).map(longest).map(places_for).sum()
}

/// The most bytes of an answer as it is kept.
const fn longest(question: &Question) -> usize {
    match question.kind {
        // Digits and a slash: 19 at most.
        Kind::CardNumber | Kind::Expiry | Kind::Cvv => 19,
        // A character is four bytes at most.
        Kind::Text | Kind::Note => question.max_length() * 4,
    }
}

#[cfg(test)]
mod tests {
    use aside_form::out_of_the_box;

    use super::*;

    #[test]
    fn a_security_code_needs_one_place_and_a_long_answer_as_many_as_it_may_fill() {
        let needs = |id: &str| {
            let forms = out_of_the_box().unwrap();
            places(forms.iter().find(|form| form.definition().id == id).unwrap().definition())
        };
        assert_eq!(needs("cardholder-data"), 1);
        assert_eq!(needs("secure-note"), 0);
        let mut note = out_of_the_box().unwrap()[0].definition().questions[0].clone();
        (note.kind, note.off_the_record) = (Kind::Note, true);
        assert_eq!(places_for(longest(&note)), 63);
    }
}
