//! Expiry dates: `MM/YY`, `MM/YYYY`, without a separator, or as an autofill may write them, `YYYY-MM`. Kept as `MM/YY`.

use aside_base::Timestamp;
use zeroize::Zeroizing;

use crate::digits;

/// Cards do not outlive this many years; a date beyond is a typing error.
const FURTHEST_YEARS: i32 = 20;

/// The world's last time zone is 12 hours behind UTC: a card is good until its month has ended there too.
const LAST_ZONE_MILLIS: i64 = 12 * 3_600_000;

/// What is wrong with an expiry date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryError {
    /// Not a month and a year.
    NotADate,
    /// The month is not 1 to 12.
    Month,
    /// The month is over.
    Past,
    /// More than 20 years ahead.
    TooFar,
}

/// Reads an expiry date as of `now`.
///
/// # Errors
/// The first thing wrong with it.
pub(crate) fn read(text: &str, now: Timestamp) -> Result<Zeroizing<String>, ExpiryError> {
    let (month, year) = month_and_year(text).ok_or(ExpiryError::NotADate)?;
    if !(1..=12).contains(&month) {
        return Err(ExpiryError::Month);
    }
    let (this_year, this_month) = civil_month(now.0.saturating_sub(LAST_ZONE_MILLIS));
    if (year, month) < (this_year, this_month) {
        return Err(ExpiryError::Past);
    }
    if year > this_year.saturating_add(FURTHEST_YEARS) {
        return Err(ExpiryError::TooFar);
    }
    Ok(Zeroizing::new(format!("{month:02}/{:02}", year % 100)))
}

fn month_and_year(text: &str) -> Option<(i32, i32)> {
    let mut groups = vec![Zeroizing::new(String::with_capacity(8))];
    for c in text.trim().chars() {
        let last = groups.last_mut()?;
        if let Some(digit) = digits::ascii(c) {
            if last.len() == 6 {
                return None;
            }
            last.push(digit);
        } else if digits::invisible(c) {
        } else if digits::separator(c) || matches!(c, '/' | '.' | '\u{2044}' | '\u{2215}' | '\u{FF0F}' | '\u{FF0E}') {
            // "04 / 29" is one separator with room around it.
            if !last.is_empty() {
                groups.push(Zeroizing::new(String::with_capacity(8)));
            }
        } else {
            return None;
        }
    }
    let number = |text: &str| text.parse::<i32>().ok();
    let full = |year: &str| match year.len() {
        2 => number(year).map(|year| 2000 + year),
        4 => number(year),
        _ => None,
    };
    match groups.iter().map(|group| group.as_str()).collect::<Vec<_>>()[..] {
        [together] if together.len() == 4 || together.len() == 6 => {
            Some((number(&together[..2])?, full(&together[2..])?))
        }
        [year, month] if year.len() == 4 && (1..=2).contains(&month.len()) => Some((number(month)?, full(year)?)),
        [month, year] if (1..=2).contains(&month.len()) => Some((number(month)?, full(year)?)),
        _ => None,
    }
}

/// Year and month of a moment in UTC.
fn civil_month(millis: i64) -> (i32, i32) {
    // Out of jiff's ten thousand years no card is good: the furthest month there is.
    jiff::Timestamp::from_millisecond(millis).map_or((i32::MAX, 12), |moment| {
        let date = jiff::tz::Offset::UTC.to_datetime(moment).date();
        (i32::from(date.year()), i32::from(date.month()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 22 November 2026, noon UTC.
    const NOW: Timestamp = Timestamp(1_795_348_800_000);

    fn text(input: &str) -> Result<String, ExpiryError> {
        read(input, NOW).map(|date| date.to_string())
    }

    #[test]
    fn a_date_is_read_however_it_is_written() {
        for input in [
            "04/29",
            "4/29",
            "04/2029",
            "0429",
            "042029",
            "04 / 29",
            "04-29",
            "04.29",
            "٠٤/٢٩",
            "０４／２９",
            "2029-04",
            " 04\u{A0}29 ",
        ] {
            assert_eq!(text(input), Ok("04/29".to_owned()), "{input:?}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for input in ["", "4", "429", "04/9", "04/029", "April 29", "04/29/01", "/29", "04/", "٠٤x٢٩", "123456789"]
        {
            assert_eq!(text(input), Err(ExpiryError::NotADate), "{input:?}");
        }
        assert_eq!(text("13/29"), Err(ExpiryError::Month));
        assert_eq!(text("00/29"), Err(ExpiryError::Month));
    }

    #[test]
    fn a_card_is_good_to_the_end_of_its_month_everywhere_on_earth() {
        assert_eq!(text("11/26"), Ok("11/26".to_owned()));
        assert_eq!(text("10/26"), Err(ExpiryError::Past));
        let december_in_utc = Timestamp(1_796_083_200_000 + 11 * 3_600_000);
        assert!(read("11/26", december_in_utc).is_ok());
        assert_eq!(read("11/26", december_in_utc.plus_seconds(3_600)).map(|_| ()), Err(ExpiryError::Past));
        assert_eq!(text("11/2046"), Ok("11/46".to_owned()));
        assert_eq!(text("01/2047"), Err(ExpiryError::TooFar));
    }

    #[test]
    fn months_are_counted_as_the_calendar_does() {
        assert_eq!(civil_month(0), (1970, 1));
        assert_eq!(civil_month(951_782_400_000), (2000, 2));
        assert_eq!(civil_month(951_868_800_000), (2000, 3));
        assert_eq!(civil_month(NOW.0), (2026, 11));
        assert_eq!(civil_month(-1), (1969, 12));
    }
}
