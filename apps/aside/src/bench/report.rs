//! The bench's figures, as one JSON object and as a few lines for people.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::Load;
use super::lifecycle::{Measured, STEPS, Times};
use crate::house::Limits;

/// What was measured. What nothing measures yet is `null`, so that readers can rely on every field.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whole lifecycles a second.
    pub lifecycles_per_s: f64,
    /// Milliseconds of each step.
    pub steps: BTreeMap<&'static str, Percentiles>,
    /// What the machine and the web stack give without any work.
    pub floor: Floor,
    /// Lifecycles that broke off.
    pub errors: u64,
    /// CPU time of both programs for a lifecycle.
    pub cpu_ms_per_lifecycle: Option<f64>,
    /// Memory of both programs at the end.
    pub rss_mib: Option<f64>,
    /// The work over its floor.
    pub ratio: Ratio,
    /// Limits that were raised for the measurement, as they were set.
    pub raised_limits: BTreeMap<&'static str, u32>,
    /// The load.
    pub clients: usize,
    /// How long it was measured.
    pub seconds: f64,
    /// The first error, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_error: Option<String>,
    #[serde(skip)]
    told: Percentiles,
}

/// The middle and the slow end, in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Percentiles {
    /// Half of all took at most this.
    pub p50: Option<f64>,
    /// 99 of 100 took at most this.
    pub p99: Option<f64>,
}

/// The same machine, doing nothing or doing one thing.
#[derive(Debug, Serialize)]
pub struct Floor {
    /// Empty POSTs that the web stack answers in a second.
    pub echo_per_s: f64,
    /// Seal-and-store pairs in a second.
    pub pairs_per_s: Option<f64>,
    /// CPU time of one such pair.
    pub cpu_ms_per_pair: Option<f64>,
    /// Syncs of the disk in a second.
    pub fdatasync_per_s: Option<f64>,
}

/// The work over its floor.
#[derive(Debug, Serialize)]
pub struct Ratio {
    /// CPU time over that of a pair.
    pub cpu_to_pair: Option<f64>,
    /// Rate over that of pairs.
    pub rate_to_pairs: Option<f64>,
}

impl Report {
    pub(super) fn new(load: Load, took: Duration, measured: &Measured, echo_per_s: f64, raised: &Limits) -> Self {
        let percentiles = |times: &Times| Percentiles { p50: times.milliseconds(0.5), p99: times.milliseconds(0.99) };
        let usual = Limits::default();
        let raised_limits = [
            ("public_posts_per_minute", raised.public_posts_per_minute, usual.public_posts_per_minute),
            ("logins_per_minute", raised.logins_per_minute, usual.logins_per_minute),
            ("messages_per_minute", raised.messages_per_minute, usual.messages_per_minute),
        ];
        Self {
            lifecycles_per_s: measured.lifecycles as f64 / took.as_secs_f64(),
            steps: STEPS.into_iter().zip(measured.steps.iter().map(percentiles)).collect(),
            floor: Floor { echo_per_s, pairs_per_s: None, cpu_ms_per_pair: None, fdatasync_per_s: None },
            errors: measured.errors,
            cpu_ms_per_lifecycle: None,
            rss_mib: None,
            ratio: Ratio { cpu_to_pair: None, rate_to_pairs: None },
            raised_limits: raised_limits
                .into_iter()
                .filter(|(_, now, usual)| now > usual)
                .map(|(name, now, _)| (name, now))
                .collect(),
            clients: load.clients,
            seconds: took.as_secs_f64(),
            first_error: measured.first_error.clone(),
            told: percentiles(&measured.told),
        }
    }

    /// Whether there is a figure to rely on: some lifecycles, and none that broke off.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.errors == 0 && self.lifecycles_per_s > 0.0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:.1} lifecycles/s with {} clients over {:.1} s",
            self.lifecycles_per_s, self.clients, self.seconds
        )?;
        let told = [("told", self.told)];
        for (name, times) in STEPS.iter().filter_map(|step| Some((*step, *self.steps.get(step)?))).chain(told) {
            if let Percentiles { p50: Some(p50), p99: Some(p99) } = times {
                writeln!(f, "  {name:<7} p50 {p50:8.2} ms   p99 {p99:8.2} ms")?;
            }
        }
        writeln!(f, "floor: {:.0} empty POSTs/s through the same web stack", self.floor.echo_per_s)?;
        let raised: Vec<String> = self.raised_limits.iter().map(|(name, now)| format!("{name} = {now}")).collect();
        writeln!(f, "limits raised for this run: {}", raised.join(", "))?;
        write!(f, "errors: {}", self.errors)?;
        match &self.first_error {
            Some(error) => write!(f, ", the first: {error}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_measured_yet_is_null_and_present() {
        let load = Load { span: Duration::from_secs(1), clients: 1 };
        let report = Report::new(load, load.span, &Measured::default(), 1.0, &super::super::RAISED);
        let json = serde_json::to_value(&report).unwrap();
        for field in ["cpu_ms_per_lifecycle", "rss_mib"] {
            assert!(json.as_object().unwrap().contains_key(field) && json[field].is_null(), "{field}");
        }
        for (part, field) in [
            ("floor", "pairs_per_s"),
            ("floor", "cpu_ms_per_pair"),
            ("floor", "fdatasync_per_s"),
            ("ratio", "cpu_to_pair"),
            ("ratio", "rate_to_pairs"),
        ] {
            assert!(json[part].as_object().unwrap().contains_key(field) && json[part][field].is_null(), "{field}");
        }
        assert!(json["steps"]["send"].as_object().unwrap().contains_key("p99"));
        assert_eq!(json["raised_limits"]["public_posts_per_minute"], 10_000_000);
        assert!(!report.is_good());
    }
}
