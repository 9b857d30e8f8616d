use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// The bounds of the connections of one service. A time that runs out closes the connection.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// Connections open at the same time; one more is told 503 and closed.
    pub connections: usize,
    /// Those of one address.
    pub connections_per_address: usize,
    /// From the first byte of a request, or from the opening of its connection, to the end of its
    /// header.
    pub header_time: Duration,
    /// Between two requests.
    pub idle_time: Duration,
    /// Without a byte that the client takes, while an answer is being sent.
    pub stalled_time: Duration,
    /// From the end of a header to the end of its answer: the longest export.
    pub total_time: Duration,
    /// From the moment that the stop is asked for to the end of the requests under way.
    pub grace_time: Duration,
    /// Bytes of a header.
    pub header_bytes: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 1024,
            connections_per_address: 256,
            header_time: Duration::from_secs(10),
            // More than the 60 s after which most proxies close theirs: a request does not meet a
            // connection that is being closed.
            idle_time: Duration::from_secs(75),
            stalled_time: Duration::from_secs(30),
            total_time: Duration::from_secs(600),
            // Supervisors kill after thirty seconds: what is under way ends before.
            grace_time: Duration::from_secs(25),
            header_bytes: 16 << 10,
        }
    }
}

/// The address that stands for a client: in IPv6, a client has all those of one network of 64 bits.
pub(crate) fn address_of_client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}
