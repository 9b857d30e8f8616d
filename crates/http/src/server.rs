//! The front door: a bounded number of connections, each with its times.

mod connections;
mod pace;
mod paced;
mod request;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::limits::ConnectionLimits;
use connections::{ConnectionPermit, Connections};
use pace::Pace;
use paced::PacedStream;

/// A machine short of files or memory gets this long before the next connection is taken.
const REST: Duration = Duration::from_millis(100);

/// Bytes that a connection may hold in each direction.
const BUFFER_BYTES: usize = 64 << 10;

/// Serves `router` on `listener` until `shutdown` completes, then lets the requests under way end.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    serve_within(listener, router, ConnectionLimits::default(), shutdown).await
}

/// The same, within other bounds than those of [`ConnectionLimits::default`].
///
/// HTTP/1.1 alone is spoken: HTTP/2 has a hundred streams in one connection, and as many ways to
/// keep a service busy.
///
/// # Errors
/// When the listener fails.
pub async fn serve_within(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    // Fails now rather than at the first connection.
    listener.local_addr()?;
    let door = Door {
        router,
        limits,
        connections: Connections::new(limits),
        stopping: CancellationToken::new(),
        tracker: TaskTracker::new(),
    };

    tokio::select! {
        () = door.welcome(listener) => {}
        () = shutdown => {}
    }

    door.close().await;
    Ok(())
}

/// Takes connections in.
struct Door {
    router: Router,
    limits: ConnectionLimits,
    connections: Arc<Connections>,
    stopping: CancellationToken,
    tracker: TaskTracker,
}

impl Door {
    async fn welcome(&self, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.let_in(stream, peer),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    fn let_in(&self, stream: TcpStream, peer: SocketAddr) {
        let Some(place) = self.connections.enter(peer.ip()) else {
            connections::turn_away(stream);
            return;
        };

        // Answers are written whole: waiting to fill a packet would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY refused");
        }
        let connection = Connection {
            router: self.router.clone(),
            limits: self.limits,
            stopping: self.stopping.clone(),
            peer,
            _place: place,
        };
        self.tracker.spawn(connection.serve(stream));
    }

    /// Lets the requests under way end, and no connection hold the stop for ever.
    async fn close(self) {
        self.stopping.cancel();
        self.tracker.close();
        let ended = tokio::time::timeout(self.limits.grace_time, self.tracker.wait());
        if ended.await.is_err() {
            tracing::warn!("requests still under way after the grace period were dropped");
        }
    }
}

/// One connection, and its place among those of its address.
struct Connection {
    router: Router,
    limits: ConnectionLimits,
    stopping: CancellationToken,
    peer: SocketAddr,
    _place: ConnectionPermit,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        let pace = Arc::new(Pace::starting(self.limits));
        let stream = TokioIo::new(PacedStream::new(stream, Arc::clone(&pace)));
        let service = request::service(self.router.clone(), self.peer, Arc::clone(&pace));

        let connection = http1::Builder::new()
            // The pace is kept below: hyper's own time would count the idle one with the header's.
            .header_read_timeout(None)
            .max_header_size(self.limits.header_bytes)
            .max_buf_size(BUFFER_BYTES)
            .serve_connection(stream, service);
        let mut connection = std::pin::pin!(connection);
        let mut late = std::pin::pin!(pace.late());
        let mut stopping = std::pin::pin!(self.stopping.cancelled());
        let mut is_stopping = false;

        loop {
            tokio::select! {
                result = connection.as_mut() => {
                    if let Err(error) = result {
                        tracing::debug!(%error, "a connection ended early");
                    }
                    return;
                }
                () = &mut late => return,
                () = &mut stopping, if !is_stopping => {
                    is_stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
