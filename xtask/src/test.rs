//! `cargo xtask test`: everything that must hold before a change lands.

use crate::step::{Problem, Steps, command};
use crate::{browser, layers, needs, tree, update, web};

pub(crate) fn run(install: bool) -> Result<(), Problem> {
    needs::meet(needs::FOR_TEST, install)?;
    let root = tree::root();
    let cargo = |arguments: &[&str]| command(&root, "cargo", arguments);
    let mut steps = Steps::of(9);
    steps.run("Format", || cargo(&["fmt", "--all", "--check"]))?;
    steps.run("Layers", layers::check)?;
    steps.run("Build the faces", web::build)?;
    steps.run("Check and test the faces", web::test)?;
    steps.run("Lint", || cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    steps.run("Build everything", || cargo(&["build", "--workspace", "--all-targets", "--quiet"]))?;
    steps.run("Generated files are up to date", || update::run(true))?;
    steps.run("Unit, property, conformance and journey tests", || cargo(&["test", "--workspace", "--quiet"]))?;
    steps.run("Browser journeys", || browser::run(None))?;
    Ok(())
}
