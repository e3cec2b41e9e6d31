//! Whether the rate stays when the vault fills up: two houses, one nearly empty and one full, measured in turns in one run.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use aside_base::{Clock, Rng};
use serde::Serialize;
use tokio::process::Command;

use super::workplace::{Shift, Workplace};
use super::{BenchError, Load, TURNS, prepare};
use crate::house::{House, HouseError, Origins, Plan, Ports, Programs};
use crate::journey::{Agent, Setting};

/// What the full house is held against.
const FEW: u64 = 10_000;

/// Both rates.
#[derive(Debug, Serialize)]
pub struct RowsReport {
    /// Beside ten thousand stored submissions.
    pub few: Filled,
    /// Beside as many as were asked for.
    pub many: Filled,
    /// The second rate over the first; at least 0.9 is wanted.
    pub ratio: f64,
    /// Clients in each house.
    pub clients: usize,
}

/// What was measured in one house.
#[derive(Debug, Serialize)]
pub struct Filled {
    /// Submissions that were stored before.
    pub rows: u64,
    /// Size of the vault's folder, in MiB.
    pub disk_mib: f64,
    /// Lifecycles a second.
    pub lifecycles_per_s: f64,
    /// CPU time of both programs for one.
    pub cpu_ms_per_lifecycle: f64,
    /// Lifecycles that broke off.
    pub errors: u64,
}

impl Filled {
    fn of(rows: u64, folder: &Path, shift: &Shift) -> Self {
        let cpu = (shift.cpu.desk + shift.cpu.vault).as_secs_f64() * 1000.0;
        Self {
            rows,
            disk_mib: size_of(folder) as f64 / f64::from(1 << 20),
            lifecycles_per_s: shift.per_second(),
            cpu_ms_per_lifecycle: cpu / shift.measured.lifecycles.max(1) as f64,
            errors: shift.measured.errors,
        }
    }
}

impl RowsReport {
    /// Whether there is a figure to rely on.
    #[must_use]
    pub fn is_good(&self) -> bool {
        [&self.few, &self.many].iter().all(|filled| filled.errors == 0 && filled.lifecycles_per_s > 0.0)
    }
}

impl fmt::Display for RowsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Filled { rows, disk_mib, lifecycles_per_s, cpu_ms_per_lifecycle, errors } in [&self.few, &self.many] {
            writeln!(
                f,
                "{rows:>9} stored ({disk_mib:.0} MiB): {lifecycles_per_s:.1} lifecycles/s, {cpu_ms_per_lifecycle:.3} ms of CPU each, \
                 {errors} errors"
            )?;
        }
        write!(f, "the full house over the other: {:.2} (wanted: at least 0.9)", self.ratio)
    }
}

/// Fills two houses in `folder` and measures them in turns.
///
/// # Errors
/// When a house cannot be built or filled.
pub async fn compare(
    folder: &Path,
    programs: Programs,
    rows: u64,
    load: Load,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
) -> Result<RowsReport, BenchError> {
    let fill = programs.vault.with_file_name("aside-fill");
    if !fill.is_file() {
        return Err(BenchError::NoFill(fill));
    }
    let ports = Ports::free(&*rng).ok_or(BenchError::NoPorts)?;
    let setting = Setting { origins: Origins::of(&ports), clock, rng };
    let mut houses = Vec::with_capacity(2);
    for (name, rows) in [("few", FEW), ("many", rows)] {
        houses.push((rows, filled(&folder.join(name), &programs, rows, &fill, load.clients, &setting).await?));
    }
    let mut places = Vec::with_capacity(2);
    for (rows, (plan, house)) in houses {
        let setting = Setting { origins: house.origins.clone(), ..setting.clone() };
        let workplace = Workplace::open(&plan, &house, &setting, load.clients).await?;
        places.push((rows, house.folders.vault(), workplace, Shift::default()));
    }
    // The first turn warms both up and does not count.
    for turn in 0..=TURNS {
        for (_, _, workplace, shift) in &mut places {
            let walked = workplace.work(load.span / TURNS).await?;
            if turn > 0 {
                shift.add(walked);
            }
        }
    }
    let mut measured = Vec::with_capacity(2);
    for (rows, folder, workplace, shift) in places {
        measured.push(Filled::of(rows, &folder, &shift));
        workplace.close().await?;
    }
    let (Some(many), Some(few)) = (measured.pop(), measured.pop()) else { return Err(BenchError::Gone) };
    let ratio = many.lifecycles_per_s / few.lifecycles_per_s;
    Ok(RowsReport { few, many, ratio, clients: load.clients })
}

/// A house whose people have signed in once, so that the vault knows its site and has a key for it, with `rows` stored.
async fn filled(
    folder: &Path,
    programs: &Programs,
    rows: u64,
    fill: &Path,
    clients: usize,
    setting: &Setting,
) -> Result<(Plan, House), BenchError> {
    let (plan, house) = prepare(folder, programs.clone(), clients, setting).await?;
    let running = house.start().await?;
    let at_home = Setting { origins: house.origins.clone(), ..setting.clone() };
    for account in &house.accounts {
        Agent::at_work(&at_home, account).await?;
    }
    running.stop().await.map_err(HouseError::from)?;
    let database = house.folders.vault().join("vault.sqlite");
    let site = plan.sites.first().map(|site| site.site.to_string()).ok_or(BenchError::Gone)?;
    let status = Command::new(fill)
        .arg("--database")
        .arg(database)
        .args(["--site", &site, "--rows", &rows.to_string()])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await?;
    if status.success() { Ok((plan, house)) } else { Err(BenchError::NoFill(PathBuf::from(fill))) }
}

/// Bytes of the files in `folder`.
fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|found| found.len()).sum()
}
