//! The faces: npm packages, checks, unit tests, bundles.

use std::path::PathBuf;

use crate::step::{Problem, command};
use crate::tree::root;

fn folder() -> PathBuf {
    root().join("web")
}

/// Installs the faces' packages as the lock file names them.
pub(crate) fn install() -> Result<(), Problem> {
    command(&folder(), "npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"])
}

/// Installs packages and builds `web/dist`.
pub(crate) fn build() -> Result<(), Problem> {
    install()?;
    command(&folder(), "npm", &["run", "--silent", "build"])
}

/// Type and accessibility checks, then the unit tests.
pub(crate) fn test() -> Result<(), Problem> {
    command(&folder(), "npm", &["run", "--silent", "check"])?;
    command(&folder(), "npm", &["test", "--silent"])
}
