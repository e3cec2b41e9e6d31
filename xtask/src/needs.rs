//! What must be on the machine, named all at once with the exact command, and installed where that is allowed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::Problem;

/// The oldest Node that the tools of the faces accept.
const NODE: (u32, u32) = (20, 19);

/// What adds rustfmt and clippy.
const RUST_TOOLS: &str = "rustup component add rustfmt clippy";

/// Where Debian puts its module.
const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// Something that must be on the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A C compiler, for SQLite and the cryptographic core.
    Compiler,
    /// Node and npm, for the faces.
    Node,
    /// Debian's Chromium, for the browser journeys.
    Chromium,
    /// SoftHSM2, the security module that the key provider is tried on.
    SecurityModule,
    /// rustfmt and clippy, which a minimal Rust leaves out.
    RustTools,
}

/// What `cargo xtask demo` needs.
pub(crate) const FOR_DEMO: &[Need] = &[Need::Compiler, Need::Node];
/// What `cargo xtask test` needs.
pub(crate) const FOR_TEST: &[Need] =
    &[Need::Compiler, Need::Node, Need::Chromium, Need::SecurityModule, Need::RustTools];

impl Need {
    fn is_met(self) -> bool {
        match self {
            Self::Compiler => answers("cc", "--version"),
            Self::Node => node_version().is_some_and(|version| version >= NODE) && answers("npm", "--version"),
            Self::Chromium => answers("chromium", "--version"),
            Self::SecurityModule => answers("softhsm2-util", "--version") && Path::new(SOFTHSM).exists(),
            Self::RustTools => answers("cargo-fmt", "--version") && answers("cargo-clippy", "--version"),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Compiler => "a C compiler (cc)",
            Self::Node => "Node 20.19 or newer, with npm",
            Self::Chromium => "Chromium",
            Self::SecurityModule => "SoftHSM2",
            Self::RustTools => "rustfmt and clippy",
        }
    }

    const fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Compiler => &["build-essential"],
            Self::Node => &["nodejs", "npm"],
            Self::Chromium => &["chromium", "fonts-dejavu-core"],
            Self::SecurityModule => &["softhsm2"],
            Self::RustTools => &[],
        }
    }
}

/// Checks `needs`; names everything missing in one message, or installs it when root or when `install` is given.
pub(crate) fn meet(needs: &[Need], install: bool) -> Result<(), Problem> {
    let missing: Vec<Need> = needs.iter().copied().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing.iter().map(|need| format!("  - {}", need.name())).collect();
    let commands = commands(&missing);
    println!("Missing on this machine:\n{}\n", names.join("\n"));
    if !install && !is_root() {
        let lines: Vec<_> = commands.iter().map(|line| format!("  {}", as_user(line))).collect();
        return Err(format!(
            "Install it with\n\n{}\n\nor run the same command again with --install, and it is done for you.",
            lines.join("\n")
        ));
    }
    for line in &commands {
        let line = if is_root() { line.clone() } else { as_user(line) };
        println!("Installing: {line}");
        let status = Command::new("sh").args(["-c", &line]).env("DEBIAN_FRONTEND", "noninteractive").status();
        if !status.is_ok_and(|status| status.success()) {
            return Err(format!("`{line}` failed. Run it by hand, then try again."));
        }
    }
    let still: Vec<_> = missing.iter().filter(|need| !need.is_met()).map(|need| need.name()).collect();
    if still.is_empty() { Ok(()) } else { Err(format!("Still missing after installing: {}.", still.join(", "))) }
}

/// The exact commands. Debian 12's own Node is older than the tools accept; the npm registry has newer ones.
fn commands(missing: &[Need]) -> Vec<String> {
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages().iter().copied()).collect();
    let mut lines = Vec::new();
    if !packages.is_empty() {
        lines.push("apt-get update".to_owned());
        lines.push(format!("apt-get install -y {}", packages.join(" ")));
    }
    if missing.contains(&Need::Node) {
        lines.push("npm install --global node@24".to_owned());
    }
    if missing.contains(&Need::RustTools) {
        lines.push(RUST_TOOLS.to_owned());
    }
    lines
}

/// A command as somebody who is not root runs it: Rust's own tools belong to the user, the rest to the machine.
fn as_user(line: &str) -> String {
    if line == RUST_TOOLS { line.to_owned() } else { format!("sudo {line}") }
}

fn answers(program: &str, argument: &str) -> bool {
    let silent = || Stdio::null();
    Command::new(program)
        .arg(argument)
        .stdin(silent())
        .stdout(silent())
        .stderr(silent())
        .status()
        .is_ok_and(|status| status.success())
}

fn node_version() -> Option<(u32, u32)> {
    let output = Command::new("node").arg("--version").output().ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().trim_start_matches('v').split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_version_is_compared_as_numbers() {
        assert_eq!(parse_version("v20.9.0\n"), Some((20, 9)));
        assert!(parse_version("v20.9.0") < Some(NODE));
        assert!(parse_version("v24.0.1") > Some(NODE));
        assert_eq!(parse_version("none"), None);
    }

    #[test]
    fn everything_missing_is_installed_by_one_set_of_commands() {
        let lines = commands(FOR_TEST);
        assert_eq!(lines[1], "apt-get install -y build-essential nodejs npm chromium fonts-dejavu-core softhsm2");
        assert_eq!(lines[2..], ["npm install --global node@24", "rustup component add rustfmt clippy"]);
    }

    #[test]
    fn what_belongs_to_the_user_is_not_installed_as_root() {
        let lines = commands(&[Need::RustTools]);
        assert_eq!(lines, ["rustup component add rustfmt clippy"]);
        assert_eq!(as_user(&lines[0]), lines[0]);
        assert_eq!(as_user("apt-get update"), "sudo apt-get update");
    }
}
