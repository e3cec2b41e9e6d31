//! Refusals of unknown callers, counted per kind, network and minute: what comes beyond the rows of a minute is counted
//! without its network.

use std::net::IpAddr;

use aside_base::Timestamp;
use aside_desk_domain::{RefusalCount, RefusalKind, RefusalMinute};
use aside_web::Counted;

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Tally(aside_web::Tally<Row>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Row(RefusalMinute);

impl Counted for Row {
    fn minute(&self) -> i64 {
        self.0.minute
    }

    fn forget_network(&mut self) {
        self.0.from = None;
    }
}

impl Tally {
    /// One more.
    pub(crate) fn count(&self, kind: RefusalKind, from: IpAddr, now: Timestamp) {
        self.count_row(RefusalMinute::of(kind, from, now));
    }

    /// One more in this row.
    pub(crate) fn count_row(&self, row: RefusalMinute) {
        self.0.count(Row(row));
    }

    /// Takes the counts of minutes that are over by `now`, to be written: each minute's once, as one entry each.
    pub(crate) fn take(&self, now: Timestamp) -> Vec<RefusalCount> {
        counts(self.0.take(now))
    }

    /// Takes all counts: the program stops.
    pub(crate) fn take_all(&self) -> Vec<RefusalCount> {
        counts(self.0.take_all())
    }

    /// Puts counts back that could not be written.
    pub(crate) fn put_back(&self, counts: Vec<RefusalCount>) {
        self.0.put_back(counts.into_iter().map(|counted| (Row(counted.row), counted.count.into())).collect());
    }
}

fn counts(rows: Vec<(Row, u64)>) -> Vec<RefusalCount> {
    let count = |(Row(row), count)| RefusalCount { row, count: u32::try_from(count).unwrap_or(u32::MAX) };
    rows.into_iter().map(count).collect()
}

#[cfg(test)]
mod tests {
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
    fn beyond_a_minute_s_rows_the_network_is_forgotten_and_nothing_else() {
        let tally = Tally::default();
        for network in 0..=255 {
            tally.count(RefusalKind::Rate, IpAddr::from([203, 0, network, 1]), Timestamp(0));
        }
        let elsewhere: Vec<_> = tally.take_all().into_iter().filter(|counted| counted.row.from.is_none()).collect();
        assert_eq!(elsewhere.len(), 1);
        assert_eq!((elsewhere[0].row.kind, elsewhere[0].count), (RefusalKind::Rate, 128));
    }
}
