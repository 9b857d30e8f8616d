use reqwest::StatusCode;

use crate::TokenClientError;

/// Reason for which an API gave nothing that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// It cannot be reached, or gives no token.
    #[error(transparent)]
    Token(#[from] TokenClientError),
    /// It answered with a status of error.
    #[error("{path} answered {status}")]
    Status {
        /// The path asked.
        path: String,
        /// The status.
        status: StatusCode,
    },
    /// Its answer is not the one of its contract.
    #[error("{path} answered something unreadable: {source}")]
    Unreadable {
        /// The path asked.
        path: String,
        /// The first thing that is wrong.
        source: reqwest::Error,
    },
    /// Its list does not end.
    #[error("{path} has more than {most} pages")]
    Endless {
        /// The path asked.
        path: String,
        /// Pages that a list may have.
        most: usize,
    },
    /// It failed a moment ago and is left alone.
    #[error("the API failed a moment ago and is left alone")]
    Resting,
}

impl ApiError {
    /// The status of the answer, when there is one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }
}
