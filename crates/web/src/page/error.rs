use askama::Template;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use filrouge_accounts::AccountsError;

use crate::assets;
use crate::data_api::NothingRead;
use crate::frame::Frame;

/// A page that cannot be given. The reader reads a fixed sentence and a way out; the log has the
/// cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageError {
    /// Nothing stands at this address.
    NotFound,
    /// No station has this identifier.
    UnknownStation,
    /// The reader's role does not open this address.
    Forbidden,
    /// The form comes from another site.
    CrossSite,
    /// The same person tried too often: seconds to wait.
    TooManyTries(u32),
    /// The address answers to other methods only.
    MethodNotAllowed,
    /// The data API never answered.
    DataUnavailable,
    /// The application has too much to do, or was too slow.
    Overloaded,
    /// The request itself will not do, for the reason of this status.
    Refused(StatusCode),
    /// A defect of ours.
    Internal,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    t: &'a Frame,
    status: String,
    title: String,
    sentence: String,
}

impl PageError {
    /// The page of a refusal that came before any page was asked.
    pub(crate) fn of_refusal(status: StatusCode) -> Self {
        match status {
            StatusCode::SERVICE_UNAVAILABLE => Self::Overloaded,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            status if status.is_client_error() => Self::Refused(status),
            _ => Self::Internal,
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::UnknownStation => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::TooManyTries(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            // Not 503: this service is well, the one behind it is not (RFC 9110, section 15.6.3).
            Self::DataUnavailable => StatusCode::BAD_GATEWAY,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused(status) => status,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The texts of the title and of the sentence.
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("error-not-found", "error-not-found-text"),
            Self::UnknownStation => ("error-unknown-station", "error-unknown-station-text"),
            Self::Forbidden => ("error-forbidden", "error-forbidden-text"),
            Self::CrossSite => ("error-cross-site", "error-cross-site-text"),
            Self::TooManyTries(_) => ("error-tries", "error-tries-text"),
            Self::MethodNotAllowed => ("error-method", "error-method-text"),
            Self::DataUnavailable => ("error-data", "error-data-text"),
            Self::Overloaded => ("error-overloaded", "error-overloaded-text"),
            Self::Refused(_) => ("error-refused", "error-refused-text"),
            Self::Internal => ("error-internal", "error-internal-text"),
        }
    }

    /// The page that says it, in the language of `t`.
    pub(crate) fn page(self, t: &Frame) -> Response {
        let mut response = (self.status(), Html(self.text(t))).into_response();
        if let Some(seconds) = self.retry_after() {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn retry_after(self) -> Option<u32> {
        match self {
            // Robots alone obey it: a minute leaves the API time to come back.
            Self::DataUnavailable => Some(60),
            Self::TooManyTries(seconds) => Some(seconds),
            _ => None,
        }
    }

    /// The template has no part that can fail: an empty body would be the worst of it.
    fn text(self, t: &Frame) -> String {
        let (title, sentence) = self.texts();
        let seconds = self.retry_after().unwrap_or_default();
        let page = ErrorPage {
            t,
            status: t.tell("error-status", [("status", self.status().as_u16().into())]),
            title: t.say(title),
            sentence: t.tell(sentence, [("seconds", seconds.into())]),
        };
        page.render().unwrap_or_default()
    }
}

impl From<AccountsError> for PageError {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::NotFound => Self::NotFound,
            error => {
                tracing::error!(%error, "the accounts could not be read or changed");
                Self::Internal
            }
        }
    }
}

impl From<NothingRead> for PageError {
    fn from(_: NothingRead) -> Self {
        Self::DataUnavailable
    }
}

/// The status alone, and the error itself: [`set_frame`](crate::frame::set_frame), which knows the
/// reader's language, writes the page.
impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    vec![
        ("error", PageError::DataUnavailable.text(t)),
        ("error_forbidden", PageError::Forbidden.text(t)),
        ("error_tries", PageError::TooManyTries(20).text(t)),
    ]
}
