//! Card numbers (F7): brands by their ranges, their lengths, and the check digit. Our own short table: the ranges that
//! carry almost all cards. It never keeps or logs a number.

/// The card brands that are recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Brand {
    /// American Express.
    AmericanExpress,
    /// Diners Club.
    DinersClub,
    /// Discover.
    Discover,
    /// JCB.
    Jcb,
    /// Maestro.
    Maestro,
    /// Mastercard.
    Mastercard,
    /// China UnionPay.
    UnionPay,
    /// Visa.
    Visa,
}

/// What is wrong with a card number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardError {
    /// Of no brand that is known.
    UnknownBrand,
    /// Fewer digits than the brand's numbers have.
    TooShort(Brand),
    /// More digits than the brand's numbers have.
    TooLong(Brand),
    /// The check digit does not fit: a digit is wrong or two are swapped.
    CheckDigit,
}

/// First and last prefix of a range (both of `digits` digits) and whose it is. The longest prefix wins, so narrow ranges
/// may lie inside wide ones.
struct Range {
    first: u32,
    last: u32,
    digits: u32,
    brand: Brand,
}

const fn range(first: u32, last: u32, digits: u32, brand: Brand) -> Range {
    Range { first, last, digits, brand }
}

const RANGES: [Range; 31] = [
    range(4, 4, 1, Brand::Visa),
    range(51, 55, 2, Brand::Mastercard),
    range(2221, 2720, 4, Brand::Mastercard),
    range(34, 34, 2, Brand::AmericanExpress),
    range(37, 37, 2, Brand::AmericanExpress),
    range(300, 305, 3, Brand::DinersClub),
    range(3095, 3095, 4, Brand::DinersClub),
    range(36, 36, 2, Brand::DinersClub),
    range(38, 39, 2, Brand::DinersClub),
    range(6011, 6011, 4, Brand::Discover),
    range(644, 649, 3, Brand::Discover),
    range(65, 65, 2, Brand::Discover),
    range(2131, 2131, 4, Brand::Jcb),
    range(1800, 1800, 4, Brand::Jcb),
    range(3528, 3589, 4, Brand::Jcb),
    range(62, 62, 2, Brand::UnionPay),
    range(810, 817, 3, Brand::UnionPay),
    range(493_698, 493_698, 6, Brand::Maestro),
    range(5018, 5018, 4, Brand::Maestro),
    range(5020, 5020, 4, Brand::Maestro),
    range(5038, 5038, 4, Brand::Maestro),
    range(5893, 5893, 4, Brand::Maestro),
    range(56, 58, 2, Brand::Maestro),
    range(6304, 6304, 4, Brand::Maestro),
    range(6390, 6390, 4, Brand::Maestro),
    range(6703, 6703, 4, Brand::Maestro),
    range(6759, 6759, 4, Brand::Maestro),
    range(676_770, 676_770, 6, Brand::Maestro),
    range(676_774, 676_774, 6, Brand::Maestro),
    range(6761, 6763, 4, Brand::Maestro),
    range(639, 639, 3, Brand::Maestro),
];

impl Brand {
    /// The brand whose range these leading digits lie in. `digits` are ASCII; a few are enough.
    #[must_use]
    pub fn of(digits: &str) -> Option<Self> {
        RANGES
            .iter()
            .filter(|range| {
                let prefix = digits.get(..range.digits as usize).and_then(|prefix| prefix.parse::<u32>().ok());
                prefix.is_some_and(|prefix| (range.first..=range.last).contains(&prefix))
            })
            .max_by_key(|range| range.digits)
            .map(|range| range.brand)
    }

    /// The brand's own name, which is the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AmericanExpress => "American Express",
            Self::DinersClub => "Diners Club",
            Self::Discover => "Discover",
            Self::Jcb => "JCB",
            Self::Maestro => "Maestro",
            Self::Mastercard => "Mastercard",
            Self::UnionPay => "UnionPay",
            Self::Visa => "Visa",
        }
    }

    /// How many digits the brand's numbers have.
    #[must_use]
    pub const fn lengths(self) -> &'static [usize] {
        match self {
            Self::AmericanExpress => &[15],
            Self::DinersClub => &[14, 15, 16, 17, 18, 19],
            Self::Discover | Self::Jcb => &[16, 17, 18, 19],
            Self::Maestro => &[12, 13, 14, 15, 16, 17, 18, 19],
            Self::Mastercard => &[16],
            Self::UnionPay => &[14, 15, 16, 17, 18, 19],
            Self::Visa => &[13, 16, 18, 19],
        }
    }

    /// How many digits the brand's security code has.
    #[must_use]
    pub const fn cvv_length(self) -> usize {
        if matches!(self, Self::AmericanExpress) { 4 } else { 3 }
    }
}

/// Whether the last digit fits the others (ISO/IEC 7812, Luhn). `digits` are ASCII.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') << (place % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Checks a card number of ASCII digits.
///
/// # Errors
/// Brand before length before check digit: the order in which a person can act on them.
pub(crate) fn check(digits: &str) -> Result<Brand, CardError> {
    let brand = Brand::of(digits).ok_or(CardError::UnknownBrand)?;
    let lengths = brand.lengths();
    if !lengths.contains(&digits.len()) {
        let longest = lengths.last().copied().unwrap_or(0);
        return Err(if digits.len() > longest { CardError::TooLong(brand) } else { CardError::TooShort(brand) });
    }
    if luhn(digits) { Ok(brand) } else { Err(CardError::CheckDigit) }
}

#[cfg(test)]
mod tests;
