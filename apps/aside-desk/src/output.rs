//! What the program says on standard output: results of commands, never a secret.

use std::io::Write as _;

/// One line. A reader that closed the pipe does not want it.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
