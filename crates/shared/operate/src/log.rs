//! Structured logs: JSON lines on stderr.

use tracing_subscriber::EnvFilter;

use crate::StartError;

/// Starts logging at `level` (`error`, `warn`, `info`, `debug`, or a filter such as `info,hyper=warn`).
///
/// Panics are logged by place only: what a handler panicked with could quote an answer.
///
/// # Errors
/// A level that is none, or logging started twice.
pub fn start_logging(level: &str) -> Result<(), StartError> {
    let filter = EnvFilter::try_new(level)
        .map_err(|_| StartError(format!("log level {level:?} is none of error, warn, info, debug")))?;
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
