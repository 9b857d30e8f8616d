use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Requests under way get this long to end once the shutdown is asked for.
const GRACE: Duration = Duration::from_secs(5);

/// Serves `router` on `listener` until `shutdown` completes, then lets the requests under way end.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    // Answers are written whole: waiting to fill a packet would only delay them.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY refused");
        }
    });
    let stopping = CancellationToken::new();
    let server =
        axum::serve(listener, router).with_graceful_shutdown(stopping.clone().cancelled_owned());

    let deadline = async {
        shutdown.await;
        stopping.cancel();
        // A connection that a client keeps open must not hold the stop for ever.
        tokio::time::sleep(GRACE).await;
    };

    tokio::select! {
        result = server => result,
        () = deadline => {
            tracing::warn!("requests still under way after the grace period were dropped");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
