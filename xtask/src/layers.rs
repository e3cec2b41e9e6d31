//! Holds the dependency graph against `layers.toml`: which room may use which, and which third-party crates have a door.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand};
use serde::Deserialize;

use crate::step::Problem;
use crate::tree::root;

/// The platform whose graph is judged: crates for other systems are never linked.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// `layers.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layers {
    /// For each of our crates: those of ours that it may depend on.
    rooms: BTreeMap<String, BTreeSet<String>>,
    /// For each guarded third-party crate: those of ours that may depend on it directly.
    doors: BTreeMap<String, BTreeSet<String>>,
    /// Programs and what may be nowhere in their tree.
    programs: BTreeMap<String, Program>,
    /// The rooms that may hold unsafe code: they list the workspace's lints themselves, and deny it but where they say why.
    unsafe_rooms: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    /// Beginnings of crate names that must not be linked.
    without: Vec<String>,
}

pub(crate) fn check() -> Result<(), Problem> {
    let path = root().join("layers.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("layers.toml: {error}"))?;
    let layers: Layers = toml::from_str(&text).map_err(|error| format!("layers.toml: {error}"))?;
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(["--filter-platform".to_owned(), PLATFORM.to_owned()])
        .exec()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let mut broken = edges(&layers, &metadata);
    broken.extend(trees(&layers)?);
    broken.extend(inherited_lints(&layers, &metadata)?);
    if broken.is_empty() {
        println!("layers: {} rooms, every arrow is allowed", layers.rooms.len());
        return Ok(());
    }
    Err(format!("{}\n\nMend the arrow, or say in layers.toml why it is right.", broken.join("\n")))
}

/// Direct edges: between our rooms, and through the guarded doors. Tests may reach further than the code they test.
fn edges(layers: &Layers, metadata: &Metadata) -> Vec<String> {
    let mut broken = Vec::new();
    let ours: BTreeSet<&str> = metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    for package in metadata.workspace_packages() {
        let name = package.name.as_str();
        let Some(allowed) = layers.rooms.get(name) else {
            broken.push(format!("{name}: not named in layers.toml"));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|edge| edge.kind != DependencyKind::Development) {
            let target = dependency.name.as_str();
            if ours.contains(target) {
                if !allowed.contains(target) {
                    broken.push(format!("{name} → {target}: not an allowed arrow"));
                }
            } else if let Some(rooms) = layers.doors.get(target)
                && !rooms.contains(name)
            {
                broken.push(format!("{name} → {target}: this room has no door to it"));
            }
        }
    }
    for room in layers.rooms.keys().filter(|room| !ours.contains(room.as_str())) {
        broken.push(format!("{room}: named in layers.toml, but there is no such crate"));
    }
    broken
}

/// Whole trees: what a program must not link, however indirectly. This is the PCI scope argument of the vault.
///
/// Asks `cargo tree`, because `cargo metadata` also names optional crates that nobody turned on.
fn trees(layers: &Layers) -> Result<Vec<String>, Problem> {
    let mut broken = Vec::new();
    for (program, rule) in &layers.programs {
        let output = Command::new("cargo")
            .args(["tree", "--package", program, "--edges", "normal", "--prefix", "none", "--format", "{p}"])
            .current_dir(root())
            .output()
            .map_err(|error| format!("cargo tree: {error}"))?;
        if !output.status.success() {
            return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
        }
        let tree = String::from_utf8_lossy(&output.stdout);
        let linked: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        if !linked.contains(program.as_str()) {
            return Err(format!("cargo tree did not show {program} itself"));
        }
        for name in linked.iter().filter(|name| *name != program) {
            if rule.without.iter().any(|beginning| name.starts_with(beginning.as_str())) {
                broken.push(format!("{program} links {name}, which must not be in its tree"));
            }
        }
    }
    Ok(broken)
}

/// Every crate takes the workspace's lints, so that `forbid(unsafe_code)` holds everywhere but in the rooms named for it,
/// which must deny it, so that each place of it says why.
fn inherited_lints(layers: &Layers, metadata: &Metadata) -> Result<Vec<String>, Problem> {
    #[derive(Deserialize)]
    struct Manifest {
        lints: Option<Lints>,
    }
    #[derive(Deserialize)]
    struct Lints {
        workspace: Option<bool>,
        rust: Option<BTreeMap<String, toml::Value>>,
    }
    let mut broken = Vec::new();
    for package in metadata.workspace_packages() {
        let text = std::fs::read_to_string(&package.manifest_path).map_err(|error| error.to_string())?;
        let manifest: Manifest = toml::from_str(&text).map_err(|error| error.to_string())?;
        if layers.unsafe_rooms.contains(package.name.as_str()) {
            let rust = manifest.lints.and_then(|lints| lints.rust).unwrap_or_default();
            if rust.get("unsafe_code").and_then(toml::Value::as_str) != Some("deny") {
                broken.push(format!("{}: unsafe_code = \"deny\" is missing", package.name));
            }
        } else if manifest.lints.and_then(|lints| lints.workspace) != Some(true) {
            broken.push(format!("{}: [lints] workspace = true is missing", package.name));
        }
    }
    Ok(broken)
}
