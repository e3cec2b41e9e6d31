//! What a character means to the scanner: a digit of any script, something that may stand between the digits of one
//! number, something nobody sees, or the end of the number.

/// The zero of each run of ten decimal digits that Unicode 16 knows (general category Nd), in order.
const ZEROS: [u32; 74] = [
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0,
    0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1CCF0, 0x1D7CE, 0x1D7D8,
    0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// What a character is to the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A digit, 0 to 9.
    Digit(u8),
    /// A blank, dash, dot or slash: people put these between the groups of a card number.
    Separator,
    /// A comma and the like: these stand in lists and prices too.
    Weak,
    /// Takes no room: soft hyphens, zero-width characters, direction marks, and what makes an emoji of a digit.
    Invisible,
    /// Ends a number.
    Other,
}

pub(crate) fn meaning(c: char) -> Meaning {
    match c {
        '0'..='9' => Meaning::Digit(c as u8 - b'0'),
        ' ' | '-' | '.' | '/' | '\t' | '\n' | '\r' => Meaning::Separator,
        ',' | '_' | '*' | '|' | ':' | ';' | '\\' | '~' | '=' | '+' | '#' => Meaning::Weak,
        _ if c.is_ascii() => Meaning::Other,
        _ => other_scripts(c),
    }
}

fn other_scripts(c: char) -> Meaning {
    if invisible(c) {
        Meaning::Invisible
    } else if c.is_whitespace() || dash_or_dot(c) {
        Meaning::Separator
    } else if matches!(c, '，' | '、' | '،' | '：' | '；' | '＿' | '｜') {
        Meaning::Weak
    } else {
        digit(c).map_or(Meaning::Other, Meaning::Digit)
    }
}

fn digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    u8::try_from(code - zero).ok().filter(|value| *value < 10)
}

const fn dash_or_dot(c: char) -> bool {
    matches!(c,
        '\u{00B7}' | '\u{058A}' | '\u{05BE}' | '\u{1806}' | '\u{2010}'..='\u{2015}' | '\u{2022}'..='\u{2027}' | '\u{2043}'
        | '\u{2044}' | '\u{2053}' | '\u{2212}' | '\u{2215}' | '\u{2219}' | '\u{22C5}' | '\u{2E3A}' | '\u{2E3B}' | '\u{3002}'
        | '\u{301C}' | '\u{30FB}' | '\u{30FC}' | '\u{FE31}' | '\u{FE32}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' | '\u{FF0E}'
        | '\u{FF0F}' | '\u{2800}')
        && c != crate::MASK
}

const fn invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{20E3}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_of_every_script_mean_what_they_say() {
        assert!(ZEROS.is_sorted());
        for zero in ZEROS {
            for value in 0..10_u8 {
                let c = char::from_u32(zero + u32::from(value)).unwrap();
                assert_eq!(meaning(c), Meaning::Digit(value), "{c:?}");
                assert!(c.is_numeric(), "{c:?}");
            }
        }
    }

    #[test]
    fn what_no_script_counts_with_is_no_digit() {
        for c in ['a', 'é', '½', '②', '十', '\u{2022}', '\u{10FFFF}', '\u{1CCFA}'] {
            assert_eq!(meaning(c), Meaning::Other, "{c:?}");
        }
    }
}
