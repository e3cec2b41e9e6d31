//! Payment card numbers in chat text (T1): found however they are written, masked to the last four. Pure.
//!
//! A text is read as *runs* of digits of any script with separators between; in a run, a card number begins and ends where
//! a group does, is of a brand's range and length, and passes the check digit. What is not masked stays byte for byte, and
//! each masked digit becomes one character, so that a text never grows in characters.

mod account;
mod brand;
mod card;
mod digit;
mod run;

use std::borrow::Cow;
use std::ops::Range;

/// What a masked digit becomes.
pub const MASK: char = '•';

/// The fewest digits of a card number.
const SHORTEST: usize = 12;

/// A text without card numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked<'a> {
    /// The text, its card numbers masked to the last four.
    pub text: Cow<'a, str>,
    /// Where each number was, as byte ranges of the text as it came, in order.
    pub found: Vec<Range<usize>>,
}

/// Masks every payment card number of `text` to its last four digits. Takes time in proportion to the length of the text.
#[must_use]
pub fn mask(text: &str) -> Masked<'_> {
    let untouched = Masked { text: Cow::Borrowed(text), found: Vec::new() };
    if !may_hold_a_card(text) {
        return untouched;
    }
    let accounts = account::accounts(text);
    let mut found = Vec::new();
    let mut masked: Vec<(usize, usize)> = Vec::new();
    for run in run::Runs::of(text, &accounts).filter(|run| run.len() >= SHORTEST) {
        for card in card::cards(text, &run) {
            let last = &run[card.end - 1];
            found.push(run[card.start].at..last.at + last.length);
            masked.extend(run[card.start..card.end - card::LAST].iter().map(|digit| (digit.at, digit.length)));
        }
    }
    if found.is_empty() {
        return untouched;
    }
    Masked { text: Cow::Owned(rewritten(text, &masked)), found }
}

/// Whether the bytes could hold as many digits as a card has. Most texts end here.
fn may_hold_a_card(text: &str) -> bool {
    text.bytes().filter(|byte| byte.is_ascii_digit() || !byte.is_ascii()).nth(SHORTEST - 1).is_some()
}

/// `text` with [`MASK`] in place of the characters at these offsets, which are in order.
fn rewritten(text: &str, masked: &[(usize, usize)]) -> String {
    let mut rewritten = String::with_capacity(text.len() + masked.len() * MASK.len_utf8());
    let mut place = 0;
    for (at, length) in masked {
        rewritten.push_str(&text[place..*at]);
        rewritten.push(MASK);
        place = at + length;
    }
    rewritten.push_str(&text[place..]);
    rewritten
}

#[cfg(test)]
mod tests;
