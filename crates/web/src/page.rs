//! The pages: each is a struct, its template, and the handler that fills it.

pub(crate) mod accessibility;
pub(crate) mod home;
pub(crate) mod monitoring;
pub(crate) mod station;

mod availability;
mod error;
mod forecast;

pub(crate) use error::PageError;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::assets;

/// Writes the page, or the page of an internal error.
fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            PageError::Internal.into_response()
        }
    }
}

#[cfg(test)]
mod tests;
