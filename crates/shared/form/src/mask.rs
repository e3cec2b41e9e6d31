//! What may be shown of an answer before it is revealed (V11): of a card number its BIN and last four, of anything else
//! that is sensitive nothing, not even its length.

use crate::{Kind, Question};

/// What to show of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown<'a> {
    /// All of it: the question is not sensitive.
    Clear(&'a str),
    /// The first six digits, none for short numbers, and the last four, with this many hidden between.
    Card {
        /// The BIN, or nothing.
        bin: &'a str,
        /// How many digits are hidden.
        hidden: usize,
        /// The last four digits.
        last_four: &'a str,
    },
    /// Nothing: a fixed row of dots.
    Hidden,
}

/// What may be shown of `clear`, an answer to `question`, before it is revealed.
#[must_use]
pub fn shown<'a>(question: &Question, clear: &'a str) -> Shown<'a> {
    if !question.sensitive() {
        return Shown::Clear(clear);
    }
    if question.kind != Kind::CardNumber || question.off_the_record || !clear.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Shown::Hidden;
    }
    match clear.len() {
        // Six and four of a short number would leave too little to guess.
        15.. => Shown::Card { bin: &clear[..6], hidden: clear.len() - 10, last_four: &clear[clear.len() - 4..] },
        12..15 => Shown::Card { bin: "", hidden: clear.len() - 4, last_four: &clear[clear.len() - 4..] },
        _ => Shown::Hidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::out_of_the_box;

    fn question(id: &str) -> Question {
        let forms = out_of_the_box().unwrap();
        forms[0].definition().question(id).unwrap().clone()
    }

    #[test]
    fn a_card_shows_its_bin_and_last_four_at_most() {
        let number = question("number");
        assert_eq!(shown(&number, "4111111111111111"), Shown::Card { bin: "411111", hidden: 6, last_four: "1111" });
        assert_eq!(shown(&number, "378282246310005"), Shown::Card { bin: "378282", hidden: 5, last_four: "0005" });
        assert_eq!(shown(&number, "36227206271667"), Shown::Card { bin: "", hidden: 10, last_four: "1667" });
        assert_eq!(shown(&number, "4111 1111"), Shown::Hidden);
    }

    #[test]
    fn a_hidden_answer_shows_nothing_not_even_its_length() {
        let cvv = question("cvv");
        assert_eq!(shown(&cvv, "123"), Shown::Hidden);
        assert_eq!(shown(&cvv, "1234"), Shown::Hidden);
        let masked = Question { masked: true, ..question("name") };
        assert_eq!(shown(&masked, "A"), Shown::Hidden);
        assert_eq!(shown(&question("expiry"), "04/29"), Shown::Hidden);
        assert_eq!(shown(&question("name"), "Ana"), Shown::Clear("Ana"));
    }
}
