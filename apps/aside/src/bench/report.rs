//! The bench's figures, as one JSON object and as a few lines for people.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::Load;
use super::floor::Stay;
use super::lifecycle::{STEPS, Times};
use super::pair::BYTES;
use super::process::Memory;
use super::workplace::{Memories, Shift};
use crate::house::Limits;

/// What was measured.
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
    /// CPU time of both programs for a lifecycle; nothing when none was walked.
    pub cpu_ms_per_lifecycle: Option<f64>,
    /// The desk's share of it.
    pub desk_cpu_ms: Option<f64>,
    /// The vault's share of it.
    pub vault_cpu_ms: Option<f64>,
    /// Memory of both programs at the end of the load.
    pub rss_mib: f64,
    /// The desk's memory.
    pub desk_memory: InMemory,
    /// The vault's memory.
    pub vault_memory: InMemory,
    /// The work over its floor.
    pub ratio: Ratio,
    /// Limits that were raised for the measurement, as they were set.
    pub raised_limits: BTreeMap<&'static str, u32>,
    /// The load.
    pub clients: usize,
    /// How long lifecycles were measured.
    pub seconds: f64,
    /// The first error, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_error: Option<String>,
    #[serde(skip)]
    told: Percentiles,
}

/// What a program has in memory, in MiB.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct InMemory {
    /// A second after it started, before anybody came.
    pub idle_mib: f64,
    /// At the end of the load.
    pub loaded_mib: f64,
    /// At its fullest: while people signed in, whose passwords take memory by design.
    pub most_mib: f64,
}

impl InMemory {
    fn of(idle: Memory, loaded: Memory) -> Self {
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        Self { idle_mib: mib(idle.now), loaded_mib: mib(loaded.now), most_mib: mib(loaded.most) }
    }
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
    /// CPU time of the server for one of them.
    pub cpu_ms_per_echo: f64,
    /// Durable pairs of a put and the take of it in a second.
    pub pairs_per_s: f64,
    /// CPU time of the server for one such pair.
    pub cpu_ms_per_pair: f64,
    /// Syncs of the disk in a second, one after the other.
    pub fdatasync_per_s: f64,
}

/// The work over its floor.
#[derive(Debug, Serialize)]
pub struct Ratio {
    /// CPU time of a lifecycle over that of a pair; at most 10 is wanted.
    pub cpu_to_pair: Option<f64>,
    /// Lifecycles over pairs in the same time; at least 1/8 is wanted.
    pub rate_to_pairs: f64,
}

impl Report {
    pub(super) fn new(
        load: Load,
        shift: &Shift,
        idle: Memories,
        loaded: Memories,
        (echoes, pairs, fdatasync_per_s): (Stay, Stay, f64),
        raised: &Limits,
    ) -> Self {
        let Shift { measured, took, cpu } = shift;
        let percentiles = |times: &Times| Percentiles { p50: times.milliseconds(0.5), p99: times.milliseconds(0.99) };
        let usual = Limits::default();
        let raised_limits = [
            ("public_posts_per_minute", raised.public_posts_per_minute, usual.public_posts_per_minute),
            ("logins_per_minute", raised.logins_per_minute, usual.logins_per_minute),
            ("messages_per_minute", raised.messages_per_minute, usual.messages_per_minute),
        ];
        let walked = measured.lifecycles + measured.errors;
        let each = |cpu: Duration| (walked > 0).then(|| cpu.as_secs_f64() * 1000.0 / walked as f64);
        let floor = Floor {
            echo_per_s: echoes.per_second(),
            cpu_ms_per_echo: echoes.cpu_ms(),
            pairs_per_s: pairs.per_second(),
            cpu_ms_per_pair: pairs.cpu_ms(),
            fdatasync_per_s,
        };
        let both = each(cpu.desk + cpu.vault);
        let (desk_memory, vault_memory) =
            (InMemory::of(idle.desk, loaded.desk), InMemory::of(idle.vault, loaded.vault));
        Self {
            lifecycles_per_s: shift.per_second(),
            steps: STEPS.into_iter().zip(measured.steps.iter().map(percentiles)).collect(),
            errors: measured.errors,
            cpu_ms_per_lifecycle: both,
            desk_cpu_ms: each(cpu.desk),
            vault_cpu_ms: each(cpu.vault),
            rss_mib: desk_memory.loaded_mib + vault_memory.loaded_mib,
            desk_memory,
            vault_memory,
            ratio: Ratio {
                cpu_to_pair: both.map(|both| both / floor.cpu_ms_per_pair),
                rate_to_pairs: shift.per_second() / floor.pairs_per_s,
            },
            floor,
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
        let cpu = |cpu: Option<f64>| cpu.map_or("no".to_owned(), |ms| format!("{ms:.3} ms"));
        writeln!(
            f,
            "CPU: {} a lifecycle (desk {}, vault {})",
            cpu(self.cpu_ms_per_lifecycle),
            cpu(self.desk_cpu_ms),
            cpu(self.vault_cpu_ms)
        )?;
        for (name, memory) in [("desk", self.desk_memory), ("vault", self.vault_memory)] {
            let InMemory { idle_mib, loaded_mib, most_mib } = memory;
            writeln!(f, "memory, {name}: {idle_mib:.1} MiB idle, {loaded_mib:.1} loaded, {most_mib:.1} at most")?;
        }
        let floor = &self.floor;
        writeln!(
            f,
            "floor: {:.0} empty POSTs/s through the same web stack, {:.3} ms of CPU each",
            floor.echo_per_s, floor.cpu_ms_per_echo
        )?;
        writeln!(
            f,
            "floor: {:.0} durable pairs/s (put and take of {} bytes), {:.3} ms of CPU each",
            floor.pairs_per_s, BYTES, floor.cpu_ms_per_pair
        )?;
        writeln!(f, "floor: {:.0} fdatasync/s", floor.fdatasync_per_s)?;
        let times = self.ratio.cpu_to_pair.map_or("no".to_owned(), |ratio| format!("{ratio:.1}"));
        writeln!(f, "CPU of a lifecycle over a pair's: {times} (wanted: at most 10)")?;
        writeln!(f, "lifecycles over pairs: 1/{:.1} (wanted: at least 1/8)", 1.0 / self.ratio.rate_to_pairs)?;
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

    fn stay(rounds: u64, cpu_ms: u64) -> Stay {
        Stay { rounds, took: Duration::from_secs(1), cpu: Duration::from_millis(cpu_ms) }
    }

    fn report(shift: &Shift) -> Report {
        let load = Load { span: Duration::from_secs(2), clients: 1 };
        let memory = Memory { now: 8 << 20, most: 64 << 20 };
        let memories = Memories { desk: memory, vault: memory };
        let floors = (stay(40_000, 500), stay(10_000, 500), 2_000.0);
        Report::new(load, shift, memories, memories, floors, &super::super::RAISED)
    }

    #[test]
    fn the_ratios_are_of_what_was_measured_in_the_same_run() {
        let mut shift = Shift { took: Duration::from_secs(2), ..Shift::default() };
        shift.measured.lifecycles = 2_000;
        (shift.cpu.desk, shift.cpu.vault) = (Duration::from_millis(600), Duration::from_millis(400));
        let report = report(&shift);
        assert!(report.is_good());
        let json = serde_json::to_value(&report).unwrap();
        let close = |value: &serde_json::Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 1e-9;
        assert!(close(&json["cpu_ms_per_lifecycle"], 0.5), "{json}");
        assert!(close(&json["floor"]["cpu_ms_per_pair"], 0.05), "{json}");
        assert!(close(&json["ratio"]["cpu_to_pair"], 10.0), "{json}");
        assert!(close(&json["ratio"]["rate_to_pairs"], 0.1), "{json}");
        assert!(close(&json["rss_mib"], 16.0) && close(&json["desk_memory"]["most_mib"], 64.0), "{json}");
        assert_eq!(json["raised_limits"]["public_posts_per_minute"], 10_000_000);
        let text = report.to_string();
        assert!(text.contains("1/10.0") && text.contains("0.500 ms a lifecycle"), "{text}");
    }

    #[test]
    fn without_a_lifecycle_there_is_no_figure_of_one() {
        let report = report(&Shift { took: Duration::from_secs(2), ..Shift::default() });
        assert!(!report.is_good());
        let json = serde_json::to_value(&report).unwrap();
        assert!(json["cpu_ms_per_lifecycle"].is_null() && json["ratio"]["cpu_to_pair"].is_null());
        assert!(json["steps"]["send"].as_object().unwrap().contains_key("p99"));
    }
}
