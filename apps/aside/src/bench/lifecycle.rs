//! One client of the bench: an agent and a visitor who send, open, submit, grant and view, over and over.

#![expect(clippy::disallowed_methods, reason = "a measuring tool looks at the wall")]

use std::time::{Duration, Instant};

use aside_base::SiteId;
use aside_wire::Channel;
use hdrhistogram::Histogram;

use crate::journey::{Agent, Feed, JourneyError, Setting, Visitor};

/// A published test number; nobody's card.
const CARD: [(&str, &str); 4] =
    [("name", "Ada Byron"), ("number", "4111111111111111"), ("expiry", "04/39"), ("cvv", "737")];

/// The steps of a lifecycle, in order.
pub(super) const STEPS: [&str; 5] = ["send", "open", "submit", "grant", "view"];

/// What clients have measured.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// Lifecycles walked to their end.
    pub(super) lifecycles: u64,
    /// Lifecycles that broke off.
    pub(super) errors: u64,
    /// The first error, in words.
    pub(super) first_error: Option<String>,
    /// Microseconds of each of [`STEPS`].
    pub(super) steps: [Times; 5],
    /// Microseconds from the answer to *submit* until the feed tells it.
    pub(super) told: Times,
}

/// Times in microseconds.
#[derive(Debug, Default)]
pub(super) struct Times(Option<Histogram<u64>>);

impl Times {
    fn record(&mut self, span: Duration) {
        // Three digits, growing as needed: neither can be refused for values of this kind.
        if self.0.is_none() {
            self.0 = Histogram::new(3).ok();
        }
        if let Some(histogram) = &mut self.0 {
            // Not `saturating_record`: that one never grows, and calls every time the shortest.
            let _ = histogram.record(u64::try_from(span.as_micros()).unwrap_or(u64::MAX).max(1));
        }
    }

    fn add(&mut self, other: Self) {
        match (&mut self.0, other.0) {
            (Some(mine), Some(theirs)) => {
                // Both grow as needed, so adding cannot be refused.
                let _ = mine.add(theirs);
            }
            (None, theirs) => self.0 = theirs,
            (Some(_), None) => {}
        }
    }

    /// The time that this share of all was within, in milliseconds; nothing when nothing was measured.
    pub(super) fn milliseconds(&self, share: f64) -> Option<f64> {
        let micros = self.0.as_ref()?.value_at_quantile(share);
        Some(micros as f64 / 1000.0)
    }
}

impl Measured {
    pub(super) fn add(&mut self, other: Self) {
        self.lifecycles += other.lifecycles;
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
        for (mine, theirs) in self.steps.iter_mut().zip(other.steps) {
            mine.add(theirs);
        }
        self.told.add(other.told);
    }
}

/// An agent and a visitor in one conversation.
pub(super) struct Client {
    agent: Agent,
    visitor: Visitor,
    feed: Feed,
    conversation: String,
    form: String,
}

impl Client {
    pub(super) async fn at_work(setting: &Setting, mut agent: Agent, site: &SiteId) -> Result<Self, JourneyError> {
        let mut visitor = Visitor::visit(setting, site).await?;
        let conversation = visitor.say("Hello").await?;
        visitor.begin().await?;
        let feed = visitor.feed(None).await?;
        let form = agent.form("cardholder-data").await?.hash;
        Ok(Self { agent, visitor, feed, conversation, form })
    }

    pub(super) async fn walk_until(mut self, end: Instant) -> (Self, Measured) {
        let mut measured = Measured::default();
        while Instant::now() < end {
            match self.walk(&mut measured).await {
                Ok(()) => measured.lifecycles += 1,
                Err(error) => {
                    measured.errors += 1;
                    measured.first_error.get_or_insert_with(|| match error.kind() {
                        Some(kind) => format!("{error} ({kind})"),
                        None => error.to_string(),
                    });
                    // A house that refuses everything must not be asked in a tight loop.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        (self, measured)
    }

    async fn walk(&mut self, measured: &mut Measured) -> Result<(), JourneyError> {
        let [send, open, submit, grant, view] = &mut measured.steps;

        let start = Instant::now();
        let sent = self.agent.invite(&self.conversation, &self.form, Channel::Web).await?;
        send.record(start.elapsed());

        let start = Instant::now();
        let key = self.visitor.click(&sent.invitation).await?;
        let page = self.visitor.load(&key).await?;
        open.record(start.elapsed());

        let start = Instant::now();
        self.visitor.submit(&page, &CARD).await?;
        submit.record(start.elapsed());

        let start = Instant::now();
        self.feed.status(&sent.invitation, "submitted").await?;
        measured.told.record(start.elapsed());

        let start = Instant::now();
        let granted = self.agent.grant(&sent.invitation).await?;
        grant.record(start.elapsed());

        let start = Instant::now();
        self.agent.look(&granted).await?;
        view.record(start.elapsed());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_out_as_they_went_in_alone_or_added_up() {
        let (mut times, mut others) = (Times::default(), Times::default());
        assert_eq!(times.milliseconds(0.5), None);
        for milliseconds in 1..=99 {
            times.record(Duration::from_millis(milliseconds));
            others.record(Duration::from_millis(milliseconds + 900));
        }
        assert!((times.milliseconds(0.5).unwrap() - 50.0).abs() < 0.1);
        times.add(others);
        assert!((times.milliseconds(0.99).unwrap() - 998.0).abs() < 1.0);
    }
}
