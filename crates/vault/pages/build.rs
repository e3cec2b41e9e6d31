//! Makes the folder of the built script exist, so that the vault builds on a fresh clone without npm: its forms are posted as
//! they are then.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let built = Path::new("../../../web/dist/form");
    std::fs::create_dir_all(built)?;
    // A file that appears or goes is embedded anew; a changed one is seen by the compiler itself.
    println!("cargo:rerun-if-changed={}", built.display());
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}
