//! Runs: digits with nothing but separators between them, in which card numbers are looked for.

use std::ops::Range;

use crate::digit::{Meaning, meaning};

/// The most separators in one place: more of them are two numbers.
const GAP: usize = 3;

/// What stood before a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Nothing that can be seen: the digit goes on with its group.
    None,
    /// Separators; the one character when there was only one.
    Strong(Option<char>),
    /// A comma and the like among them.
    Weak,
}

/// One digit where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digit {
    pub(crate) value: u8,
    /// Byte offset of its character.
    pub(crate) at: usize,
    /// Bytes of its character.
    pub(crate) length: usize,
    /// What stood before it.
    pub(crate) gap: Gap,
}

/// Reads the digits of `text` run by run. `skip` are byte ranges, in order, whose digits belong to something else.
pub(crate) struct Runs<'a> {
    text: &'a str,
    skip: &'a [Range<usize>],
    place: usize,
}

impl<'a> Runs<'a> {
    pub(crate) const fn of(text: &'a str, skip: &'a [Range<usize>]) -> Self {
        Self { text, skip, place: 0 }
    }

    fn skipped(&mut self, at: usize) -> bool {
        while self.skip.first().is_some_and(|range| range.end <= at) {
            self.skip = &self.skip[1..];
        }
        self.skip.first().is_some_and(|range| range.contains(&at))
    }
}

impl Iterator for Runs<'_> {
    type Item = Vec<Digit>;

    fn next(&mut self) -> Option<Vec<Digit>> {
        let mut run: Vec<Digit> = Vec::new();
        let (mut between, mut gap) = (0, Gap::None);
        let text = self.text;
        for (offset, c) in text[self.place..].char_indices() {
            let at = self.place + offset;
            let what = if self.skipped(at) { Meaning::Other } else { meaning(c) };
            match what {
                Meaning::Digit(value) => {
                    run.push(Digit { value, at, length: c.len_utf8(), gap });
                    (between, gap) = (0, Gap::None);
                    continue;
                }
                Meaning::Invisible => continue,
                Meaning::Separator | Meaning::Weak if run.is_empty() => continue,
                Meaning::Separator if between < GAP => {
                    gap = if between == 0 { Gap::Strong(Some(c)) } else { gap.wider() };
                    between += 1;
                    continue;
                }
                Meaning::Weak if between < GAP => {
                    (between, gap) = (between + 1, Gap::Weak);
                    continue;
                }
                Meaning::Separator | Meaning::Weak | Meaning::Other => {}
            }
            if !run.is_empty() {
                self.place = at + c.len_utf8();
                return Some(run);
            }
        }
        self.place = text.len();
        (!run.is_empty()).then_some(run)
    }
}

impl Gap {
    const fn wider(self) -> Self {
        match self {
            Self::Weak => Self::Weak,
            Self::None | Self::Strong(_) => Self::Strong(None),
        }
    }
}
