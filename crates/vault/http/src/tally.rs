//! Counts refusals that nobody in particular caused: per kind, network and minute, in memory until the sweeper writes them.
//! A flood costs one row a minute and network, not one a request; it cannot fill the disk.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use aside_base::Timestamp;
use aside_web::AddressPrefix;

/// The most rows kept between two writes. What comes beyond is counted under [`ELSEWHERE`], so that memory is bounded too.
const ROWS: usize = 4096;
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
pub(crate) struct Tally(Mutex<HashMap<Row, u64>>);

impl Tally {
    /// One more.
    pub(crate) fn count(&self, act: &'static str, reason: &'static str, address: IpAddr, now: Timestamp) {
        let minute = now.0.div_euclid(60_000);
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut row = Row { act, reason, network: AddressPrefix::of(address).to_string(), minute };
        if rows.len() >= ROWS && !rows.contains_key(&row) {
            row.network = ELSEWHERE.to_owned();
        }
        *rows.entry(row).or_insert(0) += 1;
    }

    /// Takes all counts, to be written.
    pub(crate) fn take(&self) -> Vec<(Row, u64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }

    /// Puts counts back that could not be written.
    pub(crate) fn put_back(&self, counts: Vec<(Row, u64)>) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (row, count) in counts {
            *rows.entry(row).or_insert(0) += count;
        }
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
        let mut counts: Vec<u64> = tally.take().into_iter().map(|(_, count)| count).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 200]);
        assert!(tally.take().is_empty());
    }

    #[test]
    fn a_flood_from_everywhere_takes_bounded_memory_and_loses_no_count() {
        let tally = Tally::default();
        for n in 0..10_000_u32 {
            tally.count("open", "used", IpAddr::from(Ipv4Addr::from(n << 8)), Timestamp(0));
        }
        let rows = tally.take();
        assert!(rows.len() <= ROWS + 1);
        assert_eq!(rows.iter().map(|(_, count)| count).sum::<u64>(), 10_000);
    }
}
