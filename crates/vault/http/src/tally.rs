//! Refusals that nobody in particular caused, counted per kind, network and minute: what comes beyond the rows of a minute is
//! counted as from [`ELSEWHERE`].

use std::net::IpAddr;

use aside_base::Timestamp;
use aside_web::{AddressPrefix, Counted};

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

impl Row {
    fn of(act: &'static str, reason: &'static str, address: IpAddr, now: Timestamp) -> Self {
        Self { act, reason, network: AddressPrefix::of(address).to_string(), minute: now.0.div_euclid(60_000) }
    }
}

impl Counted for Row {
    fn minute(&self) -> i64 {
        self.minute
    }

    fn forget_network(&mut self) {
        self.network = ELSEWHERE.to_owned();
    }
}

/// Counts that are not written yet.
#[derive(Default)]
pub(crate) struct Tally(aside_web::Tally<Row>);

impl Tally {
    /// One more.
    pub(crate) fn count(&self, act: &'static str, reason: &'static str, address: IpAddr, now: Timestamp) {
        self.0.count(Row::of(act, reason, address, now));
    }

    /// Takes the counts of minutes that are over by `now`, to be written: each minute's once, as one entry each.
    pub(crate) fn take(&self, now: Timestamp) -> Vec<(Row, u64)> {
        self.0.take(now)
    }

    /// Takes all counts: the program stops.
    pub(crate) fn take_all(&self) -> Vec<(Row, u64)> {
        self.0.take_all()
    }

    /// Puts counts back that could not be written.
    pub(crate) fn put_back(&self, counts: Vec<(Row, u64)>) {
        self.0.put_back(counts);
    }
}

#[cfg(test)]
mod tests {
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
    fn beyond_a_minute_s_rows_the_network_is_forgotten_and_nothing_else() {
        let tally = Tally::default();
        for network in 0..=255 {
            tally.count("open", "used", IpAddr::from([203, 0, network, 1]), Timestamp(0));
        }
        let elsewhere: Vec<_> = tally.take_all().into_iter().filter(|(row, _)| row.network == ELSEWHERE).collect();
        let row = Row { act: "open", reason: "used", network: ELSEWHERE.to_owned(), minute: 0 };
        assert_eq!(elsewhere, [(row, 128)]);
    }
}
