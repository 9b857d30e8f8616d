use std::error::Error as _;
use std::time::Duration;

use filrouge_destinations::Refusal;
use url::Url;

use super::Limits;

/// A fetch that failed. Every message names the address, and none holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server answered with a failure.
    #[error("{address} answered {status}{}", wait(*retry_after))]
    Status {
        /// The address.
        address: String,
        /// HTTP status.
        status: u16,
        /// Wait asked by the server.
        retry_after: Option<Duration>,
    },
    /// No whole answer in time.
    #[error("{address} did not answer within {seconds} s")]
    Timeout {
        /// The address.
        address: String,
        /// The time-out, seconds.
        seconds: f64,
    },
    /// Redirects without end, or more than allowed.
    #[error("{address} redirects more than {limit} times")]
    Redirects {
        /// The address.
        address: String,
        /// Redirects allowed.
        limit: usize,
    },
    /// A body larger than allowed once decompressed.
    #[error("{address} is larger than {limit} bytes once decompressed")]
    TooLarge {
        /// The address.
        address: String,
        /// Bytes allowed.
        limit: u64,
    },
    /// The connection failed, or broke before the end.
    #[error("{address} could not be received: {cause}")]
    Transport {
        /// The address.
        address: String,
        /// The network's reason.
        cause: String,
    },
    /// The address, or one that it leads to, is not one that the profile names or allows.
    #[error("{address} is refused: {reason}")]
    Refused {
        /// The address.
        address: String,
        /// The rule that it breaks.
        reason: String,
    },
    /// The answer cannot be kept.
    #[error("{address} could not be kept: {cause}")]
    Unwritable {
        /// The address.
        address: String,
        /// The file system's reason.
        cause: String,
    },
    /// A secret that the profile asks for is not in the environment.
    #[error("the environment variable {variable} is not set: the profile wants it to authenticate")]
    MissingSecret {
        /// Name of the variable.
        variable: String,
    },
}

impl FetchError {
    /// True when a later try may do better.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Status { status, .. } => {
                // The other statuses say that the request itself is wrong: trying again changes
                // nothing.
                matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
            }
            Self::Timeout { .. } | Self::Transport { .. } => true,
            Self::Redirects { .. }
            | Self::TooLarge { .. }
            | Self::Refused { .. }
            | Self::Unwritable { .. }
            | Self::MissingSecret { .. } => false,
        }
    }

    /// The HTTP status, when the server answered with one.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    pub(super) fn refused(url: &Url, refusal: &Refusal) -> Self {
        Self::Refused {
            address: url.to_string(),
            reason: refusal.to_string(),
        }
    }

    pub(super) fn unwritable(url: &Url, error: &std::io::Error) -> Self {
        Self::Unwritable {
            address: url.to_string(),
            cause: error.to_string(),
        }
    }

    pub(super) fn from_transport(url: &Url, error: reqwest::Error, limits: &Limits) -> Self {
        let address = url.to_string();

        // Before the others: it comes as the failure of a redirect, or of a connection.
        let mut source = error.source();
        while let Some(inner) = source {
            if let Some(refusal) = inner.downcast_ref() {
                return Self::refused(url, refusal);
            }
            source = inner.source();
        }

        if error.is_timeout() {
            return Self::Timeout {
                address,
                seconds: limits.timeout_seconds,
            };
        }

        if error.is_redirect() {
            return Self::Redirects {
                address,
                limit: limits.redirects,
            };
        }

        // The address in reqwest's own text may carry a secret: only the causes are kept.
        let error = error.without_url();
        let mut cause = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            cause = inner.to_string();
            source = inner.source();
        }

        Self::Transport { address, cause }
    }
}

fn wait(retry_after: Option<Duration>) -> String {
    retry_after
        .map(|pause| format!(" and asks to wait {} s", pause.as_secs()))
        .unwrap_or_default()
}
