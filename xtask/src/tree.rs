//! Where things are in this checkout.

use std::path::{Path, PathBuf};

/// The checkout's top folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A built program of the dev profile.
pub(crate) fn program(name: &str) -> PathBuf {
    profile().join(name)
}

/// The folder that everything is built into, whatever Cargo was told.
pub(crate) fn build_folder() -> PathBuf {
    profile().parent().map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// The folder of the profile that this program was built with.
fn profile() -> PathBuf {
    let own = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf));
    own.unwrap_or_else(|| root().join("target/debug"))
}
