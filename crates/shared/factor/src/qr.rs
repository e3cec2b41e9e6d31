//! The square that an authenticator app scans, as rows of dark and light for whoever draws it.

use qrcode::{Color, EcLevel, QrCode};
use zeroize::Zeroizing;

/// The text does not fit into a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct QrError;

/// The square of `text`: one string a row, `1` for dark and `0` for light, without the quiet border of four that whoever draws it
/// leaves around it. Wiped when dropped: it says the secret.
///
/// # Errors
/// [`QrError`] for more than some two thousand characters.
pub fn rows(text: &str) -> Result<Zeroizing<Vec<String>>, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| QrError)?;
    let width = code.width();
    let dots = Zeroizing::new(code.into_colors().into_iter().map(|dot| dot == Color::Dark).collect::<Vec<bool>>());
    let row = |dots: &[bool]| dots.iter().map(|dark| if *dark { '1' } else { '0' }).collect();
    Ok(Zeroizing::new(dots.chunks(width).map(row).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_as_high_as_wide_with_its_three_corners() {
        let rows =
            rows("otpauth://totp/Northwind:dana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Northwind").unwrap();
        assert!(rows.iter().all(|row| row.len() == rows.len() && row.bytes().all(|dot| matches!(dot, b'0' | b'1'))));
        let last = rows.len() - 7;
        for (y, x) in [(0, 0), (0, last), (last, 0)] {
            let corner: Vec<&str> = rows[y..y + 7].iter().map(|row| &row[x..x + 7]).collect();
            assert_eq!(corner, ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]);
        }
    }

    #[test]
    fn a_text_that_does_not_fit_is_refused() {
        assert_eq!(rows(&"x".repeat(5_000)).unwrap_err(), QrError);
    }
}
