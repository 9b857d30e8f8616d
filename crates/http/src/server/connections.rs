use std::collections::HashMap;
use std::io::Write;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpStream;

use crate::limits::{ConnectionLimits, address_of_client};

/// The answer to a connection too many.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// The connections that are open, by address. It is read and written at their opening and at their
/// end, never at a request.
#[derive(Debug)]
pub(super) struct Connections {
    limits: ConnectionLimits,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// The place of one connection, free again once it is dropped.
#[derive(Debug)]
pub(super) struct ConnectionPermit {
    connections: Arc<Connections>,
    address: IpAddr,
}

impl Connections {
    pub(super) fn new(limits: ConnectionLimits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            open: Mutex::default(),
        })
    }

    /// A place for a connection of `address`, if one is left.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<ConnectionPermit> {
        let address = address_of_client(address);
        let mut open = self.open();
        let own = open.by_address.get(&address).copied().unwrap_or(0);
        if open.total >= self.limits.connections || own >= self.limits.connections_per_address {
            return None;
        }

        open.total += 1;
        open.by_address.insert(address, own + 1);
        Some(ConnectionPermit {
            connections: Arc::clone(self),
            address,
        })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.total -= 1;

        if let Some(own) = open.by_address.get_mut(&self.address) {
            *own -= 1;
            // The table is as long as the connections are many.
            if *own == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

/// Tells a connection that no place is left, without waiting for it.
pub(super) fn turn_away(stream: TcpStream) {
    let told = stream
        .into_std()
        .and_then(|mut stream| stream.write_all(FULL));
    tracing::debug!(?told, "a connection found no place");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_share_and_places_come_back() {
        let connections = Connections::new(ConnectionLimits {
            connections: 3,
            connections_per_address: 2,
            ..ConnectionLimits::default()
        });
        let enter = |address: &str| connections.enter(address.parse().unwrap());

        let (first, _second) = (
            enter("10.0.0.1").unwrap(),
            enter("::ffff:10.0.0.1").unwrap(),
        );
        assert!(enter("10.0.0.1").is_none(), "two of one address");
        let _third = enter("2001:db8::1").unwrap();
        assert!(enter("2001:db8:1::1").is_none(), "three in all");

        drop(first);
        assert!(enter("2001:db8::ffff").is_some(), "the same network");
        assert!(enter("10.0.0.1").is_some());
    }
}
