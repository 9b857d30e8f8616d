//! Logs: one JSON object a line on standard error, or plain text for a person.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::process::CountLines;

/// Form of the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For a person at a terminal.
    Text,
    /// For a collector of logs.
    #[default]
    Json,
}

/// Starts the logs of the process with a filter such as `info` or `filrouge_http=debug,warn`.
///
/// # Errors
/// When the filter cannot be read, or the logs were already started.
pub fn init(format: LogFormat, filter: &str) -> Result<(), TelemetryError> {
    let filter = EnvFilter::builder()
        .parse(filter)
        .map_err(|error| TelemetryError::Filter(error.to_string()))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Told on the same output: one that nobody reads any more would stop the program.
        .log_internal_errors(false);

    match format {
        LogFormat::Text => builder
            .with_ansi(has_colours())
            .with_target(false)
            .finish()
            .with(CountLines)
            .try_init(),
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            // The fields of the one span are in the event already.
            .with_span_list(false)
            .finish()
            .with(CountLines)
            .try_init(),
    }
    .map_err(|_| TelemetryError::AlreadyStarted)
}

/// A file that is read later has no colours, nor a terminal whose person wants none
/// (<https://no-color.org>).
fn has_colours() -> bool {
    let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stderr().is_terminal() && !is_refused
}

/// The logs could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("the log filter cannot be read: {0}")]
    Filter(String),
    /// Something else started logging before.
    #[error("the logs were already started")]
    AlreadyStarted,
}
