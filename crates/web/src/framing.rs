//! The layer that gives every request its [`Frame`].

use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE, VARY,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use filrouge_api_client::request_id::{self, REQUEST_ID};
use filrouge_http::problem::PROBLEM_JSON;

use crate::frame::Frame;
use crate::page::PageError;
use crate::web::Web;

/// Gives every page its frame, and writes the pages of errors in it.
pub(crate) async fn set_frame(
    State(web): State<Web>,
    mut request: Request,
    next: Next,
) -> Response {
    // A style sheet is the same for everybody, and is kept by caches.
    let visitor = match request.uri().path().starts_with("/assets/") {
        true => None,
        false => web.visitor(request.headers()).await,
    };
    let frame = Frame::new(request.uri(), request.headers(), web.city()).read_by(visitor);
    request.extensions_mut().insert(frame.clone());

    let id = request.headers().get(REQUEST_ID).cloned();
    let answer = next.run(request);
    let mut response = match id {
        Some(id) => request_id::answering(id, answer).await,
        None => answer.await,
    };

    if let Some(error) = response.extensions_mut().remove::<PageError>() {
        response = error.page(&frame);
    }

    keep_out_of_caches(&frame, response.headers_mut());
    tell_language(&frame, response.headers_mut());
    response
}

/// The page of one person is kept by nobody, not even by a browser that others will use.
fn keep_out_of_caches(frame: &Frame, headers: &mut HeaderMap) {
    if frame.visitor().is_some() || headers.contains_key(SET_COOKIE) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    } else if is_of_type(headers, "text/html") {
        headers.append(VARY, HeaderValue::from_static("cookie"));
    }
}

/// Gives a reader's browser a page in the place of a refusal that is written for programs: a service
/// that is overloaded, a body that is too large. Probes read the state of the service as it is.
pub(crate) async fn show_refusals(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let is_probe = request.uri().path().starts_with("/health/");
    if is_probe || !wants_a_page(request.headers()) {
        return next.run(request).await;
    }

    let frame = Frame::new(request.uri(), request.headers(), web.city());
    let refusal = next.run(request).await;
    if !is_of_type(refusal.headers(), PROBLEM_JSON) {
        return refusal;
    }

    let mut page = PageError::of_refusal(refusal.status()).page(&frame);
    if let Some(seconds) = refusal.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, seconds.clone());
    }
    tell_language(&frame, page.headers_mut());
    page
}

/// Browsers name HTML among what they accept; programs do not.
fn wants_a_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn is_of_type(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(kind.as_bytes()))
}

fn tell_language(frame: &Frame, headers: &mut HeaderMap) {
    // A style sheet or a health check is in no language.
    if !is_of_type(headers, "text/html") {
        return;
    }

    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(frame.tag()));
    if frame.is_negotiated() {
        // A cache on the way must not give one reader's language to all.
        headers.append(VARY, HeaderValue::from_static("accept-language"));
    }
}
