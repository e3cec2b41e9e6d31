//! Which case a look into the past belongs to, as people number cases elsewhere. It is logged in both zones, so it must not be
//! what the log never holds: a name, a card number, an identity number.

/// The longest reference, in characters.
const LONGEST: usize = 40;
/// A number without any letter is none of a case from so many digits on: identity numbers have nine and more.
const BARE: usize = 9;
/// No number is, whatever stands around it, from so many digits on: card numbers have twelve and more.
const ANYWHERE: usize = 12;

/// Whether a reference, where there is one, is short, of letters, digits and hyphens, and holds no number as long as a card's or
/// an identity number. A hyphen does not end a number.
pub(crate) fn is_fit_reference(reference: Option<&str>) -> bool {
    reference.is_none_or(|text| {
        (1..=LONGEST).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && longest_number(text) < if text.bytes().any(|byte| byte.is_ascii_alphabetic()) { ANYWHERE } else { BARE }
    })
}

fn longest_number(text: &str) -> usize {
    let digits = |run: &str| run.bytes().filter(u8::is_ascii_digit).count();
    text.split(|c: char| c.is_ascii_alphabetic()).map(digits).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_short_and_of_letters_digits_and_hyphens() {
        assert!(is_fit_reference(None));
        for fit in ["CASE-2026-0147", "12345678", "2026-0147", "7F3K-9QXZ", &"x".repeat(40)] {
            assert!(is_fit_reference(Some(fit)), "{fit}");
        }
        for unfit in ["", &"x".repeat(41), "Alex Smith", "4111.1111", "é"] {
            assert!(!is_fit_reference(Some(unfit)), "{unfit}");
        }
    }

    #[test]
    fn a_number_as_long_as_a_cards_or_an_identity_number_is_no_reference() {
        let card = "4111-1111-1111-1111";
        for unfit in ["123456789", "-123-45-6789-", "078-05-1120", "4111111111111111", card, "4--1-1-1-1-1-1-1-1"] {
            assert!(!is_fit_reference(Some(unfit)), "{unfit}");
        }
        // Letters make a long number one of a case, until a card's fits into it.
        assert!(is_fit_reference(Some("INC12345678901")));
        for unfit in [&format!("PAN-{card}"), "x411111111111", "411111111111-x"] {
            assert!(!is_fit_reference(Some(unfit)), "{unfit}");
        }
    }
}
