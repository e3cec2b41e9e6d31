//! Digits as people type and paste them: full-width or Arabic-Indic, with spaces, dashes and invisible marks between
//! (edge case 18). All read as what they mean.

use zeroize::Zeroizing;

/// The first digit of each run of ten that Unicode counts as decimal digits and that keyboards produce.
const ZEROS: [char; 23] = [
    '0',
    '\u{0660}',
    '\u{06F0}',
    '\u{07C0}',
    '\u{0966}',
    '\u{09E6}',
    '\u{0A66}',
    '\u{0AE6}',
    '\u{0B66}',
    '\u{0BE6}',
    '\u{0C66}',
    '\u{0CE6}',
    '\u{0D66}',
    '\u{0DE6}',
    '\u{0E50}',
    '\u{0ED0}',
    '\u{0F20}',
    '\u{1040}',
    '\u{17E0}',
    '\u{1810}',
    '\u{A9D0}',
    '\u{FF10}',
    '\u{1E950}',
];

/// The ASCII digit that `c` means.
pub(crate) fn ascii(c: char) -> Option<char> {
    ZEROS.into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10)?;
        char::from_digit(value, 10)
    })
}

/// White space of every width, dashes of every length, and what pasting brings along unseen.
pub(crate) fn separator(c: char) -> bool {
    c.is_whitespace()
        || invisible(c)
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// Soft hyphens, zero-width characters and direction marks.
pub(crate) const fn invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The digits of `text` without their separators.
///
/// # Errors
/// The first character that is neither.
pub(crate) fn only(text: &str) -> Result<Zeroizing<String>, char> {
    let mut digits = Zeroizing::new(String::with_capacity(text.len()));
    for c in text.chars() {
        match ascii(c) {
            Some(digit) => digits.push(digit),
            None if separator(c) => {}
            None => return Err(c),
        }
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_and_widths_mean_what_they_say() {
        for text in [
            "4111",
            "４１１１",
            "٤١١١",
            "۴۱۱۱",
            "४१११",
            "4 1\u{A0}1\u{202F}1",
            "4-1–1−1",
            "\u{200E}4111\u{FEFF}",
            "4\u{AD}111",
        ] {
            assert_eq!(only(text).map(|digits| digits.to_string()), Ok("4111".to_owned()), "{text:?}");
        }
    }

    #[test]
    fn the_first_foreign_character_is_named() {
        assert_eq!(only("41O1").map(|_| ()), Err('O'));
        assert_eq!(only("4111/x").map(|_| ()), Err('/'));
    }
}
