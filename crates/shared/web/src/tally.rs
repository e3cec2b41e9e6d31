//! Counts of what anybody can cause without end: per row and minute, in memory until they are written together. A flood costs
//! the disk so many rows a minute at most, and the store one write every few seconds, not one a request.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aside_base::Timestamp;

/// The most rows told apart in a minute, and the most that wait to be written.
const ROWS: usize = 128;

/// What is counted together.
pub trait Counted: Clone + Eq + Hash {
    /// Minutes since the Unix epoch.
    fn minute(&self) -> i64;

    /// Forgets the network: whoever has a million of them gets no million rows.
    fn forget_network(&mut self);
}

/// Counts that are not written yet.
#[derive(Debug)]
pub struct Tally<R>(Mutex<Counts<R>>);

#[derive(Debug)]
struct Counts<R> {
    waiting: HashMap<R, u64>,
    minute: i64,
    /// The rows of the minute, those that were written included.
    told_apart: HashSet<R>,
}

impl<R> Default for Tally<R> {
    fn default() -> Self {
        Self(Mutex::new(Counts { waiting: HashMap::new(), minute: 0, told_apart: HashSet::new() }))
    }
}

impl<R: Counted> Tally<R> {
    /// One more in this row, or, where there are too many rows, in that of whoever has none.
    pub fn count(&self, row: R) {
        self.lock().add(row, 1);
    }

    /// Takes the counts of minutes that are over by `now`, to be written: each minute's once, as one entry each.
    pub fn take(&self, now: Timestamp) -> Vec<(R, u64)> {
        let minute = now.0.div_euclid(60_000);
        self.lock().waiting.extract_if(|row, _| row.minute() < minute).collect()
    }

    /// Takes all counts: the program stops.
    pub fn take_all(&self) -> Vec<(R, u64)> {
        self.lock().waiting.drain().collect()
    }

    /// Puts counts back that could not be written.
    pub fn put_back(&self, counts: Vec<(R, u64)>) {
        let mut all = self.lock();
        for (row, count) in counts {
            all.add(row, count);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts<R>> {
        // A panic while counting leaves a count, not a broken one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<R: Counted> Counts<R> {
    fn add(&mut self, mut row: R, count: u64) {
        if row.minute() > self.minute {
            self.minute = row.minute();
            self.told_apart.clear();
        }
        let current = row.minute() == self.minute;
        let crowded = current && self.told_apart.len() >= ROWS && !self.told_apart.contains(&row);
        let full = self.waiting.len() >= ROWS && !self.waiting.contains_key(&row);
        if crowded || full {
            row.forget_network();
        } else if current {
            self.told_apart.insert(row.clone());
        }
        let total = self.waiting.entry(row).or_default();
        *total = total.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    struct Row {
        network: Option<u32>,
        minute: i64,
    }

    impl Counted for Row {
        fn minute(&self) -> i64 {
            self.minute
        }

        fn forget_network(&mut self) {
            self.network = None;
        }
    }

    fn row(network: u32, minute: i64) -> Row {
        Row { network: Some(network), minute }
    }

    fn total(counts: &[(Row, u64)]) -> u64 {
        counts.iter().map(|(_, count)| count).sum()
    }

    #[test]
    fn what_is_counted_together_is_written_once_when_its_minute_is_over() {
        let tally = Tally::default();
        for _ in 0..200 {
            tally.count(row(1, 1));
        }
        tally.count(row(1, 2));
        assert!(tally.take(Timestamp(119_999)).is_empty());
        assert_eq!(tally.take(Timestamp(120_000)), [(row(1, 1), 200)]);
        let left = tally.take_all();
        assert_eq!(left, [(row(1, 2), 1)]);
        assert!(tally.take_all().is_empty());
        tally.put_back(left.clone());
        assert_eq!(tally.take_all(), left);
    }

    #[test]
    fn a_flood_from_everywhere_takes_bounded_memory_and_loses_no_count() {
        let tally = Tally::default();
        for network in 0..10_000 {
            tally.count(row(network, 0));
        }
        let rows = tally.take_all();
        assert!(rows.len() <= ROWS + 1);
        assert_eq!(total(&rows), 10_000);
    }

    #[test]
    fn writing_often_does_not_make_more_rows_a_minute() {
        let tally = Tally::default();
        let mut written = HashSet::new();
        for network in 0..10_000 {
            tally.count(row(network, 0));
            if network % 1_000 == 0 {
                written.extend(tally.take_all().into_iter().map(|(row, _)| row));
            }
        }
        written.extend(tally.take_all().into_iter().map(|(row, _)| row));
        assert_eq!(written.len(), ROWS + 1);
        tally.count(row(10_000, 1));
        assert_eq!(tally.take_all(), [(row(10_000, 1), 1)], "the next minute begins anew");
    }

    #[test]
    fn counts_that_cannot_be_written_for_long_take_bounded_memory() {
        let tally = Tally::default();
        for minute in 0..10 {
            for network in 0..4_000 {
                tally.count(row(network, minute));
            }
            let failed = tally.take_all();
            tally.count(row(4_000, minute));
            tally.put_back(failed);
        }
        let rows = tally.take_all();
        assert!(rows.len() <= ROWS + 10, "{}", rows.len());
        assert_eq!(total(&rows), 40_010);
    }
}
