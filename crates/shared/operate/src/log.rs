//! Structured logs: JSON lines on stderr.

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::StartError;

/// What is logged: the section `[log]` of both programs' configuration.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned() }
    }
}

/// Starts logging at `level`: `error`, `warn`, `info` or `debug`. That is our own code's; libraries say warnings and errors
/// only, at any level, because in detail they quote what they carry: addresses, headers, statements.
///
/// Panics are logged by place only: what a handler panicked with could quote an answer.
///
/// # Errors
/// A level that is none, or logging started twice.
pub fn start_logging(level: &str) -> Result<(), StartError> {
    let filter = filter(level)?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init()
        .map_err(|_| StartError::new("logging was started already"))?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    Ok(())
}

fn filter(level: &str) -> Result<EnvFilter, StartError> {
    let wrong = || StartError(format!("log level {level:?} is none of error, warn, info, debug"));
    if !matches!(level, "error" | "warn" | "info" | "debug") {
        return Err(wrong());
    }
    let libraries = if level == "error" { "error" } else { "warn" };
    // Our crates' names all begin so.
    EnvFilter::try_new(format!("{libraries},aside={level}")).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_raises_our_own_voice_only() {
        assert_eq!(filter("debug").unwrap().to_string(), "aside=debug,warn");
        for bad in ["", "trace", "hyper=trace", "info,hyper=trace", "INFO"] {
            assert!(filter(bad).is_err(), "{bad}");
        }
    }
}
