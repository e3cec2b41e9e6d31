//! Which digits of a run are a card number.
//!
//! A number begins and ends where a group does. It is of a brand's range, has a length of that brand and passes the check
//! digit; beyond that its grouping must not be that of something else.

use std::ops::Range;

use crate::brand::{LONGEST, lengths, luhn};
use crate::run::{Digit, Gap};

/// How many digits stay in clear.
pub(crate) const LAST: usize = 4;
/// Numbers shorter than this are also those of phones and goods: they must be grouped as a card is.
const LONG: usize = 14;

/// The card numbers of `run`, as ranges of its digits, in order. Two may overlap in the four digits that stay in clear.
pub(crate) fn cards(text: &str, run: &[Digit]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in 0..run.len() {
        // The last four of a number begin a group of their own once the rest of it is masked.
        let after_card = found.last().is_some_and(|card| start + LAST == card.end);
        let inside = found.last().is_some_and(|card| start + LAST < card.end);
        if inside || !(start == 0 || run[start].gap != Gap::None || after_card) {
            continue;
        }
        let fits = |length: &&usize| is_card(text, run, start..start + **length);
        if let Some(length) = lengths(values(&run[start..])).iter().find(fits) {
            found.push(start..start + length);
        }
    }
    found
}

fn is_card(text: &str, run: &[Digit], range: Range<usize>) -> bool {
    let Some(number) = run.get(range.clone()) else { return false };
    let ends_a_group = run.get(range.end).is_none_or(|next| next.gap != Gap::None);
    ends_a_group
        && luhn(values(number))
        && !all_the_same(number)
        && grouped_as_a_card(number)
        && !is_phone(text, number)
}

fn values(digits: &[Digit]) -> impl DoubleEndedIterator<Item = u8> {
    digits.iter().map(|digit| digit.value)
}

/// Placeholders such as 4444 4444 4444 4444.
fn all_the_same(number: &[Digit]) -> bool {
    number.iter().all(|digit| digit.value == number[0].value)
}

fn grouped_as_a_card(number: &[Digit]) -> bool {
    let groups = groups(number);
    let usual = groups.len() == 1
        || groups.iter().all(|group| group.len() == 1)
        || matches!(
            lengths_of(&groups).as_slice(),
            [4, 4, 4, 4] | [4, 6, 5 | 4] | [4, 4, 4, 4, 1..=3] | [4, 4, 4, 1..=3] | [4, 4, 4]
        );
    // The gap before its first digit is not part of the number.
    let weak = number[1..].iter().any(|digit| digit.gap == Gap::Weak);
    usual || !weak && number.len() >= LONG && !is_dates(&groups)
}

fn lengths_of(groups: &[&[Digit]]) -> Vec<usize> {
    groups.iter().map(|group| group.len()).collect()
}

/// The groups of at most [`LONGEST`] digits.
fn groups(number: &[Digit]) -> Vec<&[Digit]> {
    debug_assert!(number.len() <= LONGEST);
    let mut groups = Vec::new();
    let mut start = 0;
    for place in 1..=number.len() {
        if number.get(place).is_none_or(|digit| digit.gap != Gap::None) {
            groups.push(&number[start..place]);
            start = place;
        }
    }
    groups
}

/// Whether the groups are dates one after another, such as 30.04.2026 – 01.05.2026.
fn is_dates(groups: &[&[Digit]]) -> bool {
    groups.len() >= 3 && groups.len().is_multiple_of(3) && groups.chunks(3).all(is_date)
}

fn is_date(groups: &[&[Digit]]) -> bool {
    let [first, second, third] = groups else { return false };
    let same = match (second[0].gap, third[0].gap) {
        (Gap::Strong(Some(one)), Gap::Strong(Some(other))) => one == other && !one.is_whitespace(),
        _ => false,
    };
    // A group may be as long as a number: no date then, whatever comes out.
    let number = |group: &[Digit]| {
        values(group).fold(0_u32, |sum, digit| sum.saturating_mul(10).saturating_add(u32::from(digit)))
    };
    let day_and_month = |one: &[Digit], other: &[Digit]| {
        let (one, other) = ((one.len(), number(one)), (other.len(), number(other)));
        one.0 <= 2 && other.0 <= 2 && one.1.max(other.1) <= 31 && (1..=12).contains(&one.1.min(other.1))
    };
    let year = |group: &[Digit]| group.len() == 2 || (group.len() == 4 && (1900..2100).contains(&number(group)));
    same && (day_and_month(first, second) && year(third) || year(first) && day_and_month(second, third))
}

/// Whether it is a phone number in its international form, which has at most fifteen digits (E.164).
fn is_phone(text: &str, number: &[Digit]) -> bool {
    number.len() <= 15 && text[..number[0].at].ends_with('+')
}
