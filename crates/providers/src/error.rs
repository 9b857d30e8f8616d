use std::time::Duration;

use reqwest::StatusCode;

/// Reason for which a service gave nothing that can be used. No message holds the report or the
/// answer: both may name a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// No connection, or one that was cut.
    #[error("the service cannot be reached, or cut the connection")]
    Unreachable,
    /// No whole answer in time.
    #[error("no whole answer within {0:?}")]
    TooSlow(Duration),
    /// 401 or 403.
    #[error("the service refuses the key ({0})")]
    KeyRefused(StatusCode),
    /// 429, after the retries.
    #[error("the service asks to be left alone{}", after(.retry_after))]
    TooManyRequests {
        /// The wait that it asks for.
        retry_after: Option<Duration>,
    },
    /// 5xx, after the retries.
    #[error("the service fails ({0})")]
    Failing(StatusCode),
    /// Another status: the request itself is at fault.
    #[error("the service refuses the request ({0})")]
    Refused(StatusCode),
    /// More bytes than an answer can have.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The body is not a chat completion.
    #[error("the answer is not a chat completion (line {line}, column {column})")]
    NotACompletion {
        /// Line of the first fault.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// The answer stopped at the limit of tokens: it is neither mended nor asked for again.
    #[error("the answer was cut at {0} tokens")]
    Cut(u32),
    /// The service declined to answer.
    #[error("the service declined to answer")]
    Declined,
    /// No choice, or one without text.
    #[error("the answer is empty")]
    Empty,
    /// Another model answered.
    #[error("the model asked for is `{asked}`, another one answered")]
    WrongModel {
        /// The model of the configuration.
        asked: String,
    },
    /// The text is not the JSON that the schema asks for.
    #[error("the answer does not follow the schema: {0}")]
    WrongSchema(&'static str),
    /// The reply is not in French.
    #[error("the reply is not in French")]
    WrongLanguage,
    /// The reply holds an address, a tag, or something else that no reply of ours has.
    #[error("the reply holds something that no reply may have: {0}")]
    UnsafeReply(&'static str),
    /// The report is longer than the longest that is sent.
    #[error("the report is longer than {0} bytes")]
    ReportTooLong(usize),
    /// The month's budget would be passed.
    #[error("the budget of the month is spent")]
    BudgetSpent,
    /// The account of the budget cannot be read or written: nothing is spent without it.
    #[error("the account of the budget cannot be used: {0}")]
    NoAccount(String),
    /// It failed a moment ago.
    #[error("the service failed a moment ago and is left alone")]
    Resting,
    /// Too many reports wait already.
    #[error("too many reports wait for the service")]
    QueueFull,
    /// Another reason, of a service in this process.
    #[error("{0}")]
    Internal(String),
}

impl ServiceError {
    /// The reason as a label of metrics and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TooSlow(_) => "too_slow",
            Self::KeyRefused(_) => "key_refused",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Failing(_) => "failing",
            Self::Refused(_) => "refused",
            Self::TooLong(_) => "too_long",
            Self::NotACompletion { .. } => "not_a_completion",
            Self::Cut(_) => "cut",
            Self::Declined => "declined",
            Self::Empty => "empty",
            Self::WrongModel { .. } => "wrong_model",
            Self::WrongSchema(_) => "wrong_schema",
            Self::WrongLanguage => "wrong_language",
            Self::UnsafeReply(_) => "unsafe_reply",
            Self::ReportTooLong(_) => "report_too_long",
            Self::BudgetSpent => "budget_spent",
            Self::NoAccount(_) => "no_account",
            Self::Resting => "resting",
            Self::QueueFull => "queue_full",
            Self::Internal(_) => "internal",
        }
    }
}

fn after(wait: &Option<Duration>) -> String {
    wait.map(|wait| format!(" for {} s", wait.as_secs()))
        .unwrap_or_default()
}
