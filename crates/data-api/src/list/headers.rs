use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK, VARY};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};

use crate::accept::Media;
use crate::page_cache::WrittenPage;
use crate::revision::Revision;

/// Headers of an answer in JSON: clients may keep it, each for itself, and ask whether it is still
/// good.
pub(crate) fn json_headers(revision: Revision) -> HeaderMap {
    list_headers(Some(revision), Media::Json)
}

pub(super) fn send(page: WrittenPage, media: Media, revision: Option<Revision>) -> Response {
    let mut headers = list_headers(revision, media);
    if let Some(link) = page.link {
        headers.insert(LINK, link);
    }

    (headers, page.body).into_response()
}

fn list_headers(revision: Option<Revision>, media: Media) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(5);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.name()));
    // Answers depend on a token: no shared cache may keep them.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    // Caches keep JSON and CSV apart.
    headers.insert(VARY, HeaderValue::from_static("Accept"));

    if let Some(revision) = revision {
        headers.insert(ETAG, revision.etag());
    }
    headers
}

/// The same address with the cursor of the next page (RFC 8288).
pub(super) fn next_link(uri: &Uri, cursor: &str) -> Option<HeaderValue> {
    let kept = uri.query().unwrap_or_default().split('&');
    // The cursor of the present page gives way to the next one.
    let kept = kept.filter(|parameter| !parameter.is_empty() && !parameter.starts_with("cursor="));
    let query: String = kept.flat_map(|parameter| [parameter, "&"]).collect();

    let address = format!("{}?{query}cursor={cursor}", uri.path());
    HeaderValue::try_from(format!("<{address}>; rel=\"next\"")).ok()
}
