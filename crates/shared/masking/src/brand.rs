//! Which digits can be a card number: ranges and lengths of the brands (ISO/IEC 7812), and the check digit. Wider than
//! what a form accepts: a number that no form takes is still not for the transcript.

/// First and last prefix (both of `digits` digits) with the lengths such numbers have, the usual one first.
struct Range {
    first: u32,
    last: u32,
    digits: usize,
    lengths: &'static [usize],
}

const fn range(first: u32, last: u32, digits: usize, lengths: &'static [usize]) -> Range {
    Range { first, last, digits, lengths }
}

/// The longest number.
pub(crate) const LONGEST: usize = 19;

const SIXTEEN: &[usize] = &[16];
const SIXTEEN_UP: &[usize] = &[16, 19, 18, 17];
const MAESTRO: &[usize] = &[16, 19, 18, 17, 15, 14, 13, 12];

const RANGES: [Range; 22] = [
    // Visa.
    range(4, 4, 1, &[16, 13, 19, 18]),
    // Mastercard.
    range(51, 55, 2, SIXTEEN),
    range(2221, 2720, 4, SIXTEEN),
    // American Express.
    range(34, 34, 2, &[15]),
    range(37, 37, 2, &[15]),
    // Diners Club.
    range(300, 305, 3, &[14, 16, 19]),
    range(3095, 3095, 4, &[14, 16, 19]),
    range(36, 36, 2, &[14, 16, 19]),
    range(38, 39, 2, &[14, 16, 19]),
    // JCB.
    range(3528, 3589, 4, SIXTEEN_UP),
    range(1800, 1800, 4, &[15, 16]),
    range(2131, 2131, 4, &[15, 16]),
    // Mir.
    range(2200, 2204, 4, SIXTEEN_UP),
    // Discover, RuPay, Hipercard.
    range(60, 60, 2, SIXTEEN_UP),
    range(644, 649, 3, SIXTEEN_UP),
    range(65, 65, 2, SIXTEEN_UP),
    range(81, 82, 2, SIXTEEN_UP),
    // UnionPay.
    range(62, 62, 2, SIXTEEN_UP),
    // Maestro, Verve, Elo, RuPay.
    range(50, 50, 2, MAESTRO),
    range(56, 58, 2, MAESTRO),
    range(63, 63, 2, MAESTRO),
    range(67, 67, 2, MAESTRO),
];

/// The lengths that a number beginning with these digits has, the usual one first. Nothing when no brand begins so.
pub(crate) fn lengths(digits: impl Iterator<Item = u8>) -> &'static [usize] {
    let (mut prefix, mut places) = (0, 0);
    for digit in digits.take(4) {
        prefix = prefix * 10 + u32::from(digit);
        places += 1;
    }
    let fits = |range: &&Range| {
        range.digits <= places && {
            let start = prefix / 10_u32.pow((places - range.digits) as u32);
            (range.first..=range.last).contains(&start)
        }
    };
    RANGES.iter().find(fits).map_or(&[], |range| range.lengths)
}

/// Whether the last digit fits the others (Luhn).
pub(crate) fn luhn(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(if place % 2 == 1 { doubled(digit) } else { digit }))
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(digits: &str) -> &'static [usize] {
        lengths(digits.bytes().map(|byte| byte - b'0'))
    }

    #[test]
    fn a_range_tells_the_lengths_of_its_numbers() {
        assert_eq!(of("4111"), [16, 13, 19, 18]);
        assert_eq!(of("4"), [16, 13, 19, 18]);
        assert_eq!(of("2720"), SIXTEEN);
        assert_eq!(of("3782"), [15]);
        for none in ["", "2721", "2220", "9999", "0000", "35", "1234"] {
            assert!(of(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn a_swapped_pair_does_not_pass() {
        assert!(luhn("5555555555554444".bytes().map(|byte| byte - b'0')));
        assert!(!luhn("5555555555545444".bytes().map(|byte| byte - b'0')));
    }
}
