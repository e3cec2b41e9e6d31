//! Counts refusals of unknown callers per kind, network and minute, in memory until they are written together: a flood costs
//! the disk one row a minute and network, and the store one write every few seconds, not one a request.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aside_base::Timestamp;
use aside_desk_domain::{RefusalCount, RefusalKind, RefusalMinute};

/// The most rows kept between two writes. What comes beyond is counted without its network, so that memory is bounded too.
const ROWS: usize = 4096;

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<HashMap<RefusalMinute, u32>>);

impl Tally {
    /// One more.
    pub(crate) fn count(&self, kind: RefusalKind, from: IpAddr, now: Timestamp) {
        self.add(RefusalCount { row: RefusalMinute::of(kind, from, now), count: 1 });
    }

    /// Takes all counts, to be written.
    pub(crate) fn take(&self) -> Vec<RefusalCount> {
        self.lock().drain().map(|(row, count)| RefusalCount { row, count }).collect()
    }

    /// Puts counts back that could not be written.
    pub(crate) fn put_back(&self, counts: Vec<RefusalCount>) {
        for count in counts {
            self.add(count);
        }
    }

    fn add(&self, RefusalCount { mut row, count }: RefusalCount) {
        let mut rows = self.lock();
        if rows.len() >= ROWS && !rows.contains_key(&row) {
            row.from = None;
        }
        let total = rows.entry(row).or_default();
        *total = total.saturating_add(count);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RefusalMinute, u32>> {
        // A panic while counting leaves a count, not a broken one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let taken = tally.take();
        assert!(tally.take().is_empty());
        tally.put_back(taken);
        let mut counts: Vec<u32> = tally.take().into_iter().map(|counted| counted.count).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 200]);
    }

    #[test]
    fn a_flood_from_everywhere_takes_bounded_memory_and_loses_no_count() {
        let tally = Tally::default();
        for network in 0..10_000_u32 {
            tally.count(RefusalKind::Rate, IpAddr::from(Ipv4Addr::from(network << 8)), Timestamp(0));
        }
        let taken = tally.take();
        assert!(taken.len() <= ROWS + 1);
        assert_eq!(taken.iter().map(|counted| counted.count).sum::<u32>(), 10_000);
    }
}
