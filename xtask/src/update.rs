//! What is generated and committed: the OpenAPI document, and the types that the faces take from it.

use std::path::Path;
use std::process::Command;

use crate::step::{Problem, command};
use crate::tree::{program, root};

/// Regenerates; with `check` compares only.
pub(crate) fn run(check: bool) -> Result<(), Problem> {
    command(&root(), "cargo", &["build", "--quiet", "--package", "aside-desk"])?;
    let output = Command::new(program("aside-desk"))
        .arg("openapi")
        .output()
        .map_err(|error| format!("aside-desk could not be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("`aside-desk openapi` ended with {}", output.status));
    }
    let document = root().join("docs/openapi/desk.json");
    settle(&document, &output.stdout, check)?;

    let types = root().join("web/api/desk.d.ts");
    let fresh = root().join("target/desk.d.ts");
    command(
        &root().join("web"),
        "npx",
        &["--no-install", "openapi-typescript", text(&document)?, "--output", text(&fresh)?],
    )?;
    let generated = std::fs::read(&fresh).map_err(|error| format!("{}: {error}", fresh.display()))?;
    settle(&types, &generated, check)
}

fn text(path: &Path) -> Result<&str, Problem> {
    path.to_str().ok_or_else(|| "the checkout's path is not UTF-8".to_owned())
}

fn settle(path: &Path, fresh: &[u8], check: bool) -> Result<(), Problem> {
    let same = std::fs::read(path).is_ok_and(|committed| committed == fresh);
    if same {
        return Ok(());
    }
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    if check {
        return Err(format!("{name} is stale. Run `cargo xtask update` and commit what it changes."));
    }
    let folder = path.parent().ok_or("no folder")?;
    std::fs::create_dir_all(folder).map_err(|error| format!("{name}: {error}"))?;
    std::fs::write(path, fresh).map_err(|error| format!("{name}: {error}"))?;
    println!("updated {name}");
    Ok(())
}
