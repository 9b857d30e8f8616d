//! The end that a person or a supervisor asks for.

use anyhow::{Context, Result};

/// Waits for Ctrl-C, or for the signal by which supervisors ask a service to end.
pub(crate) async fn interrupted() -> Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate =
            signal(SignalKind::terminate()).context("les signaux ne peuvent être attendus")?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result.context("Ctrl-C ne peut être attendu"),
            _ = terminate.recv() => Ok(()),
        }
    }

    #[cfg(not(unix))]
    tokio::signal::ctrl_c()
        .await
        .context("Ctrl-C ne peut être attendu")
}
