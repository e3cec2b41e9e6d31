//! sRGB colours and WCAG 2's contrast ratio.

use std::str::FromStr;

/// A text that is not `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a colour of the form #rrggbb")]
pub struct ColourError(String);

/// An opaque sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl FromStr for Colour {
    type Err = ColourError;

    fn from_str(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        let number =
            digits.and_then(|d| u32::from_str_radix(d, 16).ok()).ok_or_else(|| ColourError(text.to_owned()))?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl Colour {
    /// Relative luminance as WCAG 2 defines it, 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// The contrast ratio of two colours, 1 to 21, whichever is in front.
#[must_use]
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (a, b) = (one.luminance(), other.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_is_21_and_a_colour_on_itself_is_1() {
        let (black, white) = ("#000000".parse().unwrap(), "#ffffff".parse().unwrap());
        assert!((contrast(black, white) - 21.0).abs() < 1e-9);
        assert!((contrast(white, white) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_grey_that_everybody_quotes_just_reaches_aa() {
        let ratio = contrast("#767676".parse().unwrap(), "#ffffff".parse().unwrap());
        assert!((4.54..4.55).contains(&ratio), "{ratio}");
    }

    #[test]
    fn anything_but_six_hex_digits_is_no_colour() {
        for bad in ["", "fff", "#fff", "#ffffff0", "#+fffff", "#gggggg", "red"] {
            assert!(bad.parse::<Colour>().is_err(), "{bad}");
        }
    }
}
