//! Counts refusals that nobody in particular caused: per kind, network and minute, in memory until the sweeper writes them.
//! A flood costs one row a minute and network, not one a request, and so many networks a minute at most; it cannot fill the
//! disk.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aside_base::Timestamp;
use aside_web::AddressPrefix;

/// The most networks told apart in a minute, and the most rows that wait to be written. What comes beyond is counted under
/// [`ELSEWHERE`]: whoever has a million networks gets no million rows.
const ROWS: usize = 128;
/// The network of whatever has no row of its own.
const ELSEWHERE: &str = "elsewhere";

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    /// What was tried.
    pub(crate) act: &'static str,
    /// Why it was refused.
    pub(crate) reason: &'static str,
    /// The network, as text.
    pub(crate) network: String,
    /// Minutes since the epoch.
    pub(crate) minute: i64,
}

/// Counts not written yet.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    waiting: HashMap<Row, u64>,
    minute: i64,
    /// The rows of the minute, those that were written included.
    told_apart: HashSet<Row>,
}

impl Tally {
    /// One more.
    pub(crate) fn count(&self, act: &'static str, reason: &'static str, address: IpAddr, now: Timestamp) {
        let minute = now.0.div_euclid(60_000);
        self.lock().add(Row { act, reason, network: AddressPrefix::of(address).to_string(), minute }, 1);
    }

    /// Takes the counts of minutes that are over by `now`, to be written: each minute's once, as one entry each.
    pub(crate) fn take(&self, now: Timestamp) -> Vec<(Row, u64)> {
        let minute = now.0.div_euclid(60_000);
        self.lock().waiting.extract_if(|row, _| row.minute < minute).collect()
    }

    /// Takes all counts: the program stops.
    pub(crate) fn take_all(&self) -> Vec<(Row, u64)> {
        self.lock().waiting.drain().collect()
    }

    /// Puts counts back that could not be written.
    pub(crate) fn put_back(&self, counts: Vec<(Row, u64)>) {
        let mut all = self.lock();
        for (row, count) in counts {
            all.add(row, count);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // A panic while counting leaves a count, not a broken one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn add(&mut self, mut row: Row, count: u64) {
        if row.minute > self.minute {
            self.minute = row.minute;
            self.told_apart.clear();
        }
        let current = row.minute == self.minute;
        let crowded = current && self.told_apart.len() >= ROWS && !self.told_apart.contains(&row);
        let full = self.waiting.len() >= ROWS && !self.waiting.contains_key(&row);
        if crowded || full {
            row.network = ELSEWHERE.to_owned();
        } else if current {
            self.told_apart.insert(row.clone());
        }
        let total = self.waiting.entry(row).or_default();
        *total = total.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn refusals_of_one_network_and_minute_are_one_row() {
        let tally = Tally::default();
        for last in 0..200 {
            tally.count("open", "not_valid", IpAddr::from([192, 0, 2, last]), Timestamp(60_000));
        }
        tally.count("open", "not_valid", IpAddr::from([192, 0, 2, 1]), Timestamp(120_000));
        let mut counts: Vec<u64> = tally.take_all().into_iter().map(|(_, count)| count).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 200]);
        assert!(tally.take_all().is_empty());
    }

    #[test]
    fn a_flood_from_everywhere_takes_bounded_memory_and_loses_no_count() {
        let tally = Tally::default();
        for n in 0..10_000_u32 {
            tally.count("open", "used", IpAddr::from(Ipv4Addr::from(n << 8)), Timestamp(0));
        }
        let rows = tally.take_all();
        assert!(rows.len() <= ROWS + 1);
        assert_eq!(rows.iter().map(|(_, count)| count).sum::<u64>(), 10_000);
    }

    #[test]
    fn writing_often_does_not_make_more_rows_a_minute() {
        let tally = Tally::default();
        let mut written = HashSet::new();
        for n in 0..10_000_u32 {
            tally.count("open", "used", IpAddr::from(Ipv4Addr::from(n << 8)), Timestamp(0));
            if n % 1_000 == 0 {
                written.extend(tally.take_all().into_iter().map(|(row, _)| row));
            }
        }
        written.extend(tally.take_all().into_iter().map(|(row, _)| row));
        assert_eq!(written.len(), ROWS + 1);
        tally.count("open", "used", IpAddr::from([203, 0, 113, 1]), Timestamp(60_000));
        assert_ne!(tally.take_all()[0].0.network, ELSEWHERE, "the next minute begins anew");
    }

    #[test]
    fn counts_that_cannot_be_written_for_long_take_bounded_memory() {
        let tally = Tally::default();
        for minute in 0..10_i64 {
            for n in 0..4_000_u32 {
                tally.count("open", "used", IpAddr::from(Ipv4Addr::from(n << 8)), Timestamp(minute * 60_000));
            }
            let failed = tally.take_all();
            tally.count("open", "used", IpAddr::from([203, 0, 113, 1]), Timestamp(minute * 60_000));
            tally.put_back(failed);
        }
        let rows = tally.take_all();
        assert!(rows.len() <= ROWS + 10, "{}", rows.len());
        assert_eq!(rows.iter().map(|(_, count)| count).sum::<u64>(), 40_010);
    }
}
