//! What is generated and committed: the zones' OpenAPI documents, and the types that the faces take from the desk's.

use std::path::Path;
use std::process::Command;

use crate::step::{Problem, command};
use crate::tree::{program, root};

/// What to do about a stale file.
const STALE: &str = "Run `cargo xtask update` and commit what it changes.";

/// Regenerates; with `check` compares only.
pub(crate) fn run(check: bool) -> Result<(), Problem> {
    command(&root(), "cargo", &["build", "--quiet", "--package", "aside-desk", "--package", "aside-vault"])?;
    for (zone, document) in [("aside-desk", "docs/openapi/desk.json"), ("aside-vault", "docs/openapi/vault.json")] {
        let output = Command::new(program(zone))
            .arg("openapi")
            .output()
            .map_err(|error| format!("{zone} could not be started: {error}"))?;
        if !output.status.success() {
            return Err(format!("`{zone} openapi` ended with {}", output.status));
        }
        settle(&root().join(document), &output.stdout, check)?;
    }

    // The package's own script, so that both ways of making the types make the same ones.
    let script: &[&str] =
        if check { &["run", "--silent", "api", "--", "--check"] } else { &["run", "--silent", "api"] };
    command(&root().join("web"), "npm", script)
        .map_err(|problem| if check { format!("web/api/desk.d.ts: {problem}\n{STALE}") } else { problem })
}

fn settle(path: &Path, fresh: &[u8], check: bool) -> Result<(), Problem> {
    let same = std::fs::read(path).is_ok_and(|committed| committed == fresh);
    if same {
        return Ok(());
    }
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    if check {
        return Err(format!("{name} is stale. {STALE}"));
    }
    let folder = path.parent().ok_or("no folder")?;
    std::fs::create_dir_all(folder).map_err(|error| format!("{name}: {error}"))?;
    std::fs::write(path, fresh).map_err(|error| format!("{name}: {error}"))?;
    println!("updated {name}");
    Ok(())
}
