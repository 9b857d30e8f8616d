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
    /// The kind of the error, as a trace tells it: nothing of the address nor of the answer.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::Token(_) => "token",
            Self::Status { status, .. } => status.as_str(),
            Self::Unreadable { .. } => "unreadable",
            Self::Endless { .. } => "endless",
            Self::Resting => "resting",
        }
        .to_owned()
    }

    /// The status of the answer, when there is one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_hears_the_kind_of_an_error_and_no_address() {
        let path = || "/v1/reports/jeanne".to_owned();
        let status = StatusCode::SERVICE_UNAVAILABLE;

        for (error, kind) in [
            (
                ApiError::Status {
                    path: path(),
                    status,
                },
                "503",
            ),
            (
                ApiError::Endless {
                    path: path(),
                    most: 3,
                },
                "endless",
            ),
            (ApiError::Resting, "resting"),
        ] {
            assert_eq!(error.kind(), kind);
        }
    }
}
