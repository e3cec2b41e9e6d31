//! Makes the folders of the built faces exist, so that the desk builds on a fresh clone without npm.
//!
//! An empty folder embeds nothing; the desk then serves a page that says how to build the face.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let built = Path::new("../../../web/dist");
    for face in ["desk", "widget", "loader"] {
        std::fs::create_dir_all(built.join(face))?;
    }
    // A file that appears or goes is embedded anew; a changed one is seen by the compiler itself.
    println!("cargo:rerun-if-changed={}", built.display());
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}
