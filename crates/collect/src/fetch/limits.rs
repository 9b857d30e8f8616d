use serde::Deserialize;

/// Limits of the HTTP client: they protect the servers from us, and us from a server gone wrong.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Tries in all for one address.
    pub attempts: u32,
    /// Time to open a connection, seconds.
    pub connect_timeout_seconds: f64,
    /// Time for one whole exchange, seconds.
    pub timeout_seconds: f64,
    /// Pause after the first failure, milliseconds; it doubles each time.
    pub first_pause_milliseconds: u64,
    /// A pause is never longer; a server that asks for more is left alone until the next run.
    /// Seconds.
    pub longest_pause_seconds: u64,
    /// Largest body or file accepted, decompressed, bytes.
    pub maximum_bytes: u64,
    /// Redirects followed for one address.
    pub redirects: usize,
    /// Requests in flight to one host.
    pub requests_per_host: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Half a second, one, two: a hiccup passes, a server that is down is not insisted upon.
            attempts: 4,
            connect_timeout_seconds: 5.0,
            // The archive of weather of two years comes in one answer.
            timeout_seconds: 60.0,
            first_pause_milliseconds: 500,
            longest_pause_seconds: 30,
            maximum_bytes: 256 * 1024 * 1024,
            redirects: 5,
            // As a person with two tabs: no public service minds.
            requests_per_host: 2,
        }
    }
}
