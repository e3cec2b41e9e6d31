//! One of the two programs as a child process: started, awaited until it accepts connections, watched, stopped.
//!
//! Its standard error goes to its log file; its standard output says one line, when it is ready.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a program may take until it accepts connections. A slow disk makes it seconds; a minute is a fault.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// How long a program may take to finish what it is doing once asked to stop.
const STOPS_WITHIN: Duration = Duration::from_secs(10);
/// How much of a log's end is searched for its last line.
const LAST_LINE_WITHIN: u64 = 16 * 1024;

/// Why a program is not running.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// Its file could not be started.
    #[error("{name} cannot be started from {path}: {error}", path = path.display())]
    Start {
        /// Which program.
        name: &'static str,
        /// Its file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It ended by itself.
    #[error("{name} has ended ({status}): {last_line}")]
    Ended {
        /// Which program.
        name: &'static str,
        /// How.
        status: ExitStatus,
        /// The last line it logged.
        last_line: String,
    },
    /// It runs, and did not say that it is ready.
    #[error("{name} was not ready within {} s: {last_line}", READY_WITHIN.as_secs())]
    NotReady {
        /// Which program.
        name: &'static str,
        /// The last line it logged.
        last_line: String,
    },
    /// The system refused something about a running program.
    #[error("{name}: {error}")]
    System {
        /// Which program.
        name: &'static str,
        /// What the system said.
        error: io::Error,
    },
}

/// How to start a program.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Its name for people.
    pub name: &'static str,
    /// Its file.
    pub path: PathBuf,
    /// Its configuration file.
    pub config: PathBuf,
    /// Where it logs.
    pub log: PathBuf,
}

/// A running program. Killed when dropped, so that no failure leaves one behind.
#[derive(Debug)]
pub struct Program {
    launch: Launch,
    child: Child,
    /// Where this run's lines begin in the log.
    log_start: u64,
}

impl Program {
    /// Starts the program and waits until it accepts connections.
    ///
    /// # Errors
    /// When it cannot be started, ends by itself, or is not ready within a minute.
    pub async fn start(launch: Launch) -> Result<Self, ProgramError> {
        let mut program = Self::spawn(launch)?;
        program.ready().await?;
        Ok(program)
    }

    fn spawn(launch: Launch) -> Result<Self, ProgramError> {
        let failed = |error| ProgramError::Start { name: launch.name, path: launch.path.clone(), error };
        let log = OpenOptions::new().append(true).create(true).mode(0o600).open(&launch.log).map_err(failed)?;
        let log_start = log.metadata().map_err(failed)?.len();
        let child = Command::new(&launch.path)
            .arg("serve")
            .arg("--config")
            .arg(&launch.config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            // A group of its own: Ctrl-C in a terminal reaches the house alone, which stops both programs in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        Ok(Self { launch, child, log_start })
    }

    async fn ready(&mut self) -> Result<(), ProgramError> {
        let Some(output) = self.child.stdout.take() else { return Ok(()) };
        let mut lines = BufReader::new(output).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await? {
                if line.starts_with(r#"{"ready":"#) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        match timeout(READY_WITHIN, ready).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return Err(self.ended().await),
            Ok(Err(error)) => return Err(self.system(error)),
            Err(_) => return Err(ProgramError::NotReady { name: self.launch.name, last_line: self.last_line() }),
        }
        // Nothing more is expected there; reading on keeps a program that prints anyway from blocking or failing.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(())
    }

    /// Waits until the program ends by itself, and says how.
    pub async fn ended(&mut self) -> ProgramError {
        match self.child.wait().await {
            Ok(status) => ProgramError::Ended { name: self.launch.name, status, last_line: self.last_line() },
            Err(error) => self.system(error),
        }
    }

    /// Asks the program to stop, waits, and kills it when it takes more than ten seconds. Says whether it ended cleanly.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop(self) -> Result<bool, ProgramError> {
        self.ask_to_stop()?;
        self.stopped().await
    }

    /// Waits for the end of a program that was asked to stop, kills it after ten seconds, and says whether it ended cleanly.
    /// Asking twice would cut it short: programs take a second signal as *at once*.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn stopped(mut self) -> Result<bool, ProgramError> {
        match timeout(STOPS_WITHIN, self.child.wait()).await {
            Ok(status) => Ok(status.map_err(|error| self.system(error))?.success()),
            Err(_) => {
                self.child.kill().await.map_err(|error| self.system(error))?;
                Ok(false)
            }
        }
    }

    /// Asks the program to stop and does not wait.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub fn ask_to_stop(&self) -> Result<(), ProgramError> {
        self.signal(Signal::SIGTERM)
    }

    /// Kills the program at once, as a power cut would (`kill -9`), and starts it again.
    ///
    /// # Errors
    /// As [`Program::start`].
    pub async fn kill_and_restart(mut self) -> Result<Self, ProgramError> {
        self.child.kill().await.map_err(|error| self.system(error))?;
        Self::start(self.launch.clone()).await
    }

    /// Kills the program at once and tells how to start it again.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn kill(mut self) -> Result<Launch, ProgramError> {
        self.child.kill().await.map_err(|error| self.system(error))?;
        Ok(self.launch.clone())
    }

    /// Freezes the program: its connections stay open and nothing answers, as when a network swallows everything.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub fn freeze(&self) -> Result<(), ProgramError> {
        self.signal(Signal::SIGSTOP)
    }

    /// Ends a freeze.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub fn thaw(&self) -> Result<(), ProgramError> {
        self.signal(Signal::SIGCONT)
    }

    /// Its process id, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    fn signal(&self, signal: Signal) -> Result<(), ProgramError> {
        // No id: it has ended already, and there is nothing to signal.
        let Some(id) = self.child.id().and_then(|id| i32::try_from(id).ok()) else { return Ok(()) };
        kill(Pid::from_raw(id), signal).map_err(|error| self.system(error.into()))
    }

    fn system(&self, error: io::Error) -> ProgramError {
        ProgramError::System { name: self.launch.name, error }
    }

    fn last_line(&self) -> String {
        last_line(&self.launch.log, self.log_start)
            .ok()
            .flatten()
            .unwrap_or_else(|| format!("nothing in {}", self.launch.log.display()))
    }
}

/// Runs `program` once to its end with `input` on its standard input, for the commands that make accounts.
///
/// # Errors
/// When it cannot be started or ends with anything but success; the error carries the last line it said.
pub(super) async fn run_once(
    name: &'static str,
    path: &Path,
    arguments: &[&str],
    config: &Path,
    input: &str,
) -> Result<(), ProgramError> {
    use tokio::io::AsyncWriteExt as _;

    let failed = |error| ProgramError::Start { name, path: path.to_owned(), error };
    let mut child = Command::new(path)
        .args(arguments)
        .arg("--config")
        .arg(config)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    if let Some(mut standard_input) = child.stdin.take() {
        // A program that has ended without reading closes the pipe; how it ended says why.
        let _ = standard_input.write_all(input.as_bytes()).await;
    }
    let output = child.wait_with_output().await.map_err(|error| ProgramError::System { name, error })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last_line = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned();
    Err(ProgramError::Ended { name, status: output.status, last_line })
}

fn last_line(log: &Path, start: u64) -> io::Result<Option<String>> {
    let end = fs::metadata(log)?.len();
    let mut file = File::open(log)?;
    file.seek(SeekFrom::Start(start.max(end.saturating_sub(LAST_LINE_WITHIN))))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().rfind(|line| !line.trim().is_empty()).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shell script in place of a program: what is tested here is how the house treats a child.
    fn script(folder: &Path, lines: &str) -> Launch {
        let path = folder.join("program");
        // Written by another process: a file that this one had open for writing could be refused as busy, when a test
        // beside it starts a child at that moment.
        let written = std::process::Command::new("sh")
            .args(["-c", r#"printf '%s' "$1" > "$0" && chmod 700 "$0""#])
            .arg(&path)
            .arg(format!("#!/bin/sh\n{lines}\n"))
            .status();
        assert!(written.unwrap().success());
        Launch { name: "aside-desk", path, config: folder.join("desk.toml"), log: folder.join("desk.log") }
    }

    const READY: &str = r#"echo '{"ready":{"public":"127.0.0.1:1"}}'"#;

    #[tokio::test]
    async fn a_program_that_refuses_to_start_is_named_with_its_last_line() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("desk.log"), "a line of an earlier run\n").unwrap();
        let refusal = Program::start(script(folder.path(), "echo 'first' >&2; echo 'no key file' >&2; exit 2")).await;
        let text = refusal.unwrap_err().to_string();
        assert!(text.starts_with("aside-desk has ended") && text.ends_with("no key file"), "{text}");

        let silent = Program::start(script(folder.path(), "exit 2")).await.unwrap_err().to_string();
        assert!(!silent.contains("earlier run"), "{silent}");
    }

    #[tokio::test]
    async fn a_program_that_dies_later_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let lines = format!("{READY}\necho 'disk full' >&2\nexit 3");
        let mut program = Program::start(script(folder.path(), &lines)).await.unwrap();
        let text = program.ended().await.to_string();
        assert!(text.contains("exit status: 3") && text.ends_with("disk full"), "{text}");
    }

    #[tokio::test]
    async fn a_program_is_asked_to_stop_before_anything_harder() {
        let folder = tempfile::tempdir().unwrap();
        let lines = format!("trap 'echo stopped >&2; exit 0' TERM\n{READY}\nwhile :; do sleep 0.05; done");
        let program = Program::start(script(folder.path(), &lines)).await.unwrap();
        assert!(program.stop().await.unwrap());
        assert_eq!(last_line(&folder.path().join("desk.log"), 0).unwrap().as_deref(), Some("stopped"));
    }

    #[tokio::test]
    async fn a_missing_program_is_named_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let mut launch = script(folder.path(), "");
        launch.path = folder.path().join("absent");
        let text = Program::start(launch).await.unwrap_err().to_string();
        assert!(text.contains("absent"), "{text}");
    }
}
