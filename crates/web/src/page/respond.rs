//! Answers that several pages give.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::render::render;
use crate::frame::Frame;

/// Leads to `path` once something was done: reloading the page then does nothing again.
pub(super) fn lead_to(t: &Frame, path: &str) -> Response {
    Redirect::to(&t.link(path)).into_response()
}

/// The page of a form that was sent with a fault (RFC 9110, section 15.5.21).
pub(super) fn with_fault(page: &impl Template) -> Response {
    let mut response = render(page);
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}
