//! What the tour has left on disk: nothing sensitive on the desk's side, nothing in clear on the vault's, an audit in both.

use serde_json::Value;
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
    for (program, done, refused) in [
        (
            house.vault(),
            &[
                "viewer_enrolled",
                "invited",
                "opened",
                "submitted",
                "granted",
                "viewed",
                "revealed",
                "conversation_closed",
            ][..],
            &["granted", "viewed"][..],
        ),
        (house.desk(), &["login", "send_invitation", "view_answers", "close_conversation"], &["login", "view_answers"]),
    ] {
        let rows = audit(&program).await.unwrap_or_default();
        let told = |what: &str, done: bool| {
            rows.iter().any(|row| row["what"] == what && (row["result"] == "done") == done && !row["who"].is_null())
        };
        for what in done {
            notes.check(&format!("the audit of {} tells of {what}", program.name), told(what, true));
        }
        for what in refused {
            notes.check(&format!("the audit of {} tells of a refused {what}", program.name), told(what, false));
        }
        let text = rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let clean = !rows.is_empty() && marks.iter().all(|mark| !mark.lies_in(text.as_bytes()));
        notes.check(&format!("the audit of {} holds nothing sensitive", program.name), clean);
    }
}

/// The audit rows of a program.
async fn audit(program: &Launch) -> Option<Vec<Value>> {
    let output =
        Command::new(&program.path).arg("audit").arg("--config").arg(&program.config).kill_on_drop(true).output().await;
    let output = output.ok()?;
    let rows = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    output.status.success().then(|| rows.map(serde_json::from_slice).collect::<Result<_, _>>().ok())?
}
