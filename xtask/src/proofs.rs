//! The proofs at length: the model, the simulation and the fuzz targets. `cargo xtask test` runs each of them short.

use std::process::{Command, Stdio};

use crate::step::{Problem, command};
use crate::tree::{build_folder, root};

/// The tool that links a target to libFuzzer and lets coverage guide it.
const INSTALL: &str = "cargo install cargo-fuzz --version 0.13.2 --locked";

/// Walks through every scenario of the model.
pub(crate) fn model(deep: bool, words: &[String]) -> Result<(), Problem> {
    let mut arguments = vec!["run", "--quiet", "--package", "aside-model", "--"];
    arguments.extend(deep.then_some("--deep"));
    arguments.extend(words.iter().map(String::as_str));
    command(&root(), "cargo", &arguments)
}

/// Plays random lists of operations over both zones.
pub(crate) fn simulate(lists: u32, longest: u32) -> Result<(), Problem> {
    let (lists, longest) = (lists.to_string(), longest.to_string());
    let program = ["run", "--quiet", "--package", "aside-simulation", "--"];
    command(&root(), "cargo", &[program.as_slice(), &["--lists", &lists, "--longest", &longest]].concat())
}

/// Runs one target, or all one after the other, guided by coverage.
pub(crate) fn fuzz(seconds: u32, target: Option<&str>) -> Result<(), Problem> {
    let installed =
        Command::new("cargo").args(["fuzz", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !installed.is_ok_and(|status| status.success()) {
        return Err(format!("cargo-fuzz is not on this machine. Install it with\n\n  {INSTALL}"));
    }
    let known = targets()?;
    let chosen: Vec<&String> = known.iter().filter(|name| target.is_none_or(|target| target == *name)).collect();
    if chosen.is_empty() {
        return Err(format!("there is no such target; there are: {}", known.join(", ")));
    }
    for name in chosen {
        println!("\n{name}: {seconds} s");
        guided(name, seconds)?;
    }
    Ok(())
}

/// What it finds new is kept beside the build, not in the tree: `fuzz/corpus` grows by hand.
fn guided(name: &str, seconds: u32) -> Result<(), Problem> {
    let build = build_folder().join("fuzz");
    let found = build.join("corpus").join(name);
    std::fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
    let status = Command::new("cargo")
        .args(["fuzz", "run", "--features", "guided", "--target-dir"])
        .arg(&build)
        .arg(name)
        .arg(&found)
        .arg(root().join("fuzz").join("corpus").join(name))
        .args(["--", &format!("-max_total_time={seconds}"), "-max_len=8192", "-print_final_stats=1"])
        // libFuzzer needs two flags of the compiler that the stable one keeps for itself.
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root())
        .status()
        .map_err(|error| format!("cargo fuzz could not be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{name}: found something; the input is in fuzz/artifacts/{name}"))
    }
}

fn targets() -> Result<Vec<String>, Problem> {
    let folder = root().join("fuzz").join("fuzz_targets");
    let files = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> =
        files.filter_map(|file| Some(file.ok()?.path().file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    Ok(names)
}
