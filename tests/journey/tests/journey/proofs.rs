//! The long proofs, for a short while: the leak hunt, that it can find something, and falls at random moments.

use std::sync::Arc;
use std::time::Duration;

use aside::crash::crash;
use aside::house::Programs;
use aside::leak_hunt::{self, Hunt, Report};
use aside_operate::{SystemClock, SystemRng, install_provider, own_program};

fn programs() -> Programs {
    install_provider();
    Programs::beside(&own_program().unwrap()).unwrap_or_else(|missing| panic!("{missing}"))
}

async fn hunt(plant: bool) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let hunt = Hunt { span: Duration::from_secs(4), plant };
    let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng::default()));
    leak_hunt::hunt(folder.path(), programs(), hunt, clock, rng).await.unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn answers_through_every_path_lie_in_no_file_and_no_memory() {
    let report = hunt(false).await;
    assert!(report.is_clean() && report.crashes > 0 && report.refusals() > 0, "{report}");
    assert!(report.memory.desk.searched > 1 << 20 && report.memory.vault.searched > 1 << 20, "{report}");
}

#[tokio::test]
async fn a_planted_leak_is_found_in_the_desk_s_files_and_memory() {
    let report = hunt(true).await;
    assert!(!report.is_clean());
    assert!(report.findings.iter().any(|found| found.file.to_string_lossy().contains("desk.sqlite")), "{report}");
    assert!(!report.memory.desk.findings.is_empty(), "{report}");
    assert!(report.memory.vault.findings.is_empty(), "{report}");
}

#[tokio::test]
async fn programs_that_fall_at_random_moments_keep_what_they_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng::default()));
    let report = crash(folder.path(), programs(), 4, clock, rng).await.unwrap_or_else(|error| panic!("{error}"));
    assert!(report.is_good() && report.replays() > 0, "{report}");
}
