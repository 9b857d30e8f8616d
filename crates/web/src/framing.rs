//! The layer that gives every request its [`Frame`].

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::frame::Frame;
use crate::page::PageError;
use crate::web::Web;

/// Gives every page its frame, and writes the pages of errors in it.
pub(crate) async fn set_frame(
    State(web): State<Web>,
    mut request: Request,
    next: Next,
) -> Response {
    let frame = Frame::new(request.uri(), request.headers(), web.city());
    request.extensions_mut().insert(frame.clone());

    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<PageError>() {
        response = error.page(&frame);
    }

    tell_language(&frame, response.headers_mut());
    response
}

fn tell_language(frame: &Frame, headers: &mut HeaderMap) {
    // A style sheet or a health check is in no language.
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return;
    }

    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(frame.tag()));
    if frame.is_negotiated() {
        // A cache on the way must not give one reader's language to all.
        headers.append(VARY, HeaderValue::from_static("accept-language"));
    }
}
