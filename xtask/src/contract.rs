//! `cargo xtask contract`: Schemathesis over both zones' documents against a running house. No answer may be a 5xx, and none of a
//! status that the document does not name.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::step::{Problem, Steps, command};
use crate::tree::{program, root};

pub(crate) fn run(examples: u32) -> Result<(), Problem> {
    let folder = root().join("target/contract");
    let python = folder.join("venv/bin/python");
    let mut steps = Steps::of(3);
    steps.run("Build the programs", || command(&root(), "cargo", &["build", "--bins", "--quiet"]))?;
    steps.run("Schemathesis, in an environment of its own", || tools(&folder, &python))?;
    steps.run("Try both documents", || {
        let data = folder.join("house");
        // What a former run left behind has other codes and people.
        let _ = std::fs::remove_dir_all(&data);
        let (house, places) = start(&data)?;
        let documents = root().join("docs/openapi");
        let script = root().join("tests/contract/run.py");
        let tried = Command::new(&python)
            .arg(script)
            .arg(documents)
            .arg(places)
            .arg(examples.to_string())
            .current_dir(&folder)
            .status();
        stop(house)?;
        match tried {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err("Schemathesis found what its report above tells.".to_owned()),
            Err(error) => Err(format!("{}: {error}", python.display())),
        }
    })
}

fn tools(folder: &Path, python: &Path) -> Result<(), Problem> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    if !python.exists() {
        command(folder, "python3", &["-m", "venv", "venv"])?;
    }
    let wanted = root().join("tests/contract/requirements.txt");
    let wanted = wanted.to_str().ok_or("the checkout's path is not UTF-8")?;
    let pip = folder.join("venv/bin/pip");
    let pip = pip.to_str().ok_or("the checkout's path is not UTF-8")?;
    command(folder, pip, &["install", "--quiet", "--disable-pip-version-check", "--requirement", wanted])
}

/// A house on free ports, and what it says about itself.
fn start(data: &Path) -> Result<(Child, String), Problem> {
    let mut house = Command::new(program("aside"))
        .args(["demo", "--free-ports", "--json", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("aside could not be started: {error}"))?;
    let mut places = String::new();
    let output = house.stdout.take().ok_or("no output")?;
    let read = BufReader::new(output).read_line(&mut places).map_err(|error| error.to_string())?;
    if read == 0 {
        return Err(format!("aside demo ended before it was ready: {:?}", house.wait()));
    }
    Ok((house, places))
}

/// Asks the house to stop, so that both programs do too.
fn stop(mut house: Child) -> Result<(), Problem> {
    command(&root(), "kill", &["-TERM", &house.id().to_string()])?;
    house.wait().map(drop).map_err(|error| error.to_string())
}
