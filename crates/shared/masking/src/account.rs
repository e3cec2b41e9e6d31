//! International bank account numbers (ISO 13616), whose groups of four look like a card's. They are told by their country,
//! their length and their check digits, so that nothing else is let through.

use std::ops::Range;

/// Countries with the length of their numbers.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 \
    EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 \
    LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 \
    RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// Where account numbers stand in `text`, as byte ranges in order.
pub(crate) fn accounts(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut place = 0;
    while place + 4 <= bytes.len() {
        let begins = place == 0 || !bytes[place - 1].is_ascii_alphanumeric();
        match begins.then(|| account(bytes, place)).flatten() {
            Some(end) => {
                found.push(place..end);
                place = end;
            }
            None => place += 1,
        }
    }
    found
}

/// Where the account number that begins at `start` ends.
fn account(bytes: &[u8], start: usize) -> Option<usize> {
    let country = bytes.get(start..start + 2).filter(|country| country.iter().all(u8::is_ascii_alphabetic))?;
    bytes.get(start + 2..start + 4).filter(|check| check.iter().all(u8::is_ascii_digit))?;
    let length = LENGTHS.split(' ').find(|entry| entry.as_bytes()[..2].eq_ignore_ascii_case(country))?;
    let length: usize = length[2..].parse().ok()?;
    let mut number = Vec::with_capacity(length);
    let mut end = start;
    while number.len() < length {
        match bytes.get(end)? {
            byte if byte.is_ascii_alphanumeric() => number.push(*byte),
            // Groups of four, with one blank or dash between.
            b' ' | b'-' if number.len().is_multiple_of(4) && bytes.get(end + 1)?.is_ascii_alphanumeric() => {}
            _ => return None,
        }
        end += 1;
    }
    // One more group would make it another number: of a card, behind four characters that happen to fit.
    let ends = match bytes.get(end) {
        Some(b' ' | b'-') => !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
        next => next.is_none_or(|next| !next.is_ascii_alphanumeric()),
    };
    (ends && checks(&number)).then_some(end)
}

/// ISO 7064 MOD 97-10, with the first four characters moved to the end and letters counted from ten.
fn checks(number: &[u8]) -> bool {
    let (head, tail) = number.split_at(4);
    let rest = tail.iter().chain(head).fold(0_u32, |rest, byte| {
        let value = u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte.to_ascii_uppercase() - b'A' + 10 });
        (if value > 9 { rest * 100 + value } else { rest * 10 + value }) % 97
    });
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_found_however_they_are_grouped() {
        for text in [
            "DE89 3704 0044 0532 0130 00",
            "de89370400440532013000",
            "GB82 WEST 1234 5698 7654 32",
            "FR14 2004 1010 0505 0001 3M02 606",
            "ES91-2100-0418-4502-0005-1332",
        ] {
            assert_eq!(accounts(&format!("to {text}, please")), vec![3..3 + text.len()], "{text}");
        }
    }

    #[test]
    fn a_wrong_check_country_or_length_is_no_account() {
        for text in
            ["DE88 3704 0044 0532 0130 00", "ZZ89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 001", "DE89 3704"]
        {
            assert!(accounts(text).is_empty(), "{text}");
        }
    }
}
