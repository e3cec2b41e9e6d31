//! What the tour has left on disk: nothing sensitive on the desk's side, nothing in clear on the vault's, an audit in both.

use tokio::process::Command;

use super::report::Notes;
use crate::house::{House, Launch};
use crate::leak::{Mark, search};

pub(super) async fn look(house: &House, marks: &[Mark], stopped: bool, notes: &mut Notes<'_>) {
    notes.step("What is left on disk");
    notes.check("both programs stop when asked", stopped);
    for (name, folder) in [
        ("the desk's database", house.folders.desk()),
        ("both programs' logs", house.folders.logs()),
        ("the vault's database", house.folders.vault()),
        ("the vault's key folder", house.folders.vault_key()),
    ] {
        let findings = search(&folder, marks);
        let clean = matches!(&findings, Ok(found) if found.is_empty());
        let detail = findings.ok().and_then(|found| found.first().map(|found| format!(": {}", found.mark)));
        notes.check(&format!("nothing sensitive in {name}{}", detail.unwrap_or_default()), clean);
    }
    for (program, wanted) in [(house.vault(), &["view", "reveal", "submit"][..]), (house.desk(), &["login", "send"])] {
        let rows = audit(&program).await;
        for what in wanted {
            let there = rows.as_ref().is_some_and(|rows| rows.lines().any(|row| row.contains(what)));
            notes.check(&format!("the audit of {} tells of a {what}", program.name), there);
        }
        let clean = rows.is_some_and(|rows| marks.iter().all(|mark| !mark.lies_in(rows.as_bytes())));
        notes.check(&format!("and holds nothing sensitive ({})", program.name), clean);
    }
}

/// The audit rows of a program, one JSON line each.
async fn audit(program: &Launch) -> Option<String> {
    let output =
        Command::new(&program.path).arg("audit").arg("--config").arg(&program.config).kill_on_drop(true).output().await;
    let output = output.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
