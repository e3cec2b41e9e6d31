//! Writes every page in every state to `target/pages/`, with the policy it is sent with, for looking at them:
//! `cargo run -p aside-vault-pages --example gallery`.
#![expect(clippy::unwrap_used, reason = "an example may panic")]

use std::fmt::Write as _;
use std::path::Path;

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/pages");
    std::fs::create_dir_all(&folder)?;
    let mut policies = String::new();
    for (name, page) in samples::every_page() {
        std::fs::write(folder.join(format!("{name}.html")), &page.html)?;
        writeln!(policies, "{name}\t{}", page.content_security_policy(&[])).unwrap();
    }
    std::fs::write(folder.join("policies.tsv"), policies)
}
