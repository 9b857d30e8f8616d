//! What every list has: a limit, a cursor, a next page.

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use filrouge_http::{FromParameters, Parameters, Problem};
use serde::Serialize;
use utoipa::IntoParams;

use crate::cursor::Cursor;
use crate::revision::Revision;

const DEFAULT_LIMIT: u32 = 100;
const MAXIMUM_LIMIT: u32 = 1000;

/// Paramètres de toute liste.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Slice` reads")]
pub(crate) struct ListParameters {
    /// Nombre d’éléments, de 1 à 1000 ; 100 par défaut.
    #[param(minimum = 1, maximum = 1000, default = 100, example = 100)]
    limit: Option<u32>,
    /// Curseur donné par la page précédente.
    cursor: Option<String>,
}

/// How much of a list, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice<C> {
    pub(crate) limit: u32,
    pub(crate) after: Option<C>,
}

impl<C: Cursor> FromParameters for Slice<C> {
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem> {
        let limit = parameters.take_with("limit", "un entier de 1 à 1000", |text| {
            text.parse().ok().filter(|limit| (1..=MAXIMUM_LIMIT).contains(limit))
        })?;
        let after = parameters.take_with("cursor", "un curseur donné par cette liste", C::read)?;
        Ok(Self { limit: limit.unwrap_or(DEFAULT_LIMIT), after })
    }
}

impl<C> Slice<C> {
    /// One row more than asked tells whether there is a next page.
    pub(crate) fn rows_to_read(&self) -> u32 {
        self.limit + 1
    }
}

#[derive(Serialize)]
struct Page<'a, T> {
    items: &'a [T],
    next_cursor: Option<&'a str>,
}

/// Answers a page: `rows` are those of [`Slice::rows_to_read`], `cursor_of` gives the place of a row.
pub(crate) fn page<R, T: Serialize, C: Cursor>(
    uri: &Uri,
    slice: &Slice<C>,
    revision: Revision,
    mut rows: Vec<R>,
    cursor_of: impl Fn(&R) -> C,
    item: impl Fn(R) -> T,
) -> Result<Response, Problem> {
    let limit = slice.limit as usize;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| has_more).map(|row| cursor_of(row).write());
    let items: Vec<T> = rows.into_iter().map(item).collect();
    let mut body = Vec::with_capacity(64 + items.len() * 320);
    let page = Page { items: &items, next_cursor: next_cursor.as_deref() };
    serde_json::to_writer(&mut body, &page).map_err(|error| Problem::internal(&error))?;
    let mut headers = json_headers(revision);
    if let Some(link) = next_cursor.and_then(|cursor| next_link(uri, &cursor)) {
        headers.insert(LINK, link);
    }
    Ok((headers, Bytes::from(body)).into_response())
}

/// Clients may keep an answer, each for itself, and ask whether it is still good.
pub(crate) fn json_headers(revision: Revision) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(ETAG, revision.etag());
    headers
}

/// The same address with the cursor of the next page (RFC 8288).
fn next_link(uri: &Uri, cursor: &str) -> Option<HeaderValue> {
    let kept = uri.query().unwrap_or_default().split('&');
    let kept = kept.filter(|parameter| !parameter.is_empty() && !parameter.starts_with("cursor="));
    let query: String = kept.flat_map(|parameter| [parameter, "&"]).collect();
    HeaderValue::try_from(format!("<{}?{query}cursor={cursor}>; rel=\"next\"", uri.path())).ok()
}
