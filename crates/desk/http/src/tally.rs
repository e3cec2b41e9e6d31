//! Counts refusals of unknown callers per kind, network and minute, in memory until they are written together: a flood costs
//! the disk one row a minute and network, so many networks a minute at most, and the store one write every few seconds, not
//! one a request.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aside_base::Timestamp;
use aside_desk_domain::{RefusalCount, RefusalKind, RefusalMinute};

/// The most networks told apart in a minute, and the most rows that wait to be written. What comes beyond is counted without
/// its network: whoever has a million networks gets no million rows.
const ROWS: usize = 128;

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    waiting: HashMap<RefusalMinute, u32>,
    minute: i64,
    /// The rows of the minute, those that were written included.
    told_apart: HashSet<RefusalMinute>,
}

impl Tally {
    /// One more.
    pub(crate) fn count(&self, kind: RefusalKind, from: IpAddr, now: Timestamp) {
        self.count_row(RefusalMinute::of(kind, from, now));
    }

    /// One more in this row.
    pub(crate) fn count_row(&self, row: RefusalMinute) {
        self.lock().add(RefusalCount { row, count: 1 });
    }

    /// Takes the counts of minutes that are over by `now`, to be written: each minute's once, as one entry each.
    pub(crate) fn take(&self, now: Timestamp) -> Vec<RefusalCount> {
        let minute = now.0.div_euclid(60_000);
        let over = self.lock().waiting.extract_if(|row, _| row.minute < minute).collect::<Vec<_>>();
        over.into_iter().map(|(row, count)| RefusalCount { row, count }).collect()
    }

    /// Takes all counts: the program stops.
    pub(crate) fn take_all(&self) -> Vec<RefusalCount> {
        self.lock().waiting.drain().map(|(row, count)| RefusalCount { row, count }).collect()
    }

    /// Puts counts back that could not be written.
    pub(crate) fn put_back(&self, counts: Vec<RefusalCount>) {
        let mut all = self.lock();
        for count in counts {
            all.add(count);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // A panic while counting leaves a count, not a broken one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn add(&mut self, RefusalCount { mut row, count }: RefusalCount) {
        if row.minute > self.minute {
            self.minute = row.minute;
            self.told_apart.clear();
        }
        let current = row.minute == self.minute;
        let crowded = current && self.told_apart.len() >= ROWS && !self.told_apart.contains(&row);
        let full = self.waiting.len() >= ROWS && !self.waiting.contains_key(&row);
        if crowded || full {
            row.from = None;
        } else if current {
            self.told_apart.insert(row);
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
    fn refusals_of_one_network_and_minute_are_counted_together() {
        let tally = Tally::default();
        for last in 0..200 {
            tally.count(RefusalKind::Session, IpAddr::from([192, 0, 2, last]), Timestamp(60_000));
        }
        tally.count(RefusalKind::Session, IpAddr::from([192, 0, 2, 1]), Timestamp(120_000));
        let taken = tally.take_all();
        assert!(tally.take_all().is_empty());
        tally.put_back(taken);
        let mut counts: Vec<u32> = tally.take_all().into_iter().map(|counted| counted.count).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 200]);
    }

    #[test]
    fn a_flood_from_everywhere_takes_bounded_memory_and_loses_no_count() {
        let tally = Tally::default();
        for network in 0..10_000_u32 {
            tally.count(RefusalKind::Rate, IpAddr::from(Ipv4Addr::from(network << 8)), Timestamp(0));
        }
        let taken = tally.take_all();
        assert!(taken.len() <= ROWS + 1);
        assert_eq!(taken.iter().map(|counted| counted.count).sum::<u32>(), 10_000);
    }

    #[test]
    fn writing_often_does_not_make_more_rows_a_minute() {
        let tally = Tally::default();
        let mut written = HashSet::new();
        for network in 0..10_000_u32 {
            tally.count(RefusalKind::Rate, IpAddr::from(Ipv4Addr::from(network << 8)), Timestamp(0));
            if network % 1_000 == 0 {
                written.extend(tally.take_all().into_iter().map(|counted| counted.row));
            }
        }
        written.extend(tally.take_all().into_iter().map(|counted| counted.row));
        assert_eq!(written.len(), ROWS + 1);
        tally.count(RefusalKind::Rate, IpAddr::from([203, 0, 113, 1]), Timestamp(60_000));
        assert!(tally.take_all()[0].row.from.is_some(), "the next minute begins anew");
    }
}
