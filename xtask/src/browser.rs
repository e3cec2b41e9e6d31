//! The browser journeys: Chromium as visitor and agents against the real programs.

use std::path::Path;

use crate::step::{Problem, command};
use crate::tree::{program, root};

pub(crate) fn run(pictures: Option<&Path>) -> Result<(), Problem> {
    let folder = root().join("tests/browser");
    command(&folder, "npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    let aside = program("aside");
    let aside = aside.to_str().ok_or("the checkout's path is not UTF-8")?;
    let mut arguments = vec!["run.mjs", "--aside", aside];
    if let Some(pictures) = pictures {
        arguments.extend(["--pictures", pictures.to_str().ok_or("the pictures' path is not UTF-8")?]);
    }
    command(&folder, "node", &arguments)
}
