use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::error::PageError;

/// Writes the page, or the page of an internal error.
pub(super) fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            PageError::Internal.into_response()
        }
    }
}
